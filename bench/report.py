"""How figures are shown: the median of the runs, what it is measured against, the ratio, and the aims."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

RESULTS = Path(".run") / "bench"


@dataclass(frozen=True)
class Line:
    """One figure beside a floor, or beside itself at an earlier size.

    `aim` is the ratio wanted and `bound` the figure itself: at least (`at_least`) or at most; None: no aim.
    """

    name: str
    runs: list[float]
    floors: list[float]
    unit: str
    aim: float | None
    floor_name: str
    at_least: bool = True
    bound: float | None = None

    @property
    def value(self) -> float:
        return median(self.runs)

    @property
    def ratio(self) -> float:
        """The median of the ratios pair by pair: a machine that drifts moves both sides."""
        return median(run / floor for run, floor in zip(self.runs, self.floors, strict=True))

    @property
    def met(self) -> bool:
        return self._holds(self.ratio, self.aim) and self._holds(self.value, self.bound)

    def _holds(self, found: float, wanted: float | None) -> bool:
        return wanted is None or (found >= wanted if self.at_least else found <= wanted)

    @property
    def aims(self) -> str:
        """Both aims as people read them."""
        sign = "≥" if self.at_least else "≤"
        told = [f"{sign} {self.bound:g} {self.unit}"] if self.bound is not None else []
        return ", ".join(told + ([f"ratio {sign} {self.aim:g}"] if self.aim is not None else []))

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name, "value": self.value, "unit": self.unit, "floor": median(self.floors),
            "floor_name": self.floor_name, "ratio": self.ratio, "aim": self.aims or None,
            "met": self.met if self.aims else None, "runs": self.runs, "floors": self.floors,
        }  # fmt: skip


def report(name: str, lines: list[Line]) -> None:
    """Prints the table and writes the same under .run/bench/, one JSON object a line."""
    table = Table(title=name)
    for column in ("figure", "median", "measured against", "that", "ratio", "aim", ""):
        table.add_column(column)
    for line in lines:
        table.add_row(
            line.name, f"{line.value:,.4g} {line.unit}", line.floor_name, f"{median(line.floors):,.4g}",
            f"{line.ratio:.2f}", line.aims, _verdict(line),
        )  # fmt: skip
    Console(width=160).print(table)
    RESULTS.mkdir(parents=True, exist_ok=True)
    rows = [json.dumps({"bench": name, **line.as_json()}, ensure_ascii=False) for line in lines]
    (RESULTS / f"{name}.jsonl").write_text("".join(f"{row}\n" for row in rows), encoding="utf8")


def _verdict(line: Line) -> str:
    if not line.aims:
        return ""
    return "met" if line.met else "not met"
