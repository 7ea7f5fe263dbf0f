"""How an instant is told to people, Asia/Shanghai. A due instant has one sentence everywhere: its last day, 24:00."""

from __future__ import annotations

from datetime import date, datetime

from kernel.calendar.zone import last_day, local, local_day

_WEEKDAYS = "一二三四五六日"

DUES = frozenset(
    {
        "answer_due",
        "correct_by",
        "deadline",
        "due_at",
        "due_before",
        "finish_due",
        "first_contact_due",
        "judicial_until",
        "meeting_by",
        "new_due_at",
        "next_due_at",
        "published_until",
        "next_due",
        "object_until",
        "old_due_at",
        "promise_at",
        "report_due",
        "sign_due",
        "source_due",
        "start_by",
        "supervision_due",
        "until",
        "visible_to",
    }
)
"""Names of the fields that hold the end of a time; every other moment is one at which something happens."""


DAYS = frozenset({"effective_at"})
"""Names of the fields of which the day alone counts, since a paper names no hour."""


def due_words(due: datetime, *, year: bool = False) -> str:
    """12月4日（周五）24:00 for 00:00 of 5 December, which still belongs to the day before (民法典 art. 203).

    Any other instant is told by its own day and minute. Raises ValueError for a naive datetime.
    """
    there = local(due)
    if last_day(due) == there.date():
        return moment_words(due, year=year)
    return f"{_day(last_day(due), year)}24:00"


def moment_words(at: datetime, *, year: bool = False) -> str:
    """7月9日（周二）15:00, the moment on the wall clock. Raises ValueError for a naive datetime."""
    there = local(at)
    return f"{_day(there.date(), year)}{there:%H:%M}"


def day_words(day: date) -> str:
    """2024年7月9日."""
    return f"{day.year}年{day.month}月{day.day}日"


def last_day_words(due: datetime) -> str:
    """The last day of a time that ends at `due`: 2024年7月9日."""
    return day_words(last_day(due))


def told(name: str, at: datetime) -> str:
    """The moment a field of that name holds: as a due instant, or by its day alone, where the name says so."""
    if name in DAYS:
        return day_words(local_day(at))
    return due_words(at) if name in DUES else moment_words(at)


def _day(day: date, year: bool) -> str:
    return f"{f'{day.year}年' if year else ''}{day.month}月{day.day}日（周{_WEEKDAYS[day.weekday()]}）"
