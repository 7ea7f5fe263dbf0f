"""Local days and UTC instants. Inside everything is aware UTC; days are counted in Asia/Shanghai."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""A fixed offset: there has been no summer time since 1992, and an image without tzdata must count the same."""


def local(moment: datetime) -> datetime:
    """The moment on the wall clock. Raises ValueError for a naive datetime."""
    if moment.tzinfo is None:
        raise ValueError("时间必须带时区")
    return moment.astimezone(SHANGHAI)


def local_day(moment: datetime) -> date:
    """The day it is in Asia/Shanghai at that moment."""
    return local(moment).date()


def at(day: date, clock: time) -> datetime:
    """The UTC instant of a wall-clock time on a day."""
    return datetime.combine(day, clock, SHANGHAI).astimezone(UTC)


def end_of(day: date) -> datetime:
    """24:00 of the day, i.e. 00:00 of the next one, as a UTC instant (民法典 art. 203)."""
    return at(day + timedelta(days=1), time(0))


def last_day(due: datetime) -> date:
    """The day a deadline belongs to: 24:00 of a day is still that day, not the next."""
    return local_day(due - timedelta(microseconds=1))
