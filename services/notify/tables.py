"""Tables of notify. None holds a telephone number or an address: intake is asked for them when a message leaves.

Whom the community phones every week is notify's own, and lies sealed (`care_profiles.py`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, Text, UniqueConstraint, false, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, array
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import DeclarativeBase, Mapped, foreign, mapped_column, relationship

from chassis.sealing import Sealed
from chassis.store import Aggregate, Ltree, Moment, add_chassis_tables, new_id, person_ref
from kernel.numbering import CounterMixin


class Base(DeclarativeBase):
    """Tables of notify."""


add_chassis_tables(Base.metadata)


class AboutCase:
    """What a row is about: a case of another service."""

    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    subject_number: Mapped[str]

    @property
    def subject(self) -> dict[str, Any]:
        return {"kind": self.subject_kind, "id": self.subject_id, "number": self.subject_number}


class Area(Base):
    """A place by name, loaded from the reference data: for the words of notices and the names of duty groups."""

    __tablename__ = "area"
    path: Mapped[str] = mapped_column(Ltree, primary_key=True)
    code: Mapped[str]
    level: Mapped[str]
    name: Mapped[str]
    area4: Mapped[str | None]


class Unit(Base):
    """A unit by name, likewise: some events give only its code."""

    __tablename__ = "unit"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


class NumberCounter(CounterMixin, Base):
    """Numbers given by day and area."""

    __tablename__ = "number_counter"


class AppealFile(Base):
    """What notify has heard of an appeal and needs for addressing; facts may come in any order."""

    __tablename__ = "appeal_file"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(index=True)
    area_path: Mapped[str] = mapped_column(Ltree)
    registered: Mapped[bool] = mapped_column(default=False)
    urgency: Mapped[str | None]
    secret: Mapped[bool] = mapped_column(default=False)
    anonymous: Mapped[bool] = mapped_column(default=False)
    against: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    reporter_id: Mapped[str | None]
    reporter_name: Mapped[str | None]
    first_responder_id: Mapped[str | None]
    first_responder_name: Mapped[str | None]
    handler_id: Mapped[str | None]
    handler_name: Mapped[str | None]
    handler_version: Mapped[int] = mapped_column(default=0)
    merged_into: Mapped[UUID | None] = mapped_column(index=True)
    moved_on_version: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime] = mapped_column(Moment, server_default=func.now(), onupdate=func.now())
    first_responder, handler = person_ref("first_responder"), person_ref("handler")

    @property
    def has_reporter(self) -> bool:
        """Whether somebody can be told: by id, or by the sealed address intake keeps of a secret reporter."""
        return self.reporter_id is not None or (self.secret and not self.anonymous)


class DisputeFile(Base):
    """What notify has heard of a mediation case: whom to tell, and whether it has ended."""

    __tablename__ = "dispute_file"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_number: Mapped[str]
    mediation_number: Mapped[str]
    area_path: Mapped[str] = mapped_column(Ltree)
    parties: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    ended: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime] = mapped_column(Moment, server_default=func.now(), onupdate=func.now())


class SafePerson(Base):
    """Somebody protected, by the id of their record or of the party; who may call, as the newest fact says."""

    __tablename__ = "safe_person"
    id: Mapped[str] = mapped_column(primary_key=True)
    keeper_id: Mapped[str | None]
    keeper_name: Mapped[str | None]
    area_path: Mapped[str] = mapped_column(Ltree)
    version: Mapped[int]


class SessionFile(Base):
    """A mediation session as the newest fact about it says; `over` once it was recorded. Facts come in any order."""

    __tablename__ = "session_file"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(index=True)
    no: Mapped[int]
    kind: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime] = mapped_column(Moment)
    helper_units: Mapped[list[str]] = mapped_column(JSONB, default=list)
    caused_by: Mapped[str]
    version: Mapped[int] = mapped_column(default=0)
    over: Mapped[bool] = mapped_column(default=False)


class TaskFile(Base):
    """A whistle, or a unit's task 哨令; settled once the one is returned or called off, the other rated or excused."""

    __tablename__ = "task_file"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    whistle_id: Mapped[UUID | None] = mapped_column(index=True)
    blown: Mapped[bool] = mapped_column(default=False)
    settled: Mapped[bool] = mapped_column(default=False)


class Message(Aggregate, Base):
    """One message to one recipient. `recipient_id` is empty until the reporter it is for has become known.

    `tried`: channels on which it came back; it goes by another. `gathers`: it waits for the digest of the day
    (`digests.py`), `gathered_into` is the one it went into.
    `in_person`: it asks somebody to tell a person of this name these words.
    `wording`: the version of the template's words (`templates.Template.version`).
    `maybe_twice`: how an earlier try ended nobody knows, so it may have left before; the letter says so itself.
    """

    __tablename__ = "message"
    state: Mapped[str]
    template: Mapped[str]
    wording: Mapped[str | None]
    channel: Mapped[str]
    audience: Mapped[str]
    recipient_id: Mapped[str | None]
    recipient_name: Mapped[str]
    reporter_of: Mapped[UUID | None]
    secret: Mapped[bool] = mapped_column(default=False)
    subject_id: Mapped[UUID]
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    body: Mapped[str]
    breaks_quiet: Mapped[bool]
    send_after: Mapped[datetime] = mapped_column(Moment)
    send_before: Mapped[datetime | None] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    claim_id: Mapped[UUID | None]
    claimed_until: Mapped[datetime | None] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    trouble: Mapped[str | None]
    failure: Mapped[str | None]
    tried: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    gathers: Mapped[bool] = mapped_column(default=False)
    gathered_into: Mapped[UUID | None]
    maybe_twice: Mapped[bool] = mapped_column(default=False, server_default=false())
    in_person: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    caused_by: Mapped[str]
    __table_args__ = (
        Index(
            "ix_message_next", text("breaks_quiet DESC"), "send_after", "id", postgresql_where=text("state = 'QUEUED'")
        ),
        Index("ix_message_subject", "subject_id", "template"),
        Index("ix_message_claimed", "recipient_id", postgresql_where=text("claimed_until IS NOT NULL")),
        Index("ix_message_sent", "recipient_id", "sent_at", postgresql_where=text("sent_at IS NOT NULL")),
        Index("ix_message_gathers", "recipient_id", postgresql_where=text("gathers")),
        Index("ix_message_waiting", "reporter_of", postgresql_where=text("recipient_id IS NULL")),
    )


