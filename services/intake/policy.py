"""The policy pack and calendar intake counts with. Files are looked at again after a few seconds, not at every call."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from chassis.errors import Invalid
from chassis.settings import read
from kernel import telephone
from kernel.calendar import WorkCalendar, load_calendar, local_day
from kernel.danger import DangerWords
from kernel.deadlines import due_at
from kernel.policy import PolicyPack, pack

SECONDS = 10


def rules(now: datetime) -> PolicyPack:
    """The pack named by setting POLICY_PACK, as it stands on the local day of `now`."""
    return _pack(read("POLICY_PACK", "default"), local_day(now), tick())


def calendar(now: datetime) -> WorkCalendar:
    """The work calendar of the pack's region."""
    return _calendar(rules(now).region, tick())


def due(key: str, start: datetime, now: datetime) -> datetime:
    """When the limit of a policy key, begun at `start`, ends."""
    return due_at(start, rules(now).limit(key), calendar(now))


def dangers(now: datetime) -> DangerWords:
    """The words that tell of danger (policy intake.danger_words)."""
    return _dangers(read("POLICY_PACK", "default"), local_day(now), tick())


def conduct(now: datetime) -> Mapping[str, Any]:
    """Which categories and words tell that staff are complained of (policy intake.conduct); not to be changed."""
    return _conduct(read("POLICY_PACK", "default"), local_day(now), tick())


def completed(fields: tuple[str, ...], phone: str | None, now: datetime) -> str | None:
    """A telephone with the city's area code before a local number (policy telephone.area_code).

    Errors: Invalid, by the field, when no such number exists in the city.
    """
    if phone is None:
        return None
    try:
        return str(telephone.parse(phone, rules(now).value("telephone.area_code")))
    except telephone.InvalidTelephone as error:
        raise Invalid.because(_nested(fields, [str(error)])) from error


def _nested(fields: tuple[str, ...], said: Any) -> Any:
    for name in reversed(fields):
        said = {name: said}
    return said


def tick() -> int:
    """Changes when files are looked at again: part of the key of whatever is kept of them."""
    return int(time.monotonic() / SECONDS)


@lru_cache(maxsize=16)
def _pack(name: str, day: date, tick: int) -> PolicyPack:
    return pack(name, day)


@lru_cache(maxsize=16)
def _dangers(name: str, day: date, tick: int) -> DangerWords:
    return DangerWords.read(_pack(name, day, tick).value("intake.danger_words"))


@lru_cache(maxsize=16)
def _conduct(name: str, day: date, tick: int) -> Mapping[str, Any]:
    return MappingProxyType(_pack(name, day, tick).value("intake.conduct"))


@lru_cache(maxsize=16)
def _calendar(region: str | None, tick: int) -> WorkCalendar:
    return load_calendar(region)
