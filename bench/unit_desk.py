"""`python -m bench.unit_desk`: a called unit's lists of 50, with 100 and with 10,000 open tasks on its desk."""

from __future__ import annotations

from bench import cases, processes
from bench.city import RECEIVER
from bench.desk import Desk, log_in
from bench.filling import copies, made_id, made_number, settle
from bench.reading import Reads, grown
from bench.report import Line, report
from bench.waiting import Waiting
from ops import lifecycle
from ops.world import World

SMALL, LARGE = 100, 10_000
LIST = f"/api/tasks?unit={cases.UNIT}&limit=50"
READ: Reads = {
    "tasks of the unit": (RECEIVER, lambda _: LIST, True),
    "tasks to sign": (RECEIVER, lambda _: f"{LIST}&state=ASSIGNED", True),
    "the receiver's desk": (RECEIVER, lambda _: "/api/desk?limit=50", True),
    "page: today's work (/)": (RECEIVER, lambda _: "/", False),
}
WHISTLE, TASK, CASE = made_id(5), made_id(6), made_number("S")
NUMBERED = {"number": made_number("W"), "case_number": CASE}
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
        task = {"id": TASK, "whistle_id": WHISTLE, "case_number": CASE, "state": STATE, "next_due": DUE}
        copies(self.dispatch, "task", [self.task], rows, task)
        matter = {"id": f"{TASK}::text", "parent": f"{WHISTLE}::text", "case_number": CASE}
        copies(self.portal, "matter", [self.task], rows, {**matter, "state": STATE, "due_at": DUE})
        settle(self.dispatch, "whistle", "task")
        settle(self.portal, "matter")


def measure(world: World) -> list[Line]:
    with Waiting(world) as waiting:
        full = Full(Desk(world, log_in(world, cases.GRID_WORKER)), waiting)
        return grown(world, READ, full.grow, (SMALL, LARGE), "open tasks")


def main() -> None:
    with lifecycle.running("benched", clock=True) as world:
        processes.at_noon(world)
        lines = measure(world)
    report("unit_desk", lines)


if __name__ == "__main__":
    main()
