"""How figures are shown: the median of the runs, the floor's median, the ratio, and the aim it is held against."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

RESULTS = Path(".run") / "bench"


@dataclass(frozen=True)
class Line:
    """One figure. `aim` is the ratio wanted: at least (`at_least`) or at most."""

    name: str
    runs: list[float]
    floors: list[float]
    unit: str
    aim: float
    floor_name: str
    at_least: bool = True

    @property
    def ratio(self) -> float:
        """The median of the ratios pair by pair: a machine that drifts moves both sides."""
        return median(run / floor for run, floor in zip(self.runs, self.floors, strict=True))

    @property
    def met(self) -> bool:
        return self.ratio >= self.aim if self.at_least else self.ratio <= self.aim


def report(name: str, lines: list[Line]) -> None:
    """Prints the table and writes the same as JSON under .run/bench/."""
    table = Table(title=name)
    for column in ("figure", "median", "floor", "floor's median", "ratio", "aim", ""):
        table.add_column(column)
    for line in lines:
        sign = "≥" if line.at_least else "≤"
        table.add_row(
            line.name, f"{median(line.runs):,.1f} {line.unit}", line.floor_name, f"{median(line.floors):,.1f}",
            f"{line.ratio:.2f}", f"{sign} {line.aim}", "met" if line.met else "not met",
        )  # fmt: skip
    Console(width=140).print(table)
    RESULTS.mkdir(parents=True, exist_ok=True)
    rows = [{**line.__dict__, "ratio": line.ratio, "met": line.met} for line in lines]
    (RESULTS / f"{name}.json").write_text(json.dumps(rows, indent=2))
