"""Rows with one clock: it begins with their state, and two warnings come before its end."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from chassis.store import Moment
from kernel.deadlines import WARNINGS, is_reached, next_raise


class Clocked:
    """When the clock of the row's state began, when it ends, and when the next warning is due."""

    clock_from: Mapped[datetime | None] = mapped_column(Moment)
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    warn_at: Mapped[datetime | None] = mapped_column(Moment, index=True)

    def until(self, due: datetime | None, now: datetime) -> None:
        """A clock begins now; with None there is none."""
        self.clock_from, self.due_at = now, due
        self.warn_at = next_raise(now, due, (), WARNINGS) if due else None

    def warn(self, now: datetime) -> int | None:
        """The share in percent to warn of now; of two missed the later, and none once the time is over."""
        if self.clock_from is None or self.due_at is None:
            return None
        reached = [one for one in WARNINGS if is_reached(self.clock_from, self.due_at, now, one)]
        self.warn_at = next_raise(self.clock_from, self.due_at, [one.mark for one in reached], WARNINGS)
        return reached[-1].percent if reached and now <= self.due_at else None
