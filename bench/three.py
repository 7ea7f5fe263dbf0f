"""`python -m bench.three`: what three of each server cost.

A world of one node and one of three take turns, each alone on the machine; both run two of each service. `$BENCH_TURNS`
says how many turns (2).
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field

from rich.console import Console

from bench import cases, processes
from bench.appeals import CLIENTS as CREATING
from bench.appeals import create, quiet
from bench.chain import through
from bench.desk import Desk, Refused, log_in
from bench.pacing import CLIENTS, rush
from bench.report import Line, report
from bench.waiting import Waiting
from ops import lifecycle
from ops.world import SERVICES, World

TURNS = int(os.environ.get("BENCH_TURNS", "2"))
SECONDS, RUSHED = 15.0, 120
ONE, THREE = 0, 3
CHAIN = "chain: a rush of whole cases, until nothing waits"


@dataclass
class Side:
    """What one of the two reached, a value a turn, by line."""

    nodes: int
    reached: dict[str, list[float]] = field(default_factory=dict)

    def keep(self, name: str, rate: float) -> None:
        self.reached.setdefault(name, []).append(rate)
        Console().print(f"{self.nodes or 1} node(s), {name}: {rate:.1f}/s")


def measure(side: Side, world: World) -> None:
    token = log_in(world, cases.GRID_WORKER)
    with Waiting(world) as waiting:
        create(world, 1, token, 1.0)
        for clients in CREATING:
            quiet(waiting)
            side.keep(f"create, {clients} clients", create(world, clients, token, SECONDS).rate)
        quiet(waiting)
        side.keep(CHAIN, rushed(world, token, waiting))


def rushed(world: World, token: str, waiting: Waiting) -> float:
    """Cases a second from the first request until nothing waits anywhere. Errors: Refused."""
    desks = [Desk(world, token) for _ in range(CLIENTS)]
    began = time.perf_counter()
    told = rush(desks, RUSHED, through, 1)
    if told.failed:
        raise Refused(told.trouble)
    waiting.until_none(every=0.1)
    return RUSHED / (time.perf_counter() - began)


def lines(one: Side, three: Side) -> list[Line]:
    units = {CHAIN: "cases/s"}
    return [
        Line(name, reached, one.reached[name], units.get(name, "appeals/s"), None, "one node")
        for name, reached in three.reached.items()
    ]


def main() -> None:
    sides = [Side(ONE), Side(THREE)]
    for turn in range(TURNS):
        for side in sides if turn % 2 == 0 else reversed(sides):
            with lifecycle.running("benched", clock=True, nodes=side.nodes, scale=dict.fromkeys(SERVICES, 2)) as world:
                processes.at_noon(world)
                measure(side, world)
    report("three", lines(*sides))


if __name__ == "__main__":
    main()
