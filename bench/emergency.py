"""`python -m bench.emergency`: from the answer 201 to an emergency whistle to the order in the department's hands.

The floor is one message from a publisher through a quorum queue to a consumer, alone on the same broker.
"""

from __future__ import annotations

import os
import time
from statistics import quantiles

from amqp import Connection, Message
from kombu.utils.url import parse_url
from rich.console import Console

from bench import cases, processes
from bench.department import Arrivals, joined
from bench.desk import Desk, log_in
from bench.pacing import CLIENTS, pace, rush
from bench.report import Line, report
from bench.waiting import Waiting
from ops import lifecycle
from ops.environment import amqp_uri
from ops.waiting import wait_until
from ops.world import World

SECONDS = float(os.environ.get("BENCH_SECONDS", "15"))
RATES = (50.0, 25.0, 12.0, 8.0, 5.0, 3.0)
KEEPS_UP_MS = 1000.0
PATIENCE_SECONDS = 300.0

Times = list[float]


class Emergencies:
    """Appeals that wait, and whistles blown for them at a given rate."""

    def __init__(self, world: World, arrivals: Arrivals) -> None:
        self.world, self.arrivals = world, arrivals
        token = log_in(world, cases.GRID_WORKER)
        self.desks = [Desk(world, token) for _ in range(CLIENTS)]
        self.cases: list[cases.Body] = []
        self.answered: dict[str, float] = {}

    def prepare(self, count: int) -> None:
        """Appeals nobody has whistled for yet, and nothing else to do for the machine."""
        self.cases.clear()
        rush(self.desks[:8], count, lambda desk, number: self.cases.append(cases.register(desk, number)))
        with Waiting(self.world) as waiting:
            waiting.until_none(every=0.5)

    def blow(self, desk: Desk, number: int) -> None:
        made = cases.whistle(desk, self.cases[number])
        self.answered[made["tasks"][0]["id"]] = time.time()

    def at(self, rate: float, seconds: float) -> tuple[bool, Times]:
        """Whether the rate was kept, and milliseconds from answer to arrival of each; an order may come before."""
        self.answered.clear()
        self.prepare(int(rate * seconds))
        paced = pace(self.desks, rate, seconds, self.blow)
        all_there = lambda: self.answered.keys() <= self.arrivals.times().keys()  # noqa: E731
        wait_until(all_there, seconds=PATIENCE_SECONDS, what="orders arrived", every=0.2)
        found = [1000 * (self.arrivals.times()[task] - moment) for task, moment in self.answered.items()]
        kept = paced.rate >= 0.95 * rate and not paced.failed and paced.p99 <= KEEPS_UP_MS
        Console().print(f"{rate:g}/s: answers {paced}; orders {told(found)}")
        return kept, found


def told(times: Times) -> str:
    return f"p50 {cut(times, 50):.1f} ms, p99 {cut(times, 99):.1f} ms, longest {max(times):.1f} ms"


def cut(times: Times, percent: int) -> float:
    return quantiles(times, n=100)[percent - 1]


def bare(world: World, count: int = 500) -> Times:
    """Milliseconds from publishing to arrival, one message after the other, through a quorum queue of its own."""
    at = parse_url(amqp_uri(world, "ops"))
    login = {"userid": at["userid"], "password": at["password"], "virtual_host": at["virtual_host"]}
    times, arrived = list[float](), list[float]()
    with Connection(f"{at['hostname']}:{at['port']}", **login) as connection:
        channel = connection.channel()
        channel.queue_declare("bench.floor", durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
        take = lambda _: arrived.append(time.perf_counter())  # noqa: E731
        tag = channel.basic_consume("bench.floor", no_ack=True, callback=take)
        for _ in range(count):
            began = time.perf_counter()
            channel.basic_publish(Message("x" * 1500, delivery_mode=2), routing_key="bench.floor")
            while len(arrived) == len(times):
                connection.drain_events(timeout=10)
            times.append(1000 * (arrived[-1] - began))
        channel.basic_cancel(tag)
        channel.queue_delete("bench.floor")
    return times


def measure(world: World) -> list[Line]:
    with joined(world, cases.UNIT) as arrivals:
        emergencies = Emergencies(world, arrivals)
        for rate in RATES:
            kept, times = emergencies.at(rate, SECONDS)
            if kept:
                break
    floor = bare(world)
    return [
        Line(f"emergency to department at {rate:g}/s, p{percent}", [cut(times, percent)], [cut(floor, percent)], "ms",
             None, "one message through a quorum queue", at_least=False, bound=bound)
        for percent, bound in ((50, 25.0), (99, 100.0))
    ]  # fmt: skip


def main() -> None:
    with lifecycle.running("benched", clock=True) as world:
        processes.at_noon(world)
        lines = measure(world)
    report("emergency", lines)


if __name__ == "__main__":
    main()
