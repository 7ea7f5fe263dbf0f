"""Elections, improvement projects with their supervisors, and what those find on the site."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from capability.clocked import Clocked
from capability.publishing import Published
from capability.terms import Cleared
from chassis.sealing import Sealed, SealedJson
from chassis.store import Moment, Root, person_ref
from kernel.attachments import Attachments, Files
from kernel.masking import mask_name
from services.mediation.tables.base import Base

Parts = list[dict[str, Any]]


class Election(Published, Cleared, Root, Base):
    """`running` and `to_fill` are the candidates and seats of the present round; names are sealed.

    `cast` is how many ballots by account chose each of `running`, in its order, shown to nobody before it is counted.
    `marks`: by what candidates are found who ask for it (`conflicts.mark`).
    """

    __tablename__ = "election"
    state: Mapped[str]
    subject: Mapped[str]
    seats: Mapped[int]
    mode: Mapped[str]
    voters_rule: Mapped[str]
    meets_at: Mapped[datetime] = mapped_column(Moment)
    place_text: Mapped[str]
    candidates: Mapped[Parts] = mapped_column(SealedJson, default=list)
    marks: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    tellers: Mapped[list[str]] = mapped_column(SealedJson, default=list)
    round: Mapped[int] = mapped_column(default=0)
    running: Mapped[list[int]] = mapped_column(ARRAY(Integer), default=list)
    to_fill: Mapped[int]
    issued: Mapped[int] = mapped_column(default=0)
    cast: Mapped[list[int]] = mapped_column(ARRAY(Integer), default=list)
    counts: Mapped[Parts] = mapped_column(JSONB, default=list)
    elected: Mapped[list[int]] = mapped_column(ARRAY(Integer), default=list)
    sheets: Mapped[Attachments] = mapped_column(Files, default=list)
    reason: Mapped[str | None]
    __table_args__ = (
        Index("ix_election_area", "area_path", postgresql_using="gist"),
        Index("ix_election_published", "state", "published_until"),
    )

    @property
    def standing(self) -> Parts:
        """The candidates by number and masked name, with the votes of the last round each was voted on in."""
        votes: dict[str, int] = {}
        for each in self.counts or ():
            votes |= each["votes"]
        return [
            {"no": each["no"], "name": mask_name(each["name"]), "votes": votes.get(str(each["no"])),
             "elected": each["no"] in (self.elected or ())}
            for each in self.candidates or ()
        ]  # fmt: skip

    @property
    def rounds(self) -> Parts:
        return [{**each, "at": datetime.fromisoformat(each["at"])} for each in self.counts or ()]


class Ballot(Cleared, Base):
    """Who has had a ballot of a round; what it chose is only added up, in `Election.cast` (decision 22)."""

    __tablename__ = "election_ballot"
    election_id: Mapped[UUID] = mapped_column(ForeignKey("election.id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    voter_key: Mapped[str] = mapped_column(primary_key=True)


class Project(Root, Base):
    """An improvement project 改造项目, watched by the supervisors its election brought forth until it ends."""

    __tablename__ = "project"
    state: Mapped[str]
    name: Mapped[str]
    builder: Mapped[str]
    overseer: Mapped[str | None]
    election_number: Mapped[str] = mapped_column(unique=True)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    bound: Mapped[Parts] = mapped_column(JSONB, default=list)
    supervisor_ids: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    told_at: Mapped[datetime] = mapped_column(Moment)
    digest_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    digests: Mapped[Parts] = mapped_column(JSONB, default=list)
    __table_args__ = (Index("ix_project_area", "area_path", postgresql_using="gist"),)

    @property
    def supervisors(self) -> Parts:
        return [each for each in self.bound or () if each["id"] in (self.supervisor_ids or ())]

    @property
    def supervisor_count(self) -> int:
        return len(self.supervisor_ids or ())

    @property
    def weeks(self) -> Parts:
        """The digests, the newest first."""
        dated = ({**each, "at": datetime.fromisoformat(each["at"])} for each in self.digests or ())
        return sorted(dated, key=lambda each: each["at"], reverse=True)


class SiteIssue(Clocked, Cleared, Root, Base):
    """What a supervisor found 现场问题. Words and place are sealed: they may name people."""

    __tablename__ = "site_issue"
    state: Mapped[str]
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), index=True)
    project_number: Mapped[str]
    words: Mapped[str] = mapped_column(Sealed)
    place_text: Mapped[str | None] = mapped_column(Sealed)
    safety: Mapped[bool]
    supervisor_id: Mapped[str | None]
    supervisor_name: Mapped[str | None]
    photos: Mapped[Attachments] = mapped_column(Files, default=list)
    doers: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    fixed_how: Mapped[str | None]
    proof: Mapped[Attachments] = mapped_column(Files, default=list)
    rejection: Mapped[str | None]
    rejections: Mapped[int] = mapped_column(default=0)
    stop_asked_at: Mapped[datetime | None] = mapped_column(Moment)
    whistle_number: Mapped[str | None]
    fixed_at: Mapped[datetime | None] = mapped_column(Moment)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    supervisor = person_ref("supervisor")
    __table_args__ = (
        Index("ix_site_issue_area", "area_path", postgresql_using="gist"),
        Index("ix_site_issue_due", "state", "due_at"),
    )

    @property
    def unit(self) -> str | None:
        """Who is to mend it."""
        return self.doers[0] if self.doers else None
