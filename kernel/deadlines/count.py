"""Counting time from a start to a due instant (domain §4.7; 民法典 art. 200-204).

Hour limits run from the moment, by the wall clock, and never roll. Day limits leave out the day they start on and end
at 24:00 of their last day, Asia/Shanghai: the due instant is 00:00 of the next day, and acting *at* it is still in
time. Natural days and months whose last day is a day off (a weekend counts as one) roll to the next working day;
working days are counted by the calendar with its make-up days. Business hours run only while the service point is
open. Everything goes in and comes out as aware datetimes; what comes out is UTC.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from kernel.calendar import WorkCalendar, end_of, last_day, local_day
from kernel.deadlines.limits import STANDARD_HOURS, BusinessHours, Limit, Unit


def due_at(start: datetime, limit: Limit, calendar: WorkCalendar, hours: BusinessHours | None = None) -> datetime:
    """The instant the limit ends, always later than `start`. Without `hours`, STANDARD_HOURS are meant."""
    if limit.wall is not None:
        return start.astimezone(UTC) + limit.wall
    if limit.unit is Unit.BUSINESS_HOURS:
        return add_business_time(start, timedelta(hours=limit.amount), calendar, hours or STANDARD_HOURS)
    return end_of(_last_day(local_day(start), limit, calendar))


def extended(due: datetime, by: Limit, calendar: WorkCalendar, hours: BusinessHours | None = None) -> datetime:
    """`due` moved on by a further limit: a day limit is counted from the last day, not from the day after it."""
    if by.wall is not None or by.unit is Unit.BUSINESS_HOURS:
        return due_at(due, by, calendar, hours)
    return end_of(_last_day(last_day(due), by, calendar))


def resumed(
    due: datetime,
    unit: Unit,
    stopped: tuple[datetime, datetime],
    calendar: WorkCalendar,
    hours: BusinessHours | None = None,
) -> datetime:
    """`due` moved on by the time from `stopped[0]` to `stopped[1]`, counted in the limit's own unit.

    Stopping and going on within one day moves no day limit: the day already begun is not given twice.
    """
    halt, again = stopped
    if unit is Unit.BUSINESS_HOURS:
        open_for = business_time_between(halt, again, calendar, hours or STANDARD_HOURS)
        return add_business_time(due, open_for, calendar, hours or STANDARD_HOURS) if open_for else due
    if unit in (Unit.DAYS, Unit.MONTHS, Unit.WORKING_DAYS):
        return _shifted(due, unit, local_day(halt), local_day(again), calendar)
    return due + (again - halt)


def add_business_time(start: datetime, span: timedelta, calendar: WorkCalendar, hours: BusinessHours) -> datetime:
    """The instant at which `span` of open time has passed since `start`; at closing time if it ends right there."""
    for opens, closes in _openings(start, calendar, hours):
        begun = max(start, opens)
        if span <= closes - begun:
            return (begun + span).astimezone(UTC)
        span -= max(closes - begun, timedelta())
    raise AssertionError("openings never end")


def business_time_between(first: datetime, last: datetime, calendar: WorkCalendar, hours: BusinessHours) -> timedelta:
    """How long the service point was open between two moments; zero when `last` is not later."""
    total = timedelta()
    for opens, closes in _openings(first, calendar, hours):
        if opens >= last:
            return total
        total += max(min(closes, last) - max(opens, first), timedelta())
    return total


def _openings(start: datetime, calendar: WorkCalendar, hours: BusinessHours) -> Iterator[tuple[datetime, datetime]]:
    """Open stretches from the one `start` lies in or before, without end."""
    day = local_day(start) - timedelta(days=1)  # a night shift of yesterday may still be open
    while True:
        for opens, closes in hours.openings(day, calendar):
            if closes > start:
                yield opens, closes
        day += timedelta(days=1)


def _last_day(start: date, limit: Limit, calendar: WorkCalendar) -> date:
    if limit.unit is Unit.WORKING_DAYS:
        return calendar.add_working_days(start, limit.amount)
    if limit.unit is Unit.MONTHS:
        return calendar.next_working(_months_later(start, limit.amount))
    return calendar.next_working(start + timedelta(days=limit.amount))


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last day when it has no such day (民法典 art. 202)."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _shifted(due: datetime, unit: Unit, halt: date, again: date, calendar: WorkCalendar) -> datetime:
    if again <= halt:
        return due
    if unit is Unit.WORKING_DAYS:
        return end_of(calendar.add_working_days(last_day(due), calendar.working_days_between(halt, again)))
    return end_of(calendar.next_working(last_day(due) + (again - halt)))
