"""Limits as they are written in policy packs, and the hours a service point is open (domain §4.7)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Self

from kernel.calendar import WorkCalendar, at
from kernel.codes.base import Code

_WRITTEN = re.compile(r"([1-9]\d{0,3})(s|min|h|bh|d|wd|mo)")
_SLOT = re.compile(r"(\d{2}:\d{2})-(\d{2}:\d{2})")


class InvalidLimit(ValueError):
    """The text is not a limit such as 2h, 30min, 4bh, 5wd, 15d or 6mo."""


class InvalidHours(ValueError):
    """Business hours that are empty, unordered or overlapping."""


class Unit(Code):
    """What a limit is counted in."""

    SECONDS = "s", "秒"
    MINUTES = "min", "分钟"
    HOURS = "h", "小时"
    BUSINESS_HOURS = "bh", "个办公小时"
    DAYS = "d", "天"
    WORKING_DAYS = "wd", "个工作日"
    MONTHS = "mo", "个月"


WALL_UNITS = {Unit.SECONDS: timedelta(seconds=1), Unit.MINUTES: timedelta(minutes=1), Unit.HOURS: timedelta(hours=1)}
"""Units that run by the wall clock, nights and holidays included."""


@dataclass(frozen=True)
class Limit:
    """A span of one unit: ``2h`` wall hours, ``4bh`` business hours, ``5wd`` working days, ``15d`` natural days."""

    amount: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Self:
        """The limit written as `text`, e.g. "5wd". Raises InvalidLimit; zero is no limit."""
        written = _WRITTEN.fullmatch(text.strip())
        if written is None:
            raise InvalidLimit(f"时限“{text}”格式不正确，应如 30min、2h、4bh、5wd、15d、6mo")
        return cls(int(written[1]), Unit(written[2]))

    @property
    def wall(self) -> timedelta | None:
        """The span by the wall clock, None when it depends on a calendar."""
        one = WALL_UNITS.get(self.unit)
        return None if one is None else one * self.amount

    @property
    def label(self) -> str:
        """As people read it: 5个工作日."""
        return f"{self.amount}{self.unit.label}"

    def __str__(self) -> str:
        return f"{self.amount}{self.unit.value}"


@dataclass(frozen=True)
class BusinessHours:
    """Opening times of a working day, Asia/Shanghai, in order, e.g. with a lunch break between two slots.

    The last slot may end the next morning (20:00-08:00), before the first one begins again.
    """

    slots: tuple[tuple[time, time], ...]

    def __post_init__(self) -> None:
        moments = [moment for slot in self.slots for moment in slot]
        over_midnight = bool(moments) and moments[-1] < moments[-2] and moments[-1] <= moments[0]
        ordered = moments[:-1] if over_midnight else moments
        if not moments or any(later <= earlier for earlier, later in pairwise(ordered)):
            raise InvalidHours("办公时间为空、重叠或次序不对")

    @classmethod
    def parse(cls, slots: Iterable[str]) -> Self:
        """From ["09:00-12:00", "14:00-18:00"]. Raises InvalidHours."""
        return cls(tuple(_slot(text) for text in slots))

    def openings(self, day: date, calendar: WorkCalendar) -> Iterator[tuple[datetime, datetime]]:
        """The open stretches of the day as UTC instants; none when it is a day off."""
        if calendar.is_working(day):
            for opens, closes in self.slots:
                yield at(day, opens), at(day if opens < closes else day + timedelta(days=1), closes)


def _slot(text: str) -> tuple[time, time]:
    written = _SLOT.fullmatch(text)
    if written is None:
        raise InvalidHours(f"办公时间“{text}”格式不正确，应如 09:00-12:00")
    try:
        return time.fromisoformat(written[1]), time.fromisoformat(written[2])
    except ValueError as wrong:
        raise InvalidHours(f"办公时间“{text}”不是钟点") from wrong


STANDARD_HOURS = BusinessHours.parse(["09:00-12:00", "14:00-18:00"])
"""Used where no posted hours are given; policy key hours.business overrides it. An assumption, nobody's rule."""
