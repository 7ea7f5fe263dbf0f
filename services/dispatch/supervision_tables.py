"""Tables of supervision 督办. What a unit answers may name people: it is ciphertext."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from capability.clocked import Clocked
from chassis.sealing import Sealed
from chassis.store import Moment, Root, new_id, person_ref
from contracts.dispatch.supervisions import SupervisionState
from kernel.attachments import Attachments, Files
from services.dispatch.tables import Base, Task

OPEN = frozenset({SupervisionState.ISSUED, SupervisionState.REPLIED})
STILL_OPEN = "state in ('ISSUED', 'REPLIED')"


class Supervision(Clocked, Root, Base):
    """A supervision order 督办单. `cycle` says what of the task it is about: it is issued once a task, cause and cycle.

    `sides` are whom it is about. `late`: an answer came, or is, after its date. `raise_at`: when the next level hears
    that it is late.
    """

    __tablename__ = "supervision"
    state: Mapped[str]
    level: Mapped[str]
    cause: Mapped[str]
    cycle: Mapped[str]
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id"))
    whistle: Mapped[str]
    unit_code: Mapped[str]
    sides: Mapped[list[str]]
    demand: Mapped[str]
    reason: Mapped[str | None]
    issued_by_id: Mapped[str | None]
    issued_by_name: Mapped[str | None]
    returns: Mapped[int] = mapped_column(default=0)
    late: Mapped[bool] = mapped_column(default=False)
    raise_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    ending: Mapped[str | None]
    decided_by_id: Mapped[str | None]
    decided_by_name: Mapped[str | None]
    task: Mapped[Task] = relationship()
    replies: Mapped[list[SupervisionReply]] = relationship(order_by="SupervisionReply.no")
    issued_by, decided_by = person_ref("issued_by"), person_ref("decided_by")
    __table_args__ = (
        UniqueConstraint("task_id", "cause", "cycle"),
        Index("uq_supervision_open", "task_id", "cause", unique=True, postgresql_where=text(STILL_OPEN)),
        Index("ix_supervision_area", "area_path", postgresql_using="gist"),
        Index("ix_supervision_issued", "created_at"),
    )

    def until(self, due: datetime | None, now: datetime) -> None:
        """The level that hears first of a clock that ran out hears at its end."""
        super().until(due, now)
        self.raise_at = due

    @property
    def unit(self) -> str:
        return self.unit_code

    @property
    def answer_due(self) -> datetime | None:
        return self.due_at


class SupervisionReply(Base):
    """What the unit answered, one row an answer, with what was decided on it."""

    __tablename__ = "supervision_reply"
    supervision_id: Mapped[UUID] = mapped_column(ForeignKey("supervision.id"), primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str | None] = mapped_column(Sealed)
    at: Mapped[datetime]
    by_id: Mapped[str]
    by_name: Mapped[str]
    in_time: Mapped[bool]
    returned: Mapped[str | None]
    decided_by_id: Mapped[str | None]
    decided_by_name: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    attachments: Mapped[Attachments] = mapped_column(Files)
    by, decided_by = person_ref("by"), person_ref("decided_by")


class SupervisionStep(Base):
    """A level heard that an order is late: once a cycle, for the row is written with its event."""

    __tablename__ = "supervision_step"
    __table_args__ = (UniqueConstraint("supervision_id", "cycle", "stage", "level"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    supervision_id: Mapped[UUID] = mapped_column(ForeignKey("supervision.id"))
    cycle: Mapped[int]
    stage: Mapped[str]
    level: Mapped[str]
    raised_at: Mapped[datetime]
