"""Readers at their desks: one request after the other, the portal otherwise idle."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

from rich.console import Console

from bench.desk import Desk, log_in
from ops.world import World

ROUNDS, REQUESTS = 3, 40

Paths = Callable[[int], str]
Reads = dict[str, tuple[str, Paths, bool]]
"""Name → who reads, what, and whether it is held against the bound."""


def times(world: World, reads: Reads) -> dict[str, list[float]]:
    """Milliseconds at the 50th percentile, by what was read, a round each."""
    desks = {user: Desk(world, log_in(world, user)) for user, _, _ in reads.values()}
    found: dict[str, list[float]] = {}
    for name, (user, path, _) in reads.items():
        _round(desks[user], path, 5)
        found[name] = [_round(desks[user], path, REQUESTS) for _ in range(ROUNDS)]
        Console().print(f"  {name}: p50 {median(found[name]):.1f} ms")
    return found


def _round(desk: Desk, path: Paths, count: int) -> float:
    return median(_one(desk, path(no)) for no in range(count))


def _one(desk: Desk, path: str) -> float:
    began = time.perf_counter()
    desk.get(path)
    return 1000 * (time.perf_counter() - began)
