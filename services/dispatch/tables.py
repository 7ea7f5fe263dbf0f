"""Tables of dispatch 吹哨报到. A person is kept as {"id", "name"}: staff by display name, never a resident."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TEXT
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from chassis.store import Aggregate, Ltree, Moment, add_chassis_tables, new_id
from kernel.deadlines.table import DeadlineMixin
from kernel.numbering import CounterMixin

Person = dict[str, str]


class Base(DeclarativeBase):
    """Tables of dispatch."""

    type_annotation_map = {
        dict[str, Any]: JSONB(none_as_null=True),
        dict[str, str]: JSONB(none_as_null=True),
        list[str]: ARRAY(TEXT),
        datetime: Moment,
    }


add_chassis_tables(Base.metadata)


class Unit(Base):
    """A body that can be whistled for. `area_path` is where it works; `connected`: it has a queue of its own;
    `by_mail`: its receivers may work by signed links in their letters."""

    __tablename__ = "unit"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(index=True)
    level: Mapped[str | None]
    parent: Mapped[str | None]
    area_path: Mapped[str] = mapped_column(Ltree)
    duty_phone: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    connected: Mapped[bool] = mapped_column(default=False)
    by_mail: Mapped[bool] = mapped_column(default=False)
    receivers: Mapped[list[Receiver]] = relationship(order_by="Receiver.post, Receiver.name", viewonly=True)


class Receiver(Base):
    """A named receiver 接哨员 of a unit; `post` is A or B. Only these may sign (domain §1.5 row 7)."""

    __tablename__ = "receiver"
    unit_code: Mapped[str] = mapped_column(ForeignKey("unit.code"), primary_key=True)
    person_id: Mapped[str] = mapped_column(primary_key=True, index=True)
    name: Mapped[str]
    post: Mapped[str]
    hours: Mapped[str] = mapped_column(default="ALWAYS")
    active: Mapped[bool] = mapped_column(default=True)


class NumberCounter(CounterMixin, Base):
    """Whistles of a day and area."""

    __tablename__ = "number_counter"


class Whistle(Aggregate, Base):
    """A whistle 哨单. `case_number` is its source's number; after a merge, the surviving case's."""

    __tablename__ = "whistle"
    __table_args__ = (
        Index("ix_whistle_area", "area_path", postgresql_using="gist"),
        Index(
            "ix_whistle_made", "created_at", "id",
            postgresql_include=["area_path", "state", "blown_at", "reason_code", "drafted_by"],
        ),
    )  # fmt: skip
    number: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    kind: Mapped[str]
    level: Mapped[str]
    source_kind: Mapped[str]
    source_id: Mapped[UUID] = mapped_column(index=True)
    source_number: Mapped[str]
    reason: Mapped[str]
    asked_action: Mapped[str]
    asked_action_text: Mapped[str | None]
    asked_time: Mapped[datetime | None]
    asked_place_text: Mapped[str | None]
    duty_item: Mapped[str | None]
    parts: Mapped[list[str]] = mapped_column(default=list)
    source_due: Mapped[datetime | None]
    longer_agreed: Mapped[bool] = mapped_column(default=False)
    drafted_by: Mapped[dict[str, str]]
    approved_by: Mapped[dict[str, str] | None]
    blown_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    reason_code: Mapped[str | None]
    decision_reason: Mapped[str | None]
    recipients: Mapped[list[Recipient]] = relationship(order_by="Recipient.no")
    tasks: Mapped[list[Task]] = relationship(back_populates="whistle", order_by="Task.created_at, Task.id")


class Recipient(Base):
    """A unit the draft asks for."""

    __tablename__ = "recipient"
    whistle_id: Mapped[UUID] = mapped_column(ForeignKey("whistle.id"), primary_key=True)
    unit_code: Mapped[str] = mapped_column(ForeignKey("unit.code"), primary_key=True)
    no: Mapped[int]
    role: Mapped[str]
    finish_within: Mapped[str | None]
    unit: Mapped[Unit] = relationship()


class Task(Aggregate, Base):
    """One unit's task 哨令. Rows of its clocks, objection, notes and rating are guarded by the lock on this row.

    `caller`: the task of the unit that called this one further, as `further` the bodies this one called.
    """

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_desk", "unit_code", "next_due", "id"),
        Index("ix_task_area", "area_path", postgresql_using="gist"),
        Index(
            "ix_task_made", "created_at", "id",
            postgresql_include=["area_path", "unit_code", "confirmed_at", "rejections"],
        ),
    )  # fmt: skip
    whistle_id: Mapped[UUID] = mapped_column(ForeignKey("whistle.id"), index=True)
    unit_code: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    state: Mapped[str]
    role: Mapped[str]
    finish_within: Mapped[str | None]
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id"))
    parent_task_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id"), index=True)
    receiver: Mapped[dict[str, str] | None]
    sign_due: Mapped[datetime]
    report_due: Mapped[datetime]
    finish_due: Mapped[datetime | None]
    next_due: Mapped[datetime]
    signed_at: Mapped[datetime | None]
    mode: Mapped[str | None]
    arrived_at: Mapped[datetime | None]
    claimed_arrival: Mapped[datetime | None]
    reported_in_at: Mapped[datetime | None]
    geo: Mapped[dict[str, Any] | None]
    finished_at: Mapped[datetime | None]
    result_text: Mapped[str | None]
    rejections: Mapped[int] = mapped_column(default=0)
    confirmed_by: Mapped[dict[str, str] | None]
    confirmed_at: Mapped[datetime | None]
    link_sent_at: Mapped[datetime | None]
    whistle: Mapped[Whistle] = relationship(back_populates="tasks")
    unit: Mapped[Unit] = relationship()
    caller: Mapped[Task | None] = relationship(
        back_populates="further", remote_side="Task.id", foreign_keys=[parent_task_id]
    )
    further: Mapped[list[Task]] = relationship(back_populates="caller", foreign_keys=parent_task_id)
    evidence: Mapped[list[Evidence]] = relationship(order_by="Evidence.no")
    notes: Mapped[list[Note]] = relationship(order_by="Note.at, Note.id")
    parts: ClassVar[Any]  # task_tables.py brings it: who reads these tables alone need not know that one
    objection: Mapped[Objection | None] = relationship()
    rating: Mapped[Rating | None] = relationship()
    rating_appeal: ClassVar[Any]
    waiver: Mapped[Waiver | None] = relationship()
    escalations: Mapped[list[Escalation]] = relationship(order_by="Escalation.raised_at, Escalation.id")


class Evidence(Base):
    """A file that shows the work was done, named by its fingerprint in the portal's upload store."""

    __tablename__ = "evidence"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id"), index=True)
    no: Mapped[int]
    sha256: Mapped[str]
    kind: Mapped[str]
    stage: Mapped[str]
    taken_at: Mapped[datetime | None]
    geo: Mapped[dict[str, Any] | None]


