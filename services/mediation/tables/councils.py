"""Topics and councils. What people said in their own words is sealed; what is published was written without names."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Numeric, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from capability.clocked import Clocked
from capability.publishing import Published
from capability.terms import Cleared
from chassis.sealing import Sealed, SealedJson
from chassis.store import Moment, Root, new_id, person_ref
from contracts.mediation.council_views import ADVISORY, OWNERS_WARNING
from kernel.attachments import Attachments, Files
from services.mediation.tables.base import Base

Parts = list[dict[str, Any]]


class Topic(Clocked, Root, Base):
    """A topic 议题. `subject` is the wording of the community, `content` that of who proposed it."""

    __tablename__ = "topic"
    state: Mapped[str]
    subject: Mapped[str | None]
    content: Mapped[str | None] = mapped_column(Sealed)
    origin: Mapped[str]
    source_number: Mapped[str | None]
    proposer_id: Mapped[str]
    proposer_name: Mapped[str]
    council_number: Mapped[str | None]
    reason: Mapped[str | None]
    opinion_count: Mapped[int] = mapped_column(default=0)
    opinions: Mapped[list[Opinion]] = relationship(order_by="Opinion.at, Opinion.id")
    proposer = person_ref("proposer")
    __table_args__ = (
        Index("ix_topic_area", "area_path", postgresql_using="gist"),
        Index("ix_topic_due", "state", "due_at"),
    )


class Opinion(Base):
    """One opinion on a topic."""

    __tablename__ = "topic_opinion"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    topic_id: Mapped[UUID] = mapped_column(ForeignKey("topic.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    words: Mapped[str] = mapped_column(Sealed)
    by_id: Mapped[str]


OF_MEETING = (
    "meeting", "place_text", "signed_in", "walk_ins", "head_count", "minutes", "opinions", "choices", "dissent",
    "resolution", "reason",
)  # fmt: skip


class Council(Published, Cleared, Root, Base):
    """A council 议事会. Lists of parts are written whole, under the lock of the row."""

    __tablename__ = "council"
    state: Mapped[str]
    kind: Mapped[str]
    mode: Mapped[str]
    subject: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(Moment)
    place_text: Mapped[str]
    invited: Mapped[str | None]
    quorum: Mapped[int | None]
    topics: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    hazard_number: Mapped[str | None]
    whistles: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    owners_rights: Mapped[bool]
    owners_vote: Mapped[str | None]
    agenda: Mapped[Parts] = mapped_column(JSONB, default=list)
    signed_in: Mapped[int] = mapped_column(default=0)
    walk_ins: Mapped[int] = mapped_column(default=0)
    head_count: Mapped[int | None]
    minutes: Mapped[str | None] = mapped_column(Sealed)
    opinions: Mapped[list[str]] = mapped_column(SealedJson, default=list)
    choices: Mapped[Parts] = mapped_column(JSONB, default=list)
    dissent: Mapped[str | None] = mapped_column(Sealed)
    sheets: Mapped[Attachments] = mapped_column(Files, default=list)
    resolution: Mapped[str | None]
    cost: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    cost_shares: Mapped[Parts] = mapped_column(JSONB, default=list)
    payers: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    undertakings: Mapped[Parts] = mapped_column(JSONB, default=list)
    doers: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    proof: Mapped[Attachments] = mapped_column(Files, default=list)
    reviewers: Mapped[int | None]
    satisfied: Mapped[int | None]
    review: Mapped[str | None] = mapped_column(Sealed)
    look_back: Mapped[str | None]
    next_due_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    reason: Mapped[str | None]
    history: Mapped[Parts] = mapped_column(JSONB, default=list)
    meeting: Mapped[int] = mapped_column(default=1)
    earlier: Mapped[Parts] = mapped_column(SealedJson, default=list)
    """What each meeting before the present one brought."""
    __table_args__ = (
        Index("ix_council_area", "area_path", postgresql_using="gist"),
        Index("ix_council_published", "state", "published_until"),
    )

    def begin_anew(self) -> None:
        """The next meeting of the same council starts with nothing of the one before, which is kept whole."""
        kept = {name: getattr(self, name) for name in OF_MEETING}
        self.earlier = [*(self.earlier or ()), {**kept, "starts_at": self.starts_at.isoformat()}]
        self.meeting += 1
        self.signed_in = self.walk_ins = 0
        self.head_count = self.minutes = self.dissent = self.reason = self.resolution = self.cost = None
        self.opinions, self.choices, self.cost_shares, self.payers = [], [], [], []

    @property
    def options(self) -> Parts:
        """With what was counted and what was cast by phone."""
        return [
            {"no": each["no"], "option": each["option"], "votes": each["cast"] + sum(each["counted"].values())}
            for each in self.choices or ()
        ]

    @property
    def meetings(self) -> Parts:
        """Those before the present one."""
        return [{**each, "starts_at": _moment(each["starts_at"])} for each in self.earlier or ()]

    @property
    def vote_note(self) -> str | None:
        """Every vote of a council is labelled advice (domain §4.10)."""
        return ADVISORY if self.choices else None

    @property
    def owners_warning(self) -> str | None:
        return OWNERS_WARNING if self.owners_rights else None

    @property
    def shares(self) -> Parts:
        """Who pays which part, as decimals."""
        return [{**each, "percent": _exact(each["percent"]), "amount": _exact(each["amount"]),
                 "confirmed_at": _moment(each["confirmed_at"])} for each in self.cost_shares or ()]  # fmt: skip

    @property
    def works(self) -> Parts:
        return [{**each, "due_at": _moment(each["due_at"])} for each in self.undertakings or ()]

    @property
    def steps(self) -> Parts:
        """What has happened, for everybody."""
        return [{**each, "at": _moment(each["at"])} for each in self.history or ()]


class Attendee(Cleared, Base):
    """Somebody on the roll, by the id that the phone gave the signature. `mark` is that of name and telephone
    (`conflicts.mark`), by which they are found who ask for it.
    """

    __tablename__ = "council_attendee"
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"), primary_key=True)
    sign_id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting: Mapped[int]
    name: Mapped[str] = mapped_column(Sealed)
    mark: Mapped[str | None] = mapped_column(index=True)
    group: Mapped[str | None]
    walk_in: Mapped[bool]


class Vote(Cleared, Base):
    """Who has voted; what for is only added up, in the council's `choices` (decision 22)."""

    __tablename__ = "council_vote"
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"), primary_key=True)
    voter_id: Mapped[str] = mapped_column(primary_key=True)


def _exact(written: str | None) -> Decimal | None:
    return None if written is None else Decimal(written)


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
