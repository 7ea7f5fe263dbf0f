"""Figures of a report: each says its formula, from which counts it is, and which rows those are."""

from typing import Any

from contracts.fields import Count, Day, Text, some
from contracts.schema import AnswerSchema, Shape
from contracts.tokens import area

NO_DATA = "无数据"
"""What stands for a share of nothing: never 0 %."""


class Figure(Shape):
    """A share from summed counts. `rows` is the question that lists what was counted as `part` or left out of it."""

    name = Text(80, label="名称")
    value = Text(20, label="数值")
    part = Count(label="分子")
    whole = Count(label="分母")
    formula = Text(200, label="算法")
    rows = Text(500, label="明细")


class FigureReport(AnswerSchema):
    """`version` is the policy pack the weights and the period come from."""

    title = Text(60)
    first_day, last_day = Day(), Day()
    version = Text(60)
    area_path = area()
    figures = some(Figure, most=2000)


def figure(name: str, part: float, whole: int, formula: str, rows: str) -> dict[str, Any]:
    """A figure as it is answered, to one place after the point; without data it says so."""
    value = f"{100 * part / whole:.1f}%" if whole else NO_DATA
    return {"name": name, "value": value, "part": round(part), "whole": whole, "formula": formula, "rows": rows}