class Note(Base):
    """A line in a task's log."""

    __tablename__ = "task_note"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[dict[str, str] | None]
    text: Mapped[str]


class Objection(Base):
    """An objection 派单异议, one a task. `origin_id` is the source it was raised on; a later merge does not move it."""

    __tablename__ = "objection"
    __table_args__ = (UniqueConstraint("origin_id", "unit_code"),)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id"), primary_key=True)
    origin_id: Mapped[UUID]
    unit_code: Mapped[str]
    reason_code: Mapped[str]
    legal_basis: Mapped[str]
    proposed_unit: Mapped[str | None]
    objected_by: Mapped[dict[str, str]]
    objected_at: Mapped[datetime]
    decision: Mapped[str | None]
    decision_reason: Mapped[str | None]
    decided_by: Mapped[dict[str, str] | None]
    decided_at: Mapped[datetime | None]


class Rating(Base):
    """满意度赋分 of one task. `stands_at`: when nobody may appeal against a low one any more; none once seen to."""

    __tablename__ = "rating"
    __table_args__ = (Index("ix_rating_total", "task_id", postgresql_include=["total"]),)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id"), primary_key=True)
    timeliness: Mapped[int]
    attendance: Mapped[int]
    effect: Mapped[int]
    cooperation: Mapped[int]
    total: Mapped[int]
    comment: Mapped[str | None]
    rater: Mapped[dict[str, str]]
    at: Mapped[datetime]
    stands_at: Mapped[datetime | None] = mapped_column(index=True)


class Waiver(Base):
    """Why a task is not rated."""

    __tablename__ = "waiver"
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id"), primary_key=True)
    reason_code: Mapped[str]
    reason: Mapped[str | None]
    waived_by: Mapped[dict[str, str]]
    at: Mapped[datetime]


class Clock(DeadlineMixin, Base):
    """The deadlines of tasks: SIGN, REPORT, FINISH."""

    __tablename__ = "clock"


Index("ix_clock_said", Clock.subject_id, Clock.stage, postgresql_include=["due_at", "met_at", "cancelled_at"])


class Escalation(Base):
    """An overdue task was raised to a level: once, for the row is written with its event."""

    __tablename__ = "escalation"
    __table_args__ = (UniqueConstraint("task_id", "stage", "level"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id"), index=True)
    stage: Mapped[str]
    level: Mapped[str]
    due_at: Mapped[datetime]
    raised_at: Mapped[datetime]


class SourceFact(Base):
    """What dispatch has heard of a case or hazard: it may come before, between or after its whistles.

    `turn` is the version of the newest merge, withdrawal or resumption; an older one heard later changes nothing.
    """

    __tablename__ = "source_fact"
    source_id: Mapped[UUID] = mapped_column(primary_key=True)
    withdrawn_at: Mapped[datetime | None]
    merged_into_id: Mapped[UUID | None]
    merged_into_number: Mapped[str | None]
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[dict[str, str] | None]
    turn: Mapped[int] = mapped_column(default=0)
