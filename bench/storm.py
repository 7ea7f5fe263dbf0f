"""`python -m bench.storm`: more appeals than the machine digests, and emergencies among them.

BENCH_STORM appeals (1,200) in BENCH_SECONDS (60); then as many as fast as the clients can. Who finds no place (503)
comes again. Each second somebody whistles in an emergency. Shown: what was turned away, how long an order took into the
department's hands, how much waited at most, and when all was done; .run/bench/storm.json keeps it second by second.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from rich.console import Console

from bench import cases, processes
from bench.department import joined
from bench.desk import Desk, Refused, log_in
from bench.emergency import Emergencies, cut
from bench.pacing import CLIENTS, Act, Paced, pace, rush
from bench.report import RESULTS, Line, report
from bench.waiting import Waiting
from ops import lifecycle
from ops.waiting import wait_until
from ops.world import SERVICES, World

COUNT = int(os.environ.get("BENCH_STORM", "1200"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "60"))
ALARMS = 100
AIM_MS = 2_000.0
PATIENCE_SECONDS = 300.0
KNOWN = "select count(*) from appeal"
SIZE = "select pg_database_size(current_database())"
Load = Callable[[list[Desk], Act], Paced]


@dataclass
class Storm:
    """What one was like. `seconds`: since its begin, what waited anywhere, how many appeals were registered."""

    name: str
    seconds: list[tuple[float, int, int]] = field(default_factory=list)
    orders_ms: list[float] = field(default_factory=list)
    turned_away: int = 0
    answers: str = ""
    grown: dict[str, float] = field(default_factory=dict)
    """By service: kilobytes of its database an appeal, with all that the appeal caused."""

    @property
    def most(self) -> int:
        return max(waiting for _, waiting, _ in self.seconds)

    @property
    def done_after(self) -> float:
        return max(at for at, waiting, _ in self.seconds if waiting)

    def __str__(self) -> str:
        orders = f"orders p50 {cut(self.orders_ms, 50):.0f}, p99 {cut(self.orders_ms, 99):.0f} ms"
        waited = f"{self.most} waited at most, all done after {self.done_after:.0f} s; kB an appeal {self.grown}"
        return f"{self.name}: {self.answers}; {self.turned_away} turned away; {orders}; {waited}"

    def register(self, desk: Desk, number: int) -> None:
        """However often it takes: who is turned away comes again."""
        while True:
            try:
                cases.register(desk, number)
            except Refused as refused:
                if ": 503 " not in str(refused):
                    raise
                self.turned_away += 1
                time.sleep(1.0)
            else:
                return


class Station:
    """Watches a world in a storm, and raises an alarm each second."""

    def __init__(self, world: World, emergencies: Emergencies, waiting: Waiting) -> None:
        token = log_in(world, cases.GRID_WORKER)
        self.desks, self.alarm = [Desk(world, token) for _ in range(CLIENTS)], Desk(world, token)
        self.emergencies, self.waiting = emergencies, waiting

    def sees(self, name: str, load: Load, first: int) -> Storm:
        """One storm, until nothing waits any more. Errors: AssertionError where an appeal is not there."""
        self.emergencies.answered.clear()
        self.emergencies.prepare(ALARMS)
        storm, over, known, before = Storm(name), threading.Event(), self.waiting.one("intake", KNOWN), self.sizes()
        beside = [threading.Thread(target=each, args=(storm, over)) for each in (self.watch, self.raise_alarms)]
        for each in beside:
            each.start()
        storm.answers = str(load(self.desks, lambda desk, number: storm.register(desk, first + number)))
        self.waiting.until_none(seconds=PATIENCE_SECONDS, every=1.0)
        over.set()
        for each in beside:
            each.join()
        assert known + COUNT == self.waiting.one("intake", KNOWN)
        storm.orders_ms = self.orders()
        storm.grown = {
            service: round((size - before[service]) / COUNT / 1024, 1) for service, size in self.sizes().items()
        }
        return storm

    def sizes(self) -> dict[str, int]:
        return {service: self.waiting.one(service, SIZE) for service in SERVICES}

    def watch(self, storm: Storm, over: threading.Event) -> None:
        began = time.monotonic()
        while not over.wait(1.0):
            waits, known = sum(self.waiting.facts().values()), self.waiting.one("intake", KNOWN)
            storm.seconds.append((round(time.monotonic() - began, 1), waits, known))

    def raise_alarms(self, storm: Storm, over: threading.Event) -> None:
        for number in range(ALARMS):
            if over.wait(1.0):
                return
            self.emergencies.blow(self.alarm, number)

    def orders(self) -> list[float]:
        """Milliseconds from the answer to each alarm until the order was in the department's hands."""
        answered, arrivals = self.emergencies.answered, self.emergencies.arrivals
        there = lambda: answered.keys() <= arrivals.times().keys()  # noqa: E731
        wait_until(there, seconds=PATIENCE_SECONDS, what="orders arrived", every=0.2)
        return [1000 * (arrivals.times()[task] - moment) for task, moment in answered.items()]


def measure(world: World) -> list[Storm]:
    minute: Load = lambda desks, act: pace(desks, COUNT / SECONDS, SECONDS, act)  # noqa: E731
    at_once: Load = lambda desks, act: rush(desks, COUNT, act)  # noqa: E731
    with joined(world, cases.UNIT) as arrivals, Waiting(world) as waiting:
        station = Station(world, Emergencies(world, arrivals), waiting)
        return [
            station.sees(f"{COUNT} in {SECONDS:g} s", minute, 1_000_000),
            station.sees(f"{COUNT} at once", at_once, 2_000_000),
        ]


def main() -> None:
    with lifecycle.running("benched", clock=True) as world:
        processes.at_noon(world)
        storms = measure(world)
    for storm in storms:
        Console().print(str(storm))
    lines = [
        Line(f"{storm.name}: order of an emergency, p99", [cut(storm.orders_ms, 99)], [AIM_MS], "ms", None,
             "the aim", at_least=False, bound=AIM_MS)
        for storm in storms
    ]  # fmt: skip
    report("storm", lines)
    (RESULTS / "storm.json").write_text(json.dumps([asdict(storm) for storm in storms]), encoding="utf8")


if __name__ == "__main__":
    main()
