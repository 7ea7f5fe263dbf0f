"""The one table: fault, cases, lost, doubled, time to recover. Printed, and written as JSON."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

COLUMNS = (
    "fault", "cases", "lost", "doubled", "asked again", "longest silence s", "next answer s", "all settled s", "",
)  # fmt: skip


@dataclass
class Line:
    """One fault. `silence`: the longest time nobody got a number; `answered`: from the fault's end to the next number;

    `settled`: from the fault's end, or from the load's where that came later, until all five invariants held.
    """

    fault: str
    cases: int = 0
    lost: int = 0
    doubled: int = 0
    answers: dict[str, int] = field(default_factory=dict)
    silence: float = 0.0
    answered: float | None = None
    settled: float | None = None
    note: str = ""
    breaks: list[str] = field(default_factory=list)
    skipped: bool = False
    failed: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    def good(self) -> bool:
        """Nothing lost, nothing doubled; of a broken build: exactly its invariants were seen to fail."""
        return not self.failed and (bool(self.breaks) or not (self.lost or self.doubled))


def table(lines: list[Line]) -> Table:
    shown = Table(*COLUMNS, title="chaos")
    for line in lines:
        if line.skipped:
            shown.add_row(line.fault, *[""] * 7, f"skipped: {line.note}")
            continue
        again = ", ".join(f"{kind} ×{count}" for kind, count in sorted(Counter(line.answers).items()) if kind != "201")
        times = [seconds(line.silence), seconds_or(line.answered), seconds_or(line.settled)]
        caught = f"broken on purpose, caught by: {', '.join(line.breaks)}" if line.breaks and line.good() else ""
        words = "; ".join(filter(None, [line.note, caught, *line.failed]))
        shown.add_row(line.fault, str(line.cases), str(line.lost), str(line.doubled), again, *times, words)
    return shown


def seconds(value: float) -> str:
    return f"{value:.1f}"


def seconds_or(value: float | None) -> str:
    return "" if value is None else seconds(value)


def write(lines: list[Line], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=1), encoding="utf8")


def show(lines: list[Line], spent: float) -> None:
    """The table, and what it comes to."""
    console, played = Console(width=200), [line for line in lines if not line.skipped]
    console.print(table(lines))
    faults = [line for line in played if not line.breaks]
    console.print(
        f"{len(faults)} faults, {sum(line.cases for line in faults)} cases: lost {sum(line.lost for line in faults)}, "
        f"doubled {sum(line.doubled for line in faults)}; {len(played) - len(faults)} broken builds; "
        f"{sum(not line.good() for line in played)} rows not good, {len(lines) - len(played)} skipped; "
        f"{spent / 60:.1f} minutes"
    )
