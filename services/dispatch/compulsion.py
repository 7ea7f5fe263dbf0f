"""When nobody may be compelled: at night and on statutory holidays (行政强制法 art. 43)."""

from __future__ import annotations

from datetime import date, datetime, time

from kernel.calendar import WorkCalendar, load_calendar, local, moment_words
from kernel.calendar.lawful import lawful
from services.dispatch import clocks


def barred(at: datetime) -> str | None:
    """Why not then; None where it is lawful. Night is policy key enforce.night."""
    rules, there = clocks.policy(at), local(at)
    night = rules.value("enforce.night")
    begins, ends = (time.fromisoformat(night[name]) for name in ("from", "to"))
    if there.time() >= begins or there.time() < ends:
        return f"{moment_words(at)}是夜间，不得实施强制（行政强制法第四十三条）"
    if holiday := _holiday(there.date(), load_calendar(rules.region)):
        return f"{moment_words(at)}是法定节假日（{holiday}），不得实施强制（行政强制法第四十三条）"
    return None


def _holiday(day: date, calendar: WorkCalendar) -> str | None:
    """Its name; None on a plain weekend and on a day that is worked."""
    if calendar.is_working(day):
        return None
    return calendar.name(day) or lawful(day.year).get(day)
