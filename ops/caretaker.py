"""Keeps a world's own servers alive: `python -m ops.caretaker WORLD_FOLDER`, one of the programs of its supervisor.

A server that died is started again, at its old ports and with its data; one that was stopped on purpose is not. Of a
cluster's broker, a node that belongs to nobody any more is started anew, and one whose disk is full is out meanwhile.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from ops import lifecycle, servers
from ops import world as worlds
from ops.cluster import broker, patroni, room
from ops.problems import Problem
from ops.world import World

LOOK_SECONDS = 1.0
ESTRANGED_LOOKS = 5
"""Every so many looks a cluster's broker is asked, and twice in a row it must be the same node."""
PAUSE_SECONDS = 10.0
"""Between two attempts to start a server that does not come up; in a cluster the others are looked after meanwhile."""


def revive(world: World) -> list[str]:
    """Starts what died; the names of what it started. Does nothing while `up` or `down` is at work on the world.

    Errors: Problem where a server does not start; the others are started all the same.
    """
    with lifecycle.locked(world, wait=False) as mine:
        if not mine:
            return []
        found = list(servers.dead(world))
        for name, _ in found:
            print(f"{name} died and is started again", flush=True)
        if failed := [name for name, start in found if not tried(start)]:
            raise Problem(f"not started: {', '.join(failed)}")
        return [name for name, _ in found]


def relieve(world: World) -> None:
    """Takes from a full disk what would stop all others, and lets a broker node in again once there is room."""
    with lifecycle.locked(world, wait=False) as mine:
        if not mine:
            return
        if choked := room.choked(world):
            print(f"rabbitmq of {choked.folder.name} has a full disk and is taken out", flush=True)
            room.take_out(choked)
        if burdened := room.burdened(world):
            print(f"postgres of {burdened.folder.name} has a full disk and gives way", flush=True)
            patroni.stop_server(burdened)  # its Patroni finds it dead and lets another take over
        for member in filter(room.may_return, world.members):
            print(f"rabbitmq of {member.folder.name} has room again", flush=True)
            broker.restart(member)


class Reunion:
    """Starts anew a node that was found estranged twice in a row; relieves the others of one whose disk is full."""

    def __init__(self, world: World) -> None:
        self._world, self._looks, self._before = world, 0, ""

    def look(self) -> None:
        self._looks += 1
        if not self._world.members or self._world.external("amqp") or self._looks % ESTRANGED_LOOKS:
            return
        relieve(self._world)
        found = broker.estranged(self._world)
        again, self._before = found is not None and found.name == self._before, found.name if found else ""
        if found is None or not again:
            return
        with lifecycle.locked(self._world, wait=False) as mine:
            if mine:
                print(f"rabbitmq of {found.folder.name} belongs to nobody and is started anew", flush=True)
                broker.start_anew(found)


def tried(act: Callable[[], object]) -> bool:
    """Whether it went well: a server that does not start (its disk is full) keeps nobody from looking after others."""
    try:
        act()
    except (Problem, OSError) as problem:
        print(problem, file=sys.stderr, flush=True)
        return False
    return True


def main(folder: str) -> None:
    """Looks until SIGTERM."""
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    world, pause = worlds.load(Path(folder)), LOOK_SECONDS
    reunion = Reunion(world)
    while not stopped.wait(pause):
        well = [tried(lambda: revive(world)), tried(reunion.look)]
        pause = LOOK_SECONDS if all(well) or world.members else PAUSE_SECONDS


if __name__ == "__main__":
    main(*sys.argv[1:])
