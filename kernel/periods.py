"""Periods of reports: a calendar month, or an assessment month that begins within the month before (domain §4.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kernel.calendar import end_of

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """From its first day to its last, both included."""

    first: date
    last: date

    @property
    def begins(self) -> datetime:
        return end_of(self.first - ONE_DAY)

    @property
    def ends(self) -> datetime:
        """The instant it is over; not within it."""
        return end_of(self.last)


def month_of(month: str, first_day: int = 1) -> Period:
    """The period called `2024-07`: that month, or with `first_day` 19 from 19 June to 18 July. Errors: ValueError."""
    year, number = map(int, month.split("-"))
    following = date(year + number // 12, number % 12 + 1, 1)
    if first_day == 1:
        return Period(date(year, number, 1), following - ONE_DAY)
    before = date(year, number, 1) - ONE_DAY
    return Period(before.replace(day=first_day), date(year, number, first_day) - ONE_DAY)
