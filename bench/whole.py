"""`python -m bench.whole`: the highest rate at which appeals go through with everything that each of them causes.

Registered over HTTP, its letters sent, its timeline on the portal, and nothing left waiting anywhere: outboxes, queues,
letters.
"""

from __future__ import annotations

from rich.console import Console

from bench import cases, processes
from bench.desk import Desk, log_in
from bench.pacing import CLIENTS
from bench.report import Line, report
from bench.sustaining import Sustaining
from bench.waiting import Waiting
from ops import lifecycle
from ops.world import World

COMPARABLE = 7.0
"""Appeals a second of a comparable system, with all that follows."""
TIMES = 12.0
TOLD = "select count(distinct subject_id) from message where state = 'SENT'"
SEEN = "select count(*) from matter where kind = 'APPEAL'"


def register(desk: Desk, number: int) -> None:
    cases.register(desk, number)


def measure(world: World) -> list[Line]:
    token = log_in(world, cases.GRID_WORKER)
    desks = [Desk(world, token) for _ in range(CLIENTS)]
    with Waiting(world) as waiting:
        whole = Sustaining(
            desks, register, lambda: min(waiting.one("notify", TOLD), waiting.one("portal", SEEN)), waiting
        )
        whole.attempt(2, 5)
        held, spent = processes.spent(world, whole.highest)
    Console().print(f"processor seconds by process: {spent}")
    name = "an appeal and all it causes, sustained"
    return [Line(name, [held.rate], [COMPARABLE], "/s", TIMES, "a comparable system")]


def main() -> None:
    with lifecycle.running("benched", clock=True) as world:
        processes.at_noon(world)
        lines = measure(world)
    report("whole", lines)


if __name__ == "__main__":
    main()
