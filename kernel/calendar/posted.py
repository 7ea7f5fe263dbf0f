"""Posted hours of posts and receivers: `WORKDAYS 08:30-18:00`, `DAILY …`, `ALWAYS`, `OFF_HOURS`.

An end before the begin is the next morning's (20:00-08:00): such a shift belongs to the day it begins on.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from kernel.calendar.work import WorkCalendar
from kernel.calendar.zone import at, local_day

OFF_HOURS = "OFF_HOURS"
"""Open whenever nobody else of the same place or unit is at work."""

_CLOCK = r"([01]\d|2[0-3]):[0-5]\d"
_WRITTEN = re.compile(rf"(?P<days>WORKDAYS|DAILY) (?P<opens>{_CLOCK})-(?P<closes>{_CLOCK})|ALWAYS|OFF_HOURS")
_A_DAY = timedelta(days=1)


def is_written_well(hours: str) -> bool:
    """Whether the text says hours; a shift without length says none."""
    written = _WRITTEN.fullmatch(hours)
    return written is not None and (written["days"] is None or written["opens"] != written["closes"])


def is_open(hours: str, moment: datetime, calendar: WorkCalendar) -> bool:
    """Whether somebody with these hours is at work at `moment`. OFF_HOURS depends on the others, so not here."""
    written = _WRITTEN.fullmatch(hours)
    if written is None or hours == OFF_HOURS:
        return False
    if hours == "ALWAYS":
        return True
    opens, closes = time.fromisoformat(written["opens"]), time.fromisoformat(written["closes"])
    today = local_day(moment)
    begun = (day for day in (today - _A_DAY, today) if written["days"] == "DAILY" or calendar.is_working(day))
    return any(_covers(day, opens, closes, moment) for day in begun)


def _covers(day: date, opens: time, closes: time, moment: datetime) -> bool:
    last = day if opens < closes else day + _A_DAY
    return at(day, opens) <= moment < at(last, closes)
