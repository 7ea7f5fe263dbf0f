"""`python -m bench compare REV [NAME …]`: this tree and another revision on one machine, in turns.

The other revision is checked out and set up in a folder of its own, and measures itself: its benches, its requirements.
Who begins changes with every turn, so that a machine that drifts moves both sides. `$BENCH_TURNS` says how many turns.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.report import RESULTS

TURNS = int(os.environ.get("BENCH_TURNS", "3"))
HERE, OTHERS = Path("."), Path(".run") / "compare"
SHOWN_LINES = 15

Figures = Mapping[str, tuple[float, str]]
"""Value and unit of each line of a bench."""


class Unmeasured(Exception):
    """A tree could not be set up, or one of its benches did not end well."""


@dataclass(frozen=True)
class Compared:
    """One line of a bench on both sides, a value a turn."""

    bench: str
    line: str
    unit: str
    here: Sequence[float]
    there: Sequence[float]

    @property
    def ratios(self) -> list[float]:
        return [here / there if there else float("inf") for here, there in zip(self.here, self.there, strict=True)]

    def as_json(self) -> dict[str, Any]:
        """The line as it is written: medians, and the ratio of each turn."""
        return {
            "bench": self.bench, "line": self.line, "unit": self.unit, "here": median(self.here),
            "there": median(self.there), "ratio": median(self.ratios), "ratios": self.ratios,
        }  # fmt: skip


def main(figures: Sequence[str], *words: str) -> int:
    """Measures, prints one table, writes .run/bench/compare.json. 2 for words that name no revision."""
    if not words:
        print("usage: python -m bench compare REV [NAME …]", file=sys.stderr)
        return 2
    revision, *names = words
    other = checked_out(revision)
    found = [line for name in names or both(figures, other) for line in turns(name, other)]
    shown(revision, found)
    RESULTS.mkdir(parents=True, exist_ok=True)
    lines = [line.as_json() for line in found]
    (RESULTS / "compare.json").write_text(json.dumps({"revision": revision, "lines": lines}, indent=1), encoding="utf8")
    return 0


def checked_out(revision: str) -> Path:
    """A folder with the revision, set up. Errors: Unmeasured for a name git does not know, or a failing setup."""
    sha = _told(["git", "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}"], HERE).strip()
    folder = OTHERS / sha[:12]
    if not folder.exists():
        _told(["git", "worktree", "add", "--detach", "--force", str(folder), sha], HERE)
    _told(["make", "setup"], folder)
    return folder


def both(figures: Sequence[str], other: Path) -> list[str]:
    """The figures of this tree that the other knows too."""
    return [name for name in figures if (other / "bench" / f"{name}.py").exists()]


def turns(name: str, other: Path, measure: Callable[[Path, str], Figures] | None = None) -> list[Compared]:
    """The lines both sides have, over all turns. Errors: Unmeasured; AssertionError when they have none in common."""
    ask, here, there = measure or measured, [], []
    for turn in range(TURNS):
        sides = [(HERE, here), (other, there)]
        for folder, runs in sides if turn % 2 == 0 else reversed(sides):
            runs.append(ask(folder, name))
    common = [line for line in here[0] if all(line in run for run in (*here, *there))]
    assert common, f"{name}: no line of its own that the other revision has too"
    return [
        Compared(name, line, here[0][line][1], [run[line][0] for run in here], [run[line][0] for run in there])
        for line in common
    ]


def measured(folder: Path, name: str) -> Figures:
    """One run of a bench in a tree. Errors: Unmeasured, with its last words."""
    results = folder / RESULTS / f"{name}.jsonl"
    results.unlink(missing_ok=True)
    _told([".venv/bin/python", "-m", "bench", name], folder)
    rows = [json.loads(row) for row in results.read_text(encoding="utf8").splitlines()]
    return {row["name"]: (row["value"], row["unit"]) for row in rows}


def _told(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf8")
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).splitlines()[-SHOWN_LINES:])
        raise Unmeasured(f"{folder}: {' '.join(command)} ended with {done.returncode}\n{last}")
    return done.stdout


def shown(revision: str, found: Sequence[Compared]) -> None:
    """The table people read: below 1 is less than the other revision."""
    table = Table(title=f"this tree against {revision}, {TURNS} turns")
    for column in ("bench", "figure", "here", "there", "ratio", "of the turns"):
        table.add_column(column)
    for line in found:
        told = line.as_json()
        table.add_row(
            line.bench, line.line, f"{told['here']:,.4g} {line.unit}", f"{told['there']:,.4g} {line.unit}",
            f"{told['ratio']:.2f}", f"{min(line.ratios):.2f} to {max(line.ratios):.2f}",
        )  # fmt: skip
    Console(width=160).print(table)
