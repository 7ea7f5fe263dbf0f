"""Faults of whole machines: gone, with a wrong clock, with a full disk; and all of them renewed one after the other."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from ops import lifecycle, packages, processes
from ops.cluster import broker, etcd, tending
from ops.programs import PARTS
from ops.waiting import wait_until
from ops.world import SERVICES, Member, World
from tests.chaos import between, disks
from tests.chaos.nodes import (
    MACHINE_WITHIN,
    PRIMARY_WITHIN,
    WHOLE_SECONDS,
    asked,
    healed,
    is_whole,
    kill,
    primary_of,
    process_of,
    server_of,
    standby_of,
    succeeded,
    tree,
)
from tests.chaos.processes import renewed
from tests.chaos.row import Fault, Play
from tests.chaos.stage import RELAYS

GONE_SECONDS, WRONG_SECONDS, AHEAD_SECONDS = 30.0, 15.0, 120
FAKETIME = "libfaketime.so.1"
TWICE = dict.fromkeys(SERVICES, 2)
SECONDS = tuple(f"{service}-2" for service in SERVICES)


def no_faketime() -> str | None:
    """Why no server can be told another time here, or None."""
    return None if faketime() or packages.install("libfaketime") else "needs libfaketime"


def faketime() -> Path | None:
    return next(Path("/usr/lib").glob(f"*/faketime/{FAKETIME}"), None)


def gone(play: Play) -> None:
    """The primary's machine without a word: a broker node, a database, an etcd member, one of each service."""
    play.load.until(20)
    stage, member = play.stage, primary_of(play)
    servers = [process_of(member, name) for name in ("rabbitmq", "patroni", "etcd")] + tree(server_of(member))
    with lifecycle.locked(stage.world), nullcontext() if between.impossible() else between.unplugged(member):
        for name in SECONDS:
            stage.strike(name, signal.SIGKILL)
        stage.plan()
        kill(*servers)
        play.is_over()
        succeeded(play, member)
        play.load.go_on(GONE_SECONDS - (time.monotonic() - play.over))
    stage.plan(scale=TWICE)
    healed(play, MACHINE_WITHIN)


def wrong_clock(play: Play) -> None:
    """Broker node, Patroni and PostgreSQL of one machine are two minutes ahead, and its database becomes the primary.

    etcd is a static program and keeps the right time.
    """
    world, member = play.stage.world, standby_of(play)
    play.load.until(20)
    play.is_over()
    ahead = {
        "LD_PRELOAD": str(faketime()), "FAKETIME": f"+{AHEAD_SECONDS}s", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }  # fmt: skip
    play.stage.control.tell(f"{member.folder.name}.environment", ahead)
    try:
        restarted(world, member)
        tending.hand_over(world, member)
        if (seconds := ahead_by(member)) < AHEAD_SECONDS - 5:
            play.failed.append(f"its clock is {seconds:.0f} s ahead only")
        play.load.go_on(WRONG_SECONDS)
    finally:
        play.stage.control.take_back(f"{member.folder.name}.environment")
    restarted(world, member)
    healed(play, PRIMARY_WITHIN)


def ahead_by(member: Member) -> float:
    """Seconds by which the clock of a member's database is ahead of ours."""
    with asked(member) as database:
        found = database.execute("select extract(epoch from clock_timestamp())::float8").fetchone()
        assert found is not None
        return float(found[0]) - time.time()


def restarted(world: World, member: Member) -> None:
    """A member's broker node and database, one after the other; then the cluster is whole."""
    for again in (broker.start_anew, tending.restart_database):
        with lifecycle.locked(world):  # the caretaker would start what is down, and two would run
            again(member)
        whole_again(world)


def whole_again(world: World) -> None:
    wait_until(lambda: is_whole(world), seconds=WHOLE_SECONDS, what="a whole cluster", every=0.5)


def upgraded(play: Play) -> None:
    """Every node of every server and every copy of every service is stopped and started, one after the other."""
    play.load.until(20)
    play.is_over()
    world = play.stage.world
    for member in world.members:
        with lifecycle.locked(world):
            processes.stop(member, "etcd", 10)
            etcd.start_member(member)
        whole_again(world)
        restarted(world, member)
    for names in (SECONDS, SERVICES, (*PARTS, *RELAYS)):
        renewed(play.stage, names)
    healed(play, PRIMARY_WITHIN)


FAULTS: dict[str, tuple[Fault, Callable[[], str | None]]] = {
    "a whole machine gone": (gone, lambda: None),
    "full disk under the primary and a broker node": (disks.full, disks.impossible),
    f"clock of the primary's machine {AHEAD_SECONDS} s ahead": (wrong_clock, no_faketime),
    "every node and every service renewed in turn": (upgraded, lambda: None),
}
