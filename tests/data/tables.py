"""Reads a table of examples, and prints how a finder did on one."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent


def rows(name: str) -> list[dict[str, str]]:
    """The rows of `tests/data/<name>`; lines that begin with # say where they come from."""
    with (FOLDER / name).open(encoding="utf8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


@dataclass
class Score:
    """What was found, missed and wrongly found; printed with `pytest -s` and by `make rules`."""

    about: str
    found: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def note(self, text: str, *, wanted: bool, got: bool) -> None:
        """One example: what should be found, and whether it was."""
        self.found += wanted and got
        if wanted and not got:
            self.missed.append(text)
        if got and not wanted:
            self.wrong.append(text)

    def tell(self) -> None:
        print(f"\n{self.about}: {self.found} found, {len(self.missed)} missed, {len(self.wrong)} wrongly found")
