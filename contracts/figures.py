"""Figures of a report: each says its formula, from which counts it is, and which rows those are."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from contracts.fields import Count, Day, Text, some
from contracts.schema import AnswerSchema, Shape
from contracts.tokens import area
from kernel.codes.periods import PeriodKind
from kernel.periods import Period, month_of
from kernel.policy import PolicyPack

KEY = "dispatch.appraisal"
ASKED = ("area_path", "month", "period")
NO_DATA = "无数据"
"""What stands for a share of nothing: never 0 %."""


class Figure(Shape):
    """A share from summed counts. `rows` is the question that lists what was counted as `whole`; `counted`, where there
    is one, lists what was counted as `part`."""

    name = Text(80, label="名称")
    value = Text(20, label="数值")
    part = Count(label="分子")
    whole = Count(label="分母")
    formula = Text(200, label="算法")
    rows = Text(500, label="明细")
    counted = Text(500, optional=True, label="计入分子的明细")


class FigureReport(AnswerSchema):
    """`version` is the policy pack the weights and the period come from."""

    title = Text(60)
    first_day, last_day = Day(), Day()
    version = Text(60)
    area_path = area()
    figures = some(Figure, most=2000)


def period(command: Mapping[str, Any], rules: PolicyPack) -> Period:
    """The month asked for; where it begins if it is one of assessment says policy key dispatch.appraisal."""
    assessed = command["period"] == PeriodKind.ASSESSMENT
    return month_of(command["month"], rules.value(KEY)["first_day"] if assessed else 1)


def heading(title: str, command: Mapping[str, Any], rules: PolicyPack) -> dict[str, Any]:
    """What every report begins with."""
    span = period(command, rules)
    days = {"first_day": span.first, "last_day": span.last}
    return {"title": title, **days, "version": rules.stamp(KEY), "area_path": command["area_path"]}


def shares_of(place: str, counted: Mapping[str, tuple[int, int]]) -> list[tuple[str, tuple[int, int]]]:
    """Part and whole of the place in all, then of each place below it."""
    parts, wholes = zip(*counted.values(), strict=True) if counted else ((), ())
    return [(place, (sum(parts), sum(wholes))), *((path, counted[path]) for path in sorted(counted) if path != place)]


def rows_of(path: str, command: Mapping[str, Any], **more: Any) -> str:
    """The address that lists what a figure counts."""
    address = _address(path, *(command[name] for name in ASKED))
    return f"{address}&{urlencode(more)}" if more else address


@lru_cache(256)
def _address(path: str, *asked: Any) -> str:
    """Of hundreds of figures of one report it is the same."""
    return f"/api/{path}?{urlencode(dict(zip(ASKED, asked, strict=True)))}"


def figure(name: str, part: float, whole: int, formula: str, rows: str, only: str = "") -> dict[str, Any]:
    """A figure as it is answered, to one place after the point; without data it says so. `only` narrows the rows to
    those of the numerator."""
    value = f"{100 * part / whole:.1f}%" if whole else NO_DATA
    links = {"rows": rows, "counted": f"{rows}&{only}" if only else None}
    return {"name": name, "value": value, "part": round(part), "whole": whole, "formula": formula, **links}
