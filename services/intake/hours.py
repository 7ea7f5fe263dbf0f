"""Hours of a post, as the reference data write them: `WORKDAYS 08:30-18:00`, `DAILY …`, `ALWAYS`, `OFF_HOURS`."""

from __future__ import annotations

import re
from datetime import datetime, time

from kernel.calendar import WorkCalendar, at, local_day

OFF_HOURS = "OFF_HOURS"
"""Open whenever no other post of the same place is."""

_WRITTEN = re.compile(r"(WORKDAYS|DAILY) (\d{2}:\d{2})-(\d{2}:\d{2})|ALWAYS|OFF_HOURS")


def is_written_well(hours: str) -> bool:
    return _WRITTEN.fullmatch(hours) is not None


def is_open(hours: str, moment: datetime, calendar: WorkCalendar) -> bool:
    """Whether a post with these hours is manned at `moment`. OFF_HOURS depends on the other posts, so not here."""
    written = _WRITTEN.fullmatch(hours)
    if written is None or hours == OFF_HOURS:
        return False
    if hours == "ALWAYS":
        return True
    day = local_day(moment)
    if written[1] == "WORKDAYS" and not calendar.is_working(day):
        return False
    return at(day, time.fromisoformat(written[2])) <= moment < at(day, time.fromisoformat(written[3]))
