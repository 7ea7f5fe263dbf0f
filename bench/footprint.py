"""`python -m bench.footprint`: memory of everything after load, and how long starts take.

A cold start makes cluster, databases, tables, reference data and broker anew; a warm one finds them.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

import psutil
from rich.console import Console
from rich.table import Table

from bench import cases, processes
from bench.department import joined
from bench.desk import Desk, log_in
from bench.pacing import rush
from bench.report import Line, report
from bench.waiting import Waiting
from ops import lifecycle
from ops.environment import amqp_uri
from ops.progress import silent
from ops.waiting import wait_until
from ops.world import World

CASES, CLIENTS = 500, 8
BARE_PROCESSES = 12
"""As many processes of ours as a world has: five services, the read model, the delivery, five relays."""


def timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def load(world: World) -> None:
    """Whole cases, and everything they cause."""
    token = log_in(world, cases.GRID_WORKER)
    desks = [Desk(world, token) for _ in range(CLIENTS)]
    with joined(world, cases.UNIT), Waiting(world) as waiting:
        told = rush(desks, CASES, lambda desk, number: cases.whistle(desk, cases.register(desk, number)))
        waiting.until_none(every=0.5)
    Console().print(f"{CASES} cases: {told}")


def bare(world: World) -> float:
    """Megabytes of a nameko process with nothing of ours in it."""
    environment = {"AMQP_URI": amqp_uri(world, "ops"), "PATH": ""}
    process = subprocess.Popen([sys.executable, "-m", "bench.bare"], env=environment)
    try:
        threads = lambda: psutil.Process(process.pid).net_connections()  # noqa: E731
        wait_until(threads, seconds=20, what="the bare service is connected", every=0.2)
        return processes.megabytes(psutil.Process(process.pid))
    finally:
        process.terminate()
        process.wait(20)


def show(before: dict[str, float], after: dict[str, float]) -> None:
    table = Table("program", "MB idle", f"MB after {CASES} cases", title="memory, shared pages counted once")
    for name in after:
        table.add_row(name, f"{before[name]:.0f}", f"{after[name]:.0f}")
    Console().print(table)


def measure(world: World, cold: float) -> list[Line]:
    lifecycle.down(world, silent())
    warm = timed(lambda: lifecycle.up(world, silent()))
    idle = processes.memory(world)
    load(world)
    loaded, empty = processes.memory(world), bare(world)
    show(idle, loaded)
    ours = sum(loaded[name] for name in loaded if name not in processes.SERVERS)
    return [
        Line("cold start", [cold], [warm], "s", None, "a warm start", at_least=False),
        Line("warm start", [warm], [cold], "s", None, "a cold start", at_least=False),
        Line("memory of all, after load", [sum(loaded.values())], [sum(idle.values())], "MB", None, "idle"),
        Line(
            "memory of services and relays",
            [ours],
            [BARE_PROCESSES * empty],
            "MB",
            None,
            f"{BARE_PROCESSES} bare nameko processes",
        ),
    ]


def main() -> None:
    began = time.perf_counter()
    with lifecycle.running("benched", clock=True) as world:
        cold = time.perf_counter() - began
        processes.at_noon(world)
        lines = measure(world, cold)
    report("footprint", lines)


if __name__ == "__main__":
    main()