ENDED_STATES = "state IN ('COMPLETED', 'INVALID')"


class FollowUp(AboutCase, Aggregate, Base):
    """One follow-up of one reported result; `cycle` is the appeal's version when that result was reported."""

    __tablename__ = "follow_up"
    state: Mapped[str]
    number: Mapped[str] = mapped_column(unique=True)
    cycle: Mapped[int]
    occasion: Mapped[str]
    handler_id: Mapped[str]
    handler_name: Mapped[str]
    handler_unit: Mapped[str]
    resident_id: Mapped[str | None]
    resident_name: Mapped[str | None]
    contact_preference: Mapped[str | None]
    counted_from: Mapped[datetime] = mapped_column(Moment)
    anonymous: Mapped[bool] = mapped_column(default=False)
    start_by: Mapped[datetime] = mapped_column(Moment)
    policy_version: Mapped[str]
    method: Mapped[str | None]
    solved: Mapped[str | None]
    satisfied: Mapped[str | None]
    comment: Mapped[str | None] = mapped_column(Sealed)
    reason_code: Mapped[str | None]
    completed_by_id: Mapped[str | None]
    completed_by_name: Mapped[str | None]
    completed_at: Mapped[datetime | None] = mapped_column(Moment)
    lot: Mapped[int | None]  # drawn when it was completed; below the percentage of the policy it is asked again
    sample_of: Mapped[UUID | None] = mapped_column(ForeignKey("follow_up.id"), unique=True)
    first_caller_id: Mapped[str | None]
    agrees: Mapped[bool | None]
    attempts: Mapped[list[Attempt]] = relationship(order_by="Attempt.no", lazy="selectin")
    file: Mapped[AppealFile | None] = relationship(
        primaryjoin=lambda: foreign(FollowUp.subject_id) == AppealFile.id, viewonly=True, lazy="selectin"
    )
    handler, completed_by = person_ref("handler"), person_ref("completed_by")
    __table_args__ = (
        UniqueConstraint("subject_id", "cycle"),
        Index("ix_follow_up_desk", "state", "start_by", "id"),
        Index("ix_follow_up_area", "area_path", postgresql_using="gist"),
        Index("ix_follow_up_lot", "completed_at", postgresql_where=text("sample_of IS NULL AND lot IS NOT NULL")),
        Index(
            "ix_follow_up_ended", "updated_at", "id", postgresql_where=text(ENDED_STATES),
            postgresql_include=["area_path", "state", "occasion", "solved", "satisfied"],
        ),
    )  # fmt: skip

    @property
    def reached(self) -> list[Attempt]:
        """The tries on which somebody answered."""
        return [one for one in self.attempts if one.reached]

    @hybrid_property
    def against(self) -> list[str]:
        """Whom the case complains of."""
        return self.file.against if self.file else []

    @against.inplace.expression
    @classmethod
    def _against(cls) -> ColumnElement[list[str]]:
        known = select(AppealFile.against).where(AppealFile.id == cls.subject_id).scalar_subquery()
        return func.coalesce(known, array([], type_=Text))

    @property
    def involved(self) -> set[str | None]:
        """The unit that handled it, its handler, the first responder, the resident (domain §3.6 inv. 7), and of a
        sample who asked first."""
        by_case = {self.file.handler_id, self.file.first_responder_id} if self.file else set()
        return {self.handler_unit, self.handler_id, self.resident_id, self.first_caller_id, *by_case}


class Attempt(Base):
    """One try to reach the resident. The note may hold what they said, so it is sealed."""

    __tablename__ = "attempt"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    follow_up_id: Mapped[UUID] = mapped_column(ForeignKey("follow_up.id"))
    no: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[str]
    by_name: Mapped[str]
    method: Mapped[str]
    reached: Mapped[bool]
    note: Mapped[str | None] = mapped_column(Sealed)
    by = person_ref("by")
    __table_args__ = (UniqueConstraint("follow_up_id", "no"),)


class PublicNotice(AboutCase, Aggregate, Base):
    """A public notice 公示 of one matter, visible to everybody from `visible_from` until `visible_to`."""

    __tablename__ = "public_notice"
    kind: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]
    visible_from: Mapped[datetime] = mapped_column(Moment)
    visible_to: Mapped[datetime] = mapped_column(Moment)
    __table_args__ = (
        UniqueConstraint("kind", "subject_id"),
        Index("ix_public_notice_area", "area_path", postgresql_using="gist"),
    )
