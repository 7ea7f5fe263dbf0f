"""Year tables of the work calendar: what the file of one year, national or regional, must look like.

    year: 2027
    region: cn                   # or a regional overlay such as nx
    basis: 国务院办公厅通知…        # the notice it is taken from
    confidence: V                # V verified, W secondary, M memory, A assumption
    illustrative: false
    pending: false               # true: by law only, the notice is not out
    holidays: [{from: 2027-01-01, to: 2027-01-03, name: 元旦}]
    workdays: [{date: 2027-02-14, name: 春节调休}]

A national table replaces that whole year; a pending one leaves it without notice, so that the warning goes on; a
regional one is laid over it. A national table may also change days of the December before, because the notice for a
year may move them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from kernel.codes.base import Code
from kernel.reference import read_yaml

NATIONAL = "cn"
CONFIDENCE = frozenset("VWMA")
_MOST_DAYS_IN_A_ROW = 31


class DayKind(Code):
    """What a table says of a day that is not simply a weekday or a weekend."""

    OFF = "OFF", "休息"
    WORKING = "WORKING", "调休上班"


class InvalidCalendar(ValueError):
    """A year table that cannot be used. `.errors` lists everything wrong with it."""

    def __init__(self, source: str, errors: list[str]) -> None:
        super().__init__(f"日历 {source} 无效：" + "；".join(errors))
        self.errors = errors


@dataclass(frozen=True)
class YearTable:
    """One checked file."""

    year: int
    region: str
    basis: str
    confidence: str
    illustrative: bool
    days: Mapping[date, DayKind]
    names: Mapping[date, str]
    pending: bool = False


def read_year(path: Path) -> YearTable:
    """The table in the file. Raises InvalidCalendar listing every fault."""
    return parse_year(read_yaml(path), path.name)


def parse_year(raw: Mapping[str, Any], source: str = "表") -> YearTable:
    """The table described by `raw`. Raises InvalidCalendar listing every fault."""
    errors = list(_head_faults(raw))
    days: dict[date, DayKind] = {}
    names: dict[date, str] = {}
    for day, kind, name in _entries(raw, errors):
        if day in days:
            errors.append(f"{day} 重复")
        days[day], names[day] = kind, name
    if isinstance(raw.get("year"), int):
        errors += [f"{day} 不属于 {raw['year']} 年" for day in days if not _belongs(day, raw["year"])]
    if errors:
        raise InvalidCalendar(source, errors)
    head = {key: raw[key] for key in ("year", "region", "basis", "confidence")}
    illustrative, pending = (bool(raw.get(key, False)) for key in ("illustrative", "pending"))
    return YearTable(**head, illustrative=illustrative, pending=pending, days=days, names=names)


def _head_faults(raw: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(raw.get("year"), int):
        yield "year 应为年份"
    for key in ("region", "basis"):
        if not isinstance(raw.get(key), str) or not raw[key]:
            yield f"{key} 必填"
    if raw.get("confidence") not in CONFIDENCE:
        yield "confidence 应为 V、W、M 或 A"
    unknown = set(raw) - {"year", "region", "basis", "confidence", "illustrative", "pending", "holidays", "workdays"}
    yield from (f"未知字段 {key}" for key in sorted(unknown, key=str))


def _entries(raw: Mapping[str, Any], errors: list[str]) -> Iterator[tuple[date, DayKind, str]]:
    for line in _lines(raw, "holidays", errors):
        first, last = line.get("from"), line.get("to", line.get("from"))
        if type(first) is not date or type(last) is not date or not 0 <= (last - first).days < _MOST_DAYS_IN_A_ROW:
            errors.append(f"holidays 中 {line} 的起止日期不正确")
            continue
        for offset in range((last - first).days + 1):
            yield first + timedelta(days=offset), DayKind.OFF, str(line.get("name", ""))
    for line in _lines(raw, "workdays", errors):
        if type(line.get("date")) is not date:
            errors.append(f"workdays 中 {line} 的日期不正确")
            continue
        yield line["date"], DayKind.WORKING, str(line.get("name", ""))


def _lines(raw: Mapping[str, Any], key: str, errors: list[str]) -> list[Mapping[str, Any]]:
    lines = raw.get(key) or []
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        errors.append(f"{key} 应为列表")
        return []
    return lines


def _belongs(day: date, year: int) -> bool:
    return day.year == year or (day.year == year - 1 and day.month == 12)
