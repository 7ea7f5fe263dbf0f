"""Posted hours of posts and receivers: `WORKDAYS 08:30-18:00`, `DAILY …`, `ALWAYS`, `OFF_HOURS`.

Staggered hours 错时工作制 name their days, in parts joined by `; `: `WORKDAYS 08:30-17:30; TUE THU 17:30-20:00`, or
`DAYS_OFF …`. What one part says holds beside the others. An end before the begin is the next morning's (20:00-08:00):
such a shift belongs to the day it begins on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from kernel.calendar.work import WorkCalendar
from kernel.calendar.zone import at, local_day

ALWAYS = "ALWAYS"
OFF_HOURS = "OFF_HOURS"
"""Open whenever nobody else of the same place or unit is at work."""

WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
WORDS = MappingProxyType(
    {"WORKDAYS": "工作日", "DAYS_OFF": "休息日", "DAILY": "每天", **{day: f"周{name}" for day, name in zip(
        WEEKDAYS, "一二三四五六日", strict=True)}}
)  # fmt: skip
"""How people read the days."""

_CLOCK = r"([01]\d|2[0-3]):[0-5]\d"
_WEEK = "|".join(WEEKDAYS)
_PART = re.compile(rf"(WORKDAYS|DAYS_OFF|DAILY|(?:{_WEEK})(?: (?:{_WEEK}))*) ({_CLOCK})-({_CLOCK})")
_A_DAY = timedelta(days=1)
_RULES: dict[str, Callable[[date, WorkCalendar], bool]] = {
    "DAILY": lambda day, calendar: True,
    "WORKDAYS": lambda day, calendar: calendar.is_working(day),
    "DAYS_OFF": lambda day, calendar: not calendar.is_working(day),
}


@dataclass(frozen=True)
class Part:
    """A shift and the days it is on."""

    days: str
    opens: time
    closes: time

    def is_on(self, day: date, calendar: WorkCalendar) -> bool:
        rule = _RULES.get(self.days)
        return rule(day, calendar) if rule else WEEKDAYS[day.weekday()] in self.days.split()

    def covers(self, day: date, moment: datetime) -> bool:
        """Whether the shift that begins on the day holds at the moment."""
        last = day if self.opens < self.closes else day + _A_DAY
        return at(day, self.opens) <= moment < at(last, self.closes)


def is_written_well(hours: str) -> bool:
    """Whether the text says hours; a shift without length says none."""
    return hours in (ALWAYS, OFF_HOURS) or all(part and part.opens != part.closes for part in _parts(hours))


def is_open(hours: str, moment: datetime, calendar: WorkCalendar) -> bool:
    """Whether somebody with these hours is at work at `moment`. OFF_HOURS depends on the others, so not here."""
    if hours == ALWAYS:
        return True
    if hours == OFF_HOURS or not is_written_well(hours):
        return False
    days = (local_day(moment) - _A_DAY, local_day(moment))
    parts = [part for part in _parts(hours) if part]
    return any(part.is_on(day, calendar) and part.covers(day, moment) for part in parts for day in days)


def hours_words(hours: str) -> str:
    """The hours as people read them: 工作日 08:30-17:30；周二、周四 17:30-20:00."""
    if hours == ALWAYS:
        return "全天"
    told = [("、".join(WORDS[day] for day in part.days.split()), part) for part in _parts(hours) if part]
    return "；".join(f"{days} {part.opens:%H:%M}-{part.closes:%H:%M}" for days, part in told)


def _parts(hours: str) -> Iterator[Part | None]:
    for text in hours.split("; "):
        written = _PART.fullmatch(text)
        days, opens, _, closes, _ = written.groups() if written else ("",) * 5
        yield Part(days, time.fromisoformat(opens), time.fromisoformat(closes)) if written else None
