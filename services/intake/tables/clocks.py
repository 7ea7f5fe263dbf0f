"""Deadlines of appeals, and what was said when one ran out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from kernel.deadlines.table import DeadlineMixin
from services.intake.tables.base import Base


class Deadline(DeadlineMixin, Base):
    """One clock of one stage (FIRST_CONTACT, FEEDBACK) of one appeal, with the policy version it was set by."""

    __tablename__ = "deadline"


class OverdueRaised(Base):
    """An overdue step that was told. The key keeps any number of replicas from telling it twice."""

    __tablename__ = "overdue_raised"

    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(primary_key=True)
    cycle: Mapped[UUID] = mapped_column(primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
