"""Putting a calendar together: chinesecalendar first, our year tables above it, the region's own days on top."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

import chinese_calendar

from kernel.calendar.work import WorkCalendar
from kernel.calendar.years import NATIONAL, DayKind, YearTable, read_year
from kernel.reference import Fingerprint, data_folder, fingerprint

_CHINESE_NAMES = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}


def load_calendar(region: str | None = None, folder: Path | None = None) -> WorkCalendar:
    """The work calendar of a region (None: the national one).

    Reads the files of `data/calendar` again whenever one of them has changed, so that the table of a new year takes
    effect on the next call. Raises InvalidCalendar for a bad file; an unknown region is simply the national calendar.
    """
    place = folder or data_folder("calendar")
    return _load(region, place, fingerprint(place))


@lru_cache(maxsize=64)
def _load(region: str | None, folder: Path, _seen: Fingerprint) -> WorkCalendar:
    tables = [read_year(path) for path in sorted(folder.glob("*.yaml"))]
    return assemble(tables, region)


def assemble(tables: list[YearTable], region: str | None = None) -> WorkCalendar:
    """A calendar from chinesecalendar and the given tables. Pure but for the installed package."""
    days, names = _packaged()
    years = {day.year for day in days}
    national = sorted((table for table in tables if table.region == NATIONAL), key=lambda table: table.year)
    for table in national:
        days = {**_without(days, table.year), **table.days}
        names = {**names, **table.names}
        years = years - {table.year} if table.pending else years | {table.year}
    overlay: dict[date, DayKind] = {}
    for table in tables:
        if region not in (None, NATIONAL) and table.region == region:
            overlay |= table.days
            names = {**names, **table.names}
    return WorkCalendar(days, overlay, years=years, names=names, region=region)


def _without(days: Mapping[date, DayKind], year: int) -> dict[date, DayKind]:
    return {day: kind for day, kind in days.items() if day.year != year}


def _packaged() -> tuple[dict[date, DayKind], dict[date, str]]:
    off = dict.fromkeys(chinese_calendar.holidays, DayKind.OFF)
    working = dict.fromkeys(chinese_calendar.workdays, DayKind.WORKING)
    named = {**chinese_calendar.holidays, **chinese_calendar.workdays}
    return {**off, **working}, {day: _CHINESE_NAMES.get(name, name) for day, name in named.items()}
