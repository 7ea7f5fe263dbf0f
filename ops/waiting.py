"""Waiting on conditions with a deadline, instead of sleeping and hoping.

A deadline says how long *nothing may move* on a machine that has time for us: seconds in which others have the
processor count for less, and whoever can tell progress gets its patience anew while there is some.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

LOAD = Path("/proc/loadavg")
AT_MOST = 10
"""Times `seconds`: whoever moves for ever without arriving is given up as well."""


def wait_until(
    condition: Callable[[], T],
    *,
    seconds: float,
    what: str = "the condition",
    every: float = 0.05,
    progress: Callable[[], object] = lambda: None,
) -> T:
    """The first true value of `condition`, asked every `every` seconds.

    `progress` is asked when the seconds are over, and as long as it answers something new they begin again.
    Errors: TimeoutError naming `what`. An error raised by `condition` or `progress` is not caught.
    """
    patience = Patience(seconds)
    while True:
        if value := condition():
            return value
        if patience.ends(progress):
            raise TimeoutError(f"{what}: no progress in {seconds:g} s, {patience.waited():.0f} s by the clock")
        time.sleep(every)


class Patience:
    """What is left of the seconds one waits."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._clock = seconds, clock
        self._began = self._last = clock()
        self._spent = self._all = 0.0
        self._seen: object = None

    def ends(self, progress: Callable[[], object]) -> bool:
        """Whether it is at its end: nothing looks different since the last seconds were over, or all is spent."""
        now = self._clock()
        passed = (now - self._last) / crowd()
        self._last = now
        self._all += passed
        self._spent += passed
        if self._spent < self._seconds:
            return False
        before, self._seen, self._spent = self._seen, progress(), 0.0
        return before == self._seen or self._all >= AT_MOST * self._seconds

    def waited(self) -> float:
        return self._last - self._began


def crowd() -> float:
    """How many want each processor at this moment, 1 where there is one for everybody."""
    runnable = os.getloadavg()[0]
    with suppress(OSError, IndexError, ValueError):
        runnable = float(LOAD.read_text().split()[3].partition("/")[0])
    return max(1.0, runnable / (os.cpu_count() or 1))
