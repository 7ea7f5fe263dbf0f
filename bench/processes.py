"""What the processes of a world use: processor time and memory, by program; and the hour the world lives at."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import psutil

from ops import processes, programs, readiness
from ops.world import World
from tests.stories.talk import SHANGHAI

T = TypeVar("T")
SERVERS = ("postgres", "rabbitmq")


def at_noon(world: World) -> None:
    """Moves the world's clock to noon of the next working Wednesday: no quiet hours hold messages back."""
    today = datetime.now(SHANGHAI).replace(hour=12, minute=0, second=0, microsecond=0)
    noon = today + timedelta(days=(2 - today.weekday()) % 7 or 7)
    world.shift_clock((noon - datetime.now(UTC)).total_seconds())


def trees(world: World) -> dict[str, list[psutil.Process]]:
    """Every program and server with the processes below it."""
    pids = {program.name: readiness.pid_of(world, program.name) for program in programs.programs_of(world)}
    found = {name: [psutil.Process(pid)] for name, pid in pids.items() if pid}
    for name, root in servers(world).items():
        found[name] = [root, *root.children(recursive=True)]
    return found


def servers(world: World) -> dict[str, psutil.Process]:
    postmaster = world.folder / "postgres" / "data" / "postmaster.pid"
    broker = processes.find(world, "rabbitmq")
    assert broker is not None
    return {"postgres": psutil.Process(int(postmaster.read_text().split()[0])), "rabbitmq": broker}


def seconds(world: World) -> dict[str, float]:
    """Processor seconds so far, by program; of a server with those of its processes that have ended."""
    return {name: sum(map(_seconds, tree)) for name, tree in trees(world).items()}


def _seconds(process: psutil.Process) -> float:
    with suppress(psutil.Error):
        times = process.cpu_times()
        return float(times.user + times.system + times.children_user + times.children_system)
    return 0.0


def spent(world: World, act: Callable[[], T]) -> tuple[T, dict[str, float]]:
    """What `act` answers, and the processor seconds each program used meanwhile."""
    before = seconds(world)
    done = act()
    after = seconds(world)
    return done, {name: round(after[name] - before.get(name, 0.0), 1) for name in after}


def memory(world: World) -> dict[str, float]:
    """Megabytes by program; pages shared between processes count once (proportional set size)."""
    return {name: sum(map(megabytes, tree)) for name, tree in trees(world).items()}


def megabytes(process: psutil.Process) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0
