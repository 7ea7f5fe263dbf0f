"""The policy pack and the calendar mediation counts by (setting POLICY_PACK; domain app. A)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.settings import read
from kernel.calendar import WorkCalendar, load_calendar, local_day
from kernel.deadlines import due_at
from kernel.policy import DEFAULT, PolicyPack, pack

LIMIT = "mediation.limit"
EXTENSION = "mediation.extension"
NOTICE = "mediation.session_notice"
WINDOW = "mediation.confirm_window"


@dataclass(frozen=True)
class Rules:
    """The pack in force at a moment, with the calendar of its region."""

    pack: PolicyPack
    calendar: WorkCalendar

    def until(self, key: str, start: datetime) -> datetime:
        """When a limit that starts at `start` ends; a day limit ends at 24:00 of its last day, rolled over days off."""
        return due_at(start, self.pack.limit(key), self.calendar)


def rules(moment: datetime) -> Rules:
    """As they stand on the day of `moment`: what is not in force yet, or no more, does not hold.

    Errors: kernel.policy's, when the pack is missing or faulty.
    """
    present = pack(read("POLICY_PACK", DEFAULT), local_day(moment))
    return Rules(present, load_calendar(present.region))


def due(key: str, start: datetime, moment: datetime) -> datetime:
    """When the limit of a policy key, started at `start`, ends."""
    return rules(moment).until(key, start)
