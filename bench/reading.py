"""Readers at their desks: one request after the other, the portal otherwise idle."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

from rich.console import Console

from bench.desk import Desk, log_in
from bench.report import Line
from ops.world import World

ROUNDS, REQUESTS = 3, 40
BOUND_MS, GROWTH = 15.0, 1.5

Paths = Callable[[int], str]
Reads = dict[str, tuple[str, Paths, bool]]
"""Name → who reads, what, and whether it is held against the bound."""


def grown(world: World, reads: Reads, grow: Callable[[int], None], sizes: tuple[int, int], of: str) -> list[Line]:
    """What is read at the larger size against the same at the smaller; `grow` fills the world up to a size."""
    found = []
    for size in sizes:
        began = time.perf_counter()
        grow(size)
        Console().print(f"{size:,} {of}, filled in {time.perf_counter() - began:.0f} s")
        found.append(times(world, reads))
    small, large = sizes
    return [
        Line(f"{name}, at {large:,} {of}, p50", found[1][name], found[0][name], "ms", GROWTH, f"at {small:,} {of}",
             at_least=False, bound=BOUND_MS if bound else None)
        for name, (_, _, bound) in reads.items()
    ]  # fmt: skip


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
