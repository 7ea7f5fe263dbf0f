"""Counters behind the human numbers."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from services.intake.tables.base import Base


class NumberCounter(Base):
    """How many numbers of a kind, day and area have been given on one stripe (see services.intake.sequence)."""

    __tablename__ = "number_counter"

    kind: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    area4: Mapped[str] = mapped_column(primary_key=True)
    stripe: Mapped[int] = mapped_column(primary_key=True)
    given: Mapped[int]
