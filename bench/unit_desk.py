"""`python -m bench.unit_desk`: a called unit's lists of 50, with 100 and with 10,000 open tasks on its desk."""

from __future__ import annotations

from rich.console import Console

from bench import cases, processes
from bench.city import RECEIVER
from bench.desk import Desk, log_in
from bench.filling import copies, made_id, settle
from bench.reading import Reads, times
from bench.report import Line, report
from bench.waiting import Waiting
from ops import lifecycle
from ops.world import World

SMALL, LARGE = 100, 10_000
BOUND_MS, GROWTH = 15.0, 1.5
LIST = f"/api/tasks?unit={cases.UNIT}&limit=50"
READ: Reads = {
    "tasks of the unit": (RECEIVER, lambda _: LIST, True),
    "tasks to sign": (RECEIVER, lambda _: f"{LIST}&state=ASSIGNED", True),
    "the receiver's desk": (RECEIVER, lambda _: "/api/desk?limit=50", True),
    "page: today's work (/)": (RECEIVER, lambda _: "/", False),
}
WHISTLE, TASK = made_id(5), made_id(6)
NUMBERED = {"number": "'W' || n", "case_number": "'S' || n"}
DUE = "now() + (abs(hashint4(n)) % 40000) * interval '1 day' / 1000"
STATE = "(array['ASSIGNED', 'SIGNED', 'REPORTED_IN'])[1 + n % 3]"


class Full:
    """A unit's desk that grows; every task is a whistle's of its own, copied from one that was blown."""

    def __init__(self, desk: Desk, waiting: Waiting) -> None:
        self.dispatch, self.portal = waiting.databases["dispatch"], waiting.databases["portal"]
        blown = cases.whistle(desk, cases.register(desk, 1))
        self.whistle, self.task, self.size = blown["id"], blown["tasks"][0]["id"], 0
        waiting.until_none()

    def grow(self, size: int) -> None:
        rows, self.size = f"generate_series({self.size + 1}, {size}) n", size
        copies(self.dispatch, "whistle", [self.whistle], rows, {"id": WHISTLE, **NUMBERED})
        task = {"id": TASK, "whistle_id": WHISTLE, "case_number": "'S' || n", "state": STATE, "next_due": DUE}
        copies(self.dispatch, "task", [self.task], rows, task)
        matter = {"id": f"{TASK}::text", "parent": f"{WHISTLE}::text", "case_number": "'S' || n"}
        copies(self.portal, "matter", [self.task], rows, {**matter, "state": STATE, "due_at": DUE})
        settle(self.dispatch, "whistle", "task")
        settle(self.portal, "matter")


def measure(world: World) -> list[Line]:
    with Waiting(world) as waiting:
        full, found = Full(Desk(world, log_in(world, cases.GRID_WORKER)), waiting), []
        for size in (SMALL, LARGE):
            full.grow(size)
            Console().print(f"{size:,} open tasks")
            found.append(times(world, READ))
    return [
        Line(f"{name}, {LARGE:,} open, p50", found[1][name], found[0][name], "ms", GROWTH, f"{SMALL} open",
             at_least=False, bound=BOUND_MS if bound else None)
        for name, (_, _, bound) in READ.items()
    ]  # fmt: skip


def main() -> None:
    with lifecycle.running("benched", clock=True) as world:
        processes.at_noon(world)
        lines = measure(world)
    report("unit_desk", lines)


if __name__ == "__main__":
    main()
