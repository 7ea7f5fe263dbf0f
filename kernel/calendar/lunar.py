"""Days of the lunar calendar 农历 (GB/T 33661—2017), as old people tell their birthdays: 五月初五, 闰四月初一.

Where a year lacks the day (what families do; nobody's law): a leap month's day is that of the month before it, the
thirtieth of a short month is its twenty-ninth.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from borax.calendars.lunardate import LCalendars, LunarDate  # type: ignore[import-untyped]

FIRST, LAST = date(1900, 1, 31), date(2088, 12, 31)
"""Between these two libraries agree on every day (docs/decisions/0021-lunar-days.md); later ones are refused."""

_MONTHS = ("正月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "冬月", "腊月")
_DIGITS = "一二三四五六七八九十"
_DAYS = (
    *(f"初{sign}" for sign in _DIGITS), *(f"十{sign}" for sign in _DIGITS[:9]), "二十",
    *(f"廿{sign}" for sign in _DIGITS[:9]), "三十",
)  # fmt: skip
_OTHERWISE = {"一月": "正月", "十一月": "冬月", "十二月": "腊月"}
_WRITTEN = re.compile(r"(闰?)(十[一二]月|[正一二三四五六七八九十冬腊]月)(.{2,3})")


@dataclass(frozen=True)
class LunarDay:
    """A day of a lunar year: `month` 1 to 12, `day` 1 to 30."""

    month: int
    day: int
    leap: bool = False

    def __str__(self) -> str:
        return f"{'闰' if self.leap else ''}{_MONTHS[self.month - 1]}{_DAYS[self.day - 1]}"


def read(text: str) -> LunarDay | None:
    """The day somebody told, however they call the month; None where it is none."""
    written = _WRITTEN.fullmatch("".join(text.split()))
    if written is None:
        return None
    leap, month, day = written.groups()
    day = day.removesuffix("日").replace("二十", "廿") if len(day) == 3 else day
    month = _OTHERWISE.get(month, month)
    if month not in _MONTHS or day not in _DAYS:
        return None
    return LunarDay(_MONTHS.index(month) + 1, _DAYS.index(day) + 1, bool(leap))


def lunar_day(day: date) -> LunarDay:
    """The lunar day of a date. Errors: ValueError outside the years compared."""
    if not FIRST <= day <= LAST:
        raise ValueError(f"{day} lies outside {FIRST} to {LAST}")
    found = LunarDate.from_solar(day)
    return LunarDay(found.month, found.day, bool(found.leap))


def in_year(birthday: LunarDay, year: int) -> date:
    """When the birthday of a lunar year is kept; in January or February of the next for the end of the year."""
    leap = int(birthday.leap and LCalendars.leap_month(year) == birthday.month)
    last = LCalendars.ndays(year, birthday.month, leap)
    found: date = LunarDate(year, birthday.month, min(birthday.day, last), leap).to_solar_date()
    return found


def next_birthday(birthday: LunarDay, day: date) -> date:
    """The first on or after a day."""
    years = range(max(day.year - 1, FIRST.year), day.year + 2)
    kept = (in_year(birthday, year) for year in years)
    return next(each for each in kept if each >= day)


def within(birthday: LunarDay, day: date, days: int) -> date | None:
    """The birthday, if it falls on one of so many days from this one."""
    kept = next_birthday(birthday, day)
    return kept if kept < day + timedelta(days=days) else None
