"""`python -m bench.chain`: the highest rate at which whole cases go through and nothing is left behind.

One case: an appeal over HTTP, an emergency whistle over HTTP, the order in the department's hands, the messages to the
resident and the receiver sent, every event on the portal's timeline. A rate is sustained when the requests keep to
their plan and all that was caused is done soon after the last request.

The floor is what the database alone allows: pgbench's one-row transactions a second, over the number of commands and
events one case takes (each is one durable transaction).
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

from rich.console import Console

from bench import cases, processes
from bench.department import Arrivals, joined
from bench.desk import Desk, Refused, log_in
from bench.floors import pgbench
from bench.pacing import CLIENTS, Paced, pace, rush
from bench.report import Line, report
from bench.waiting import Waiting
from ops import lifecycle, provision
from ops.world import World

SECONDS = float(os.environ.get("BENCH_SECONDS", "60"))
PROBE_SECONDS = SECONDS / 4
SOON_SECONDS = 5.0
STEP_UP, STEP_DOWN = 1.3, 0.8
COMPARABLE = 7.0
"""Cases a second of a comparable system."""


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


class Chain:
    """Whole cases through one world."""

    def __init__(self, world: World, arrivals: Arrivals, waiting: Waiting) -> None:
        self.world, self.arrivals, self.waiting = world, arrivals, waiting
        token = log_in(world, cases.GRID_WORKER)
        self.desks = [Desk(world, token) for _ in range(CLIENTS)]
        self._next = 1

    def through(self, desk: Desk, number: int) -> None:
        cases.whistle(desk, cases.register(desk, number))

    def numbers(self, count: int) -> int:
        first, self._next = self._next, self._next + count
        return first

    def quiet(self) -> float:
        """Seconds until nothing waits anywhere."""
        began = time.perf_counter()
        self.waiting.until_none(every=0.1)
        return time.perf_counter() - began

    def estimate(self) -> float:
        """Cases a second with everything caused by them, from a rush and its aftermath."""
        count, began = 10 * CLIENTS, time.perf_counter()
        told = rush(self.desks[:8], count, self.through, self.numbers(count))
        self.quiet()
        rate = count / (time.perf_counter() - began)
        Console().print(f"a rush of {count}: {told}; {rate:.1f}/s with all that follows")
        return rate

    def attempt(self, rate: float, seconds: float) -> Tried:
        before, count = len(self.arrivals.times()), int(rate * seconds)
        paced = pace(self.desks, rate, seconds, self.through, self.numbers(count))
        late = self.quiet()
        tried = Tried(rate, paced, late, len(self.arrivals.times()) - before, count)
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


def commits(world: World, clients: int = 16, seconds: int = 5) -> float:
    """One-row transactions a second, by pgbench on the same server."""
    with provision.connected(world, "portal") as database:
        database.execute("create table if not exists bench_floor (no bigserial primary key, body text)")
    insert = "insert into bench_floor (body) values (repeat('x', 700));"
    return pgbench(provision.administrator_url(world, "portal"), [insert], clients, seconds, world.folder)


def measure(world: World) -> list[Line]:
    with joined(world, cases.UNIT) as arrivals, Waiting(world) as waiting:
        chain = Chain(world, arrivals, waiting)
        chain.attempt(2, 5)
        held, spent = processes.spent(world, chain.highest)
        before, count = waiting.transactions(), 20
        told = rush(chain.desks[:4], count, chain.through, chain.numbers(count))
        chain.quiet()
        if told.failed:
            raise Refused(told.trouble)
        each = (waiting.transactions() - before) / count
    floor = commits(world) / each
    Console().print(f"{each:.1f} durable transactions a case; processor seconds by process: {spent}")
    return [
        Line("whole chain, sustained", [held.rate], [floor], "cases/s", None, "its commits, pgbench", bound=150),
        Line("whole chain, a comparable system", [held.rate], [COMPARABLE], "cases/s", 1.0, "a comparable system"),
    ]


def main() -> None:
    with lifecycle.running("benched", clock=True) as world:
        processes.at_noon(world)
        lines = measure(world)
    report("chain", lines)


if __name__ == "__main__":
    main()
