"""How the driver of the chaos tells a program behind the door what to do: small files in one directory.

PROGRAM.point    {"point": …, "nth": …}: kill yourself the nth time you come by; renamed to .struck when done
PROGRAM.build    ["no_inbox", …]: how this program is broken or changed, read once when it starts
PROGRAM.prefix   ["nsenter", …]: the command this program runs under, read once when it starts
PROGRAM.hold, PROGRAM.twice   a relay sends nothing; sends everything twice and in reverse order
PROGRAM.deadly   the id of the event this program dies on
witness          effects leave a row of their own in every store
PROGRAM.seen     written by the program: a line for every delivery that came again
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


class Control:
    """Only the standard library: the door reads these files before eventlet is in place."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        return self.folder / name

    def tell(self, name: str, content: Any = True) -> None:
        """Written beside and renamed, so that nobody reads half of it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        beside = self.path(f".{name}")
        beside.write_text(json.dumps(content))
        beside.replace(self.path(name))

    def told(self, name: str) -> Any:
        """What a file holds; None where there is none."""
        try:
            return json.loads(self.path(name).read_text())
        except FileNotFoundError:
            return None

    def take_back(self, name: str) -> None:
        self.path(name).unlink(missing_ok=True)

    def note(self, name: str, line: str) -> None:
        with self.path(name).open("a") as notes:
            notes.write(line + "\n")

    def notes(self, name: str) -> list[str]:
        path = self.path(name)
        return path.read_text().splitlines() if path.exists() else []
