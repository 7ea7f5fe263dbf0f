"""What hangs on a task beside its core: the parts it is ticked off by 逐处销号, the appeal against its rating."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.store import person_ref
from kernel.attachments import Attachments, Files
from services.dispatch.tables import Base, Task


class TaskPart(Base):
    """One part; guarded by the lock on its task."""

    __tablename__ = "task_part"
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id"), primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[str | None]
    done_by_name: Mapped[str | None]
    photos: Mapped[Attachments] = mapped_column(Files)
    done_by = person_ref("done_by")


Task.parts = relationship(TaskPart, order_by=TaskPart.no)


class RatingAppeal(Base):
    """An appeal against the rating of one task; `total_before` is what was given before it was decided."""

    __tablename__ = "rating_appeal"
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id"), primary_key=True)
    reason: Mapped[str]
    appealed_by: Mapped[dict[str, str]]
    appealed_at: Mapped[datetime]
    total_before: Mapped[int | None]
    decision: Mapped[str | None]
    decision_reason: Mapped[str | None]
    decided_by: Mapped[dict[str, str] | None]
    decided_at: Mapped[datetime | None]


Task.rating_appeal = relationship(RatingAppeal, uselist=False)
