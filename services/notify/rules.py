"""What the policy pack says about notify's times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from time import monotonic

from chassis.settings import read
from kernel.calendar import WorkCalendar, at, load_calendar, local, local_day
from kernel.deadlines import due_at
from kernel.policy import DEFAULT, PolicyPack, pack
from kernel.reference import data_folder

NOON = time(12)
A_DAY = timedelta(days=1)


SECONDS = 5
"""Files are looked at again after so long, not at every press of a pager."""


def policy(moment: datetime) -> PolicyPack:
    """The pack of this place (setting POLICY_PACK) as it stands on the day of `moment`."""
    return _pack(read("POLICY_PACK", DEFAULT), data_folder("policy"), local_day(moment), _tick())


def due(key: str, start: datetime, moment: datetime) -> datetime:
    """When the limit of a policy key, started at `start`, ends."""
    rules = policy(moment)
    return due_at(start, rules.limit(key), _calendar(rules.region, data_folder("calendar"), _tick()))


def _tick() -> int:
    return int(monotonic() / SECONDS)


@lru_cache(maxsize=16)
def _pack(name: str, folder: Path, day: date, tick: int) -> PolicyPack:
    return pack(name, day, folder)


@lru_cache(maxsize=16)
def _calendar(region: str | None, folder: Path, tick: int) -> WorkCalendar:
    return load_calendar(region)


def digest_after(template: str, moment: datetime) -> datetime | None:
    """When the digest leaves that takes this news (policy key message.digest); None for news that goes at once."""
    rule = policy(moment).value("message.digest")
    leaves = at(local_day(moment), time.fromisoformat(rule["at"]))
    if template not in rule["news"]:
        return None
    return leaves if leaves > moment else at(local_day(moment) + A_DAY, time.fromisoformat(rule["at"]))


@dataclass(frozen=True)
class QuietHours:
    """From `begins` to `ends`, wall clock, over midnight or not: only emergencies leave (policy key quiet_hours)."""

    begins: time
    ends: time

    @classmethod
    def on(cls, moment: datetime) -> QuietHours:
        told = policy(moment).value("quiet_hours")
        return cls(time.fromisoformat(told["from"]), time.fromisoformat(told["to"]))

    def cover(self, moment: datetime) -> bool:
        clock = local(moment).time()
        if self.begins <= self.ends:
            return self.begins <= clock < self.ends
        return clock >= self.begins or clock < self.ends

    def end_after(self, moment: datetime) -> datetime:
        """The first moment at or after `moment` that is not quiet."""
        return self.next_end(moment) if self.cover(moment) else moment

    def next_end(self, moment: datetime) -> datetime:
        """When the quiet hours that come next, or the night `moment` lies in, are over."""
        ends = at(local_day(moment), self.ends)
        return ends if ends > moment else at(local_day(moment) + A_DAY, self.ends)

    def hold_beyond(self, moment: datetime, limit: datetime) -> bool:
        """Whether a message of `moment` would leave only after `limit`."""
        return self.end_after(moment) > limit

    def start_before(self, moment: datetime) -> datetime:
        """When the quiet hours `moment` lies in began."""
        begins = at(local_day(moment), self.begins)
        return begins if begins <= moment else at(local_day(moment) - A_DAY, self.begins)


@dataclass(frozen=True)
class AttemptRules:
    """When tries count towards 'could not be reached' (policy key follow_up.attempts)."""

    times: int
    half_days: int
    opens: time
    closes: time

    @classmethod
    def on(cls, moment: datetime) -> AttemptRules:
        told = policy(moment).value("follow_up.attempts")
        opens, closes = time.fromisoformat(told["from"]), time.fromisoformat(told["to"])
        return cls(told["times"], told["different_half_days"], opens, closes)

    def half_day(self, moment: datetime) -> tuple[date, bool] | None:
        """The half-day a try belongs to; None outside the hours in which people may be called."""
        clock = local(moment)
        if not self.opens <= clock.time() < self.closes:
            return None
        return clock.date(), clock.time() >= NOON

    def satisfied_by(self, missed: list[datetime]) -> bool:
        """Whether these unanswered tries are enough."""
        counted = [half for half in map(self.half_day, missed) if half is not None]
        return len(counted) >= self.times and len(set(counted)) >= self.half_days
