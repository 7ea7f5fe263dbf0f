"""Log files of a world: their ends, and what is added while one looks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from ops.problems import Problem, tail
from ops.world import World

LINES = 40
# RabbitMQ writes one at every start and says nothing in it
EMPTY = "_upgrade"
LOOK_SECONDS = 0.3


def files(world: World, name: str | None) -> list[Path]:
    """The log of one process, or all. Errors: Problem naming the logs there are."""
    found = sorted(path for path in world.logs.glob("*.log") if not path.stem.endswith(EMPTY))
    chosen = [path for path in found if name in (None, path.stem)]
    if not chosen:
        raise Problem(f"no log of {name or 'anything'}; there are: {', '.join(path.stem for path in found) or 'none'}")
    return chosen


def lines(paths: list[Path], count: int = LINES) -> Iterator[str]:
    """The last lines of each file, named where there are several."""
    for path in paths:
        for line in tail(path, count).splitlines():
            yield named(path, line, paths)


def follow(paths: list[Path], write: Callable[[str], None]) -> None:
    """Writes what is added, until interrupted."""
    opened = {path: path.open(encoding="utf8", errors="replace") for path in paths}
    for log in opened.values():
        log.seek(0, 2)
    while True:
        for path, log in opened.items():
            for line in log:
                write(named(path, line.rstrip("\n"), paths))
        time.sleep(LOOK_SECONDS)


def named(path: Path, line: str, paths: list[Path]) -> str:
    return line if len(paths) == 1 else f"{path.stem:>16} | {line}"
