"""Time as an argument: services ask their clock, tests own it."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The present moment, aware UTC."""
    return datetime.now(UTC)


class ShiftedClock:
    """System time plus the seconds written in a file, so that a test or a demo moves all processes at once."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self) -> datetime:
        return system_clock() + timedelta(seconds=read_shift(self._path))


def read_shift(path: Path) -> float:
    """Seconds the world is ahead of the system clock; 0 where nobody has written yet."""
    try:
        return float(path.read_text(encoding="ascii") or 0)
    except FileNotFoundError:
        return 0.0


def clock_from_environment() -> Clock:
    """The system clock, or the shifted one where CLOCK_FILE is set (tests and demos only)."""
    path = os.environ.get("CLOCK_FILE")
    return ShiftedClock(Path(path)) if path else system_clock
