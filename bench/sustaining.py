"""The highest rate at which something goes through with all it causes, and nothing is left behind.

A rate is sustained when the requests keep to their plan and all that was caused is done soon after the last request.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console

from bench.desk import Desk
from bench.pacing import Act, Paced, pace, rush
from bench.waiting import Waiting

SECONDS = float(os.environ.get("BENCH_SECONDS", "60"))
PROBE_SECONDS = SECONDS / 4
SOON_SECONDS = 5.0
STEP_UP, STEP_DOWN = 1.3, 0.8
RUSHED, AT_ONCE = 240, 8


@dataclass(frozen=True)
class Tried:
    """One try at a rate. `late`: seconds from the last answer until nothing waited any more."""

    rate: float
    paced: Paced
    late: float
    arrived: int
    wanted: int

    @property
    def sustained(self) -> bool:
        kept = self.paced.rate >= 0.95 * self.rate and not self.paced.failed
        return kept and self.late <= SOON_SECONDS and self.arrived == self.wanted

    def __str__(self) -> str:
        word = "sustained" if self.sustained else "not sustained"
        return f"{self.rate:.1f} cases/s: {word}; {self.paced}; all done {self.late:.1f} s after"


@dataclass
class Sustaining:
    """`act` over and over; `arrived` says how often all of it has come where it belongs."""

    desks: list[Desk]
    act: Act
    arrived: Callable[[], int]
    waiting: Waiting
    next: int = 1

    def numbers(self, count: int) -> int:
        first, self.next = self.next, self.next + count
        return first

    def quiet(self) -> float:
        """Seconds until nothing waits anywhere."""
        began = time.perf_counter()
        self.waiting.until_none(every=0.1)
        return time.perf_counter() - began

    def estimate(self) -> float:
        """Cases a second with everything caused by them, from a rush and its aftermath."""
        began = time.perf_counter()
        told = rush(self.desks[:AT_ONCE], RUSHED, self.act, self.numbers(RUSHED))
        self.quiet()
        rate = RUSHED / (time.perf_counter() - began)
        Console().print(f"a rush of {RUSHED}: {told}; {rate:.1f}/s with all that follows")
        return rate

    def attempt(self, rate: float, seconds: float) -> Tried:
        before, count = self.arrived(), int(rate * seconds)
        paced = pace(self.desks, rate, seconds, self.act, self.numbers(count))
        late = self.quiet()
        tried = Tried(rate, paced, late, self.arrived() - before, count)
        Console().print(str(tried))
        return tried

    def highest(self) -> Tried:
        """Probes upwards from what a rush allows, then holds the best for the whole time, less where it must be."""
        rate = self.estimate()
        while self.attempt(rate * STEP_UP, PROBE_SECONDS).sustained:
            rate *= STEP_UP
        while not (held := self.attempt(rate, SECONDS)).sustained and rate > 1:
            rate *= STEP_DOWN
        return held
