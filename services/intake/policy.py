"""The policy pack and calendar intake counts with. Files are looked at again after a few seconds, not at every call."""

from __future__ import annotations

import time
from datetime import date, datetime
from functools import lru_cache

from chassis.settings import read
from kernel.calendar import WorkCalendar, load_calendar, local_day
from kernel.policy import PolicyPack, pack

SECONDS = 10


def rules(now: datetime) -> PolicyPack:
    """The pack named by setting POLICY_PACK, as it stands on the local day of `now`."""
    return _pack(read("POLICY_PACK", "default"), local_day(now), _tick())


def calendar(now: datetime) -> WorkCalendar:
    """The work calendar of the pack's region."""
    return _calendar(rules(now).region, _tick())


def _tick() -> int:
    return int(time.monotonic() / SECONDS)


@lru_cache(maxsize=16)
def _pack(name: str, day: date, tick: int) -> PolicyPack:
    return pack(name, day)


@lru_cache(maxsize=16)
def _calendar(region: str | None, tick: int) -> WorkCalendar:
    return load_calendar(region)
