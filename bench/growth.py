"""`python -m bench.growth`: desk lists of 50 and case pages with their timeline, at 10,000 and at 1,000,000 cases.

One reader, one request after the other, the portal otherwise idle. `community` answers for a twentieth of all cases,
`grid worker` for 200 however many there are.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from statistics import median

from rich.console import Console

from bench import city, processes
from bench.city import City
from bench.desk import Desk, log_in
from bench.report import Line, report
from bench.waiting import Waiting
from ops import lifecycle
from ops.world import World

SMALL, LARGE = 10_000, int(os.environ.get("BENCH_CASES", "1000000"))
ROUNDS, REQUESTS = 3, 40
BOUND_MS, GROWTH = 15.0, 1.5

Paths = Callable[[int], str]


def looked_at(no: int) -> str:
    """One of the 40 cases of the community among the first thousand, which have a whole timeline."""
    return city.number(20 * (11 + no * 7 % 40))


READ: dict[str, tuple[str, Paths, bool]] = {
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


class Reader:
    """Everybody's desk, and how long each took."""

    def __init__(self, world: World) -> None:
        users = {user for user, _, _ in READ.values()}
        self.desks = {user: Desk(world, log_in(world, user)) for user in users}

    def times(self) -> dict[str, list[float]]:
        """Milliseconds at the 50th percentile, by what was read, a round each."""
        found: dict[str, list[float]] = {name: [] for name in READ}
        for name, (user, path, _) in READ.items():
            self._round(user, path, 5)
            found[name] = [self._round(user, path, REQUESTS) for _ in range(ROUNDS)]
            Console().print(f"  {name}: p50 {median(found[name]):.1f} ms")
        return found

    def _round(self, user: str, path: Paths, count: int) -> float:
        return median(self._one(user, path(no)) for no in range(count))

    def _one(self, user: str, path: str) -> float:
        began = time.perf_counter()
        self.desks[user].get(path)
        return 1000 * (time.perf_counter() - began)


def measure(world: World) -> list[Line]:
    with Waiting(world) as waiting:
        grown = City(Desk(world, log_in(world, "lishan")), waiting)
        reader, found = Reader(world), []
        for size in (SMALL, LARGE):
            began = time.perf_counter()
            grown.grow(size)
            Console().print(f"{size:,} cases, filled in {time.perf_counter() - began:.0f} s")
            found.append(reader.times())
    return [
        Line(f"{name}, at {LARGE:,} cases, p50", found[1][name], found[0][name], "ms", GROWTH, f"at {SMALL:,} cases",
             at_least=False, bound=BOUND_MS if bound else None)
        for name, (_, _, bound) in READ.items()
    ]  # fmt: skip


def main() -> None:
    with lifecycle.running("benched", clock=True) as world:
        processes.at_noon(world)
        lines = measure(world)
    report("growth", lines)


if __name__ == "__main__":
    main()
