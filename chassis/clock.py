"""Time as an argument: services ask their clock, tests own it."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

Clock = Callable[[], datetime]

system_clock: Clock = partial(datetime.now, UTC)
"""The present moment, aware UTC."""
HURRY = int(os.environ.get("TIMERS_HURRY") or (20 if os.environ.get("CLOCK_FILE") else 1))
"""So many times as often timers run where the clock is moved by hand: nobody waits for the next minute then."""


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
