"""`python -m bench.growth`: desk lists of 50 and case pages with their timeline, at 10,000 and at 1,000,000 cases.

One reader, one request after the other, the portal otherwise idle. `community` answers for a twentieth of all cases,
`grid worker` for 200 however many there are.
"""

from __future__ import annotations

import os

from bench import city, processes
from bench.city import City
from bench.desk import Desk, log_in
from bench.reading import Reads, grown
from bench.report import Line, report
from bench.waiting import Waiting
from ops import lifecycle
from ops.world import World

SMALL, LARGE = 10_000, int(os.environ.get("BENCH_CASES", "1000000"))


def looked_at(no: int) -> str:
    """One of the 40 cases of the community among the first thousand, which have a whole timeline."""
    return city.number(20 * (11 + no * 7 % 40))


READ: Reads = {
    "desk, community": (city.COMMUNITY, lambda _: "/api/desk?limit=50", True),
    "case list, community": (city.COMMUNITY, lambda _: "/api/cases?open=true&limit=50", True),
    "case list, grid worker": (city.GRID_WORKER, lambda _: "/api/cases?open=true&limit=50", True),
    "desk, called unit": (city.RECEIVER, lambda _: "/api/desk?limit=50", True),
    "appeals by newest, community": (city.COMMUNITY, lambda _: "/api/appeals?limit=50", True),
    "appeals by newest, grid worker": (city.GRID_WORKER, lambda _: "/api/appeals?limit=50", True),
    "case": (city.COMMUNITY, lambda no: f"/api/cases/{looked_at(no)}", True),
    "case's timeline": (city.COMMUNITY, lambda no: f"/api/cases/{looked_at(no)}/timeline", True),
    "page: today's work (/)": (city.COMMUNITY, lambda _: "/", False),
    "page: case with timeline": (city.COMMUNITY, lambda no: f"/cases/{looked_at(no)}", True),
}
"""Name → who reads, what, and whether it is held against the bound."""


def measure(world: World) -> list[Line]:
    with Waiting(world) as waiting:
        filled = City(Desk(world, log_in(world, "lishan")), waiting)
        return grown(world, READ, filled.grow, (SMALL, LARGE), "cases")


def main() -> None:
    with lifecycle.running("benched", clock=True) as world:
        processes.at_noon(world)
        lines = measure(world)
    report("growth", lines)


if __name__ == "__main__":
    main()
