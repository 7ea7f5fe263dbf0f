"""Time as an argument: services ask their clock, tests own it."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The present moment, aware UTC."""
    return datetime.now(UTC)


def shifted(path: Path) -> datetime:
    """System time plus the seconds written in a file, so that a test or a demo moves all processes at once.

    By the system's where nobody has written yet.
    """
    try:
        return system_clock() + timedelta(seconds=float(path.read_text(encoding="ascii") or 0))
    except FileNotFoundError:
        return system_clock()


def clock_from_environment() -> Clock:
    """The system clock, or the shifted one where CLOCK_FILE is set (tests and demos only)."""
    path = os.environ.get("CLOCK_FILE")
    return partial(shifted, Path(path)) if path else system_clock


def pace(seconds: float) -> float:
    """How often a timer runs that runs every `seconds`: where the clock is moved by hand up to twenty times as often.

    Who moves it by a day wants to see what the day brought, not to wait for the next minute.
    """
    return min(seconds, max(1.0, seconds / 20)) if os.environ.get("CLOCK_FILE") else seconds
