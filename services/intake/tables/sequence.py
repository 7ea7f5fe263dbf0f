"""Counters behind the human numbers."""

from __future__ import annotations

from kernel.numbering import CounterMixin
from services.intake.tables.base import Base


class NumberCounter(CounterMixin, Base):
    """Registrations of one street do not wait for each other: each area has 8 counters."""

    __tablename__ = "number_counter"
    stripes = 8
