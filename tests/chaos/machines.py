"""Faults of whole machines: gone, with a full disk, with a wrong clock; and all of them renewed one after the other."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from ops import lifecycle, packages, processes
from ops import world as worlds
from ops.cluster import broker, etcd, patroni, tending
from ops.programs import PARTS
from ops.waiting import wait_until
from ops.world import SERVICES, Member, World
from tests.chaos import between, machine
from tests.chaos.control import Control
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
    successor_of,
    tree,
)
from tests.chaos.processes import renewed
from tests.chaos.row import Fault, Play
from tests.chaos.stage import RELAYS

SMALL, DISK_BYTES, PIECE_BYTES = 2, 2 << 30, 1 << 20
"""Which member lives on a disk of its own, and how large that is."""
GONE_SECONDS, FULL_SECONDS, WRONG_SECONDS, AHEAD_SECONDS = 30.0, 30.0, 15.0, 120
FAKETIME = "libfaketime.so.1"
TWICE = dict.fromkeys(SERVICES, 2)
SECONDS = tuple(f"{service}-2" for service in SERVICES)


def made(world: World) -> None:
    """Lets every server start through `machine`, and gives one member a small disk of its own where root may mount."""
    control = Control(world.folder / "chaos")
    world.settings["through"] = [sys.executable, "-m", "tests.chaos.machine", str(control.folder.resolve())]
    world.save()
    between.lift()
    disk(world).mkdir(exist_ok=True)
    if mounted(disk(world)):
        folder = world.members[SMALL].folder
        subprocess.run(["cp", "-a", f"{folder}/.", str(disk(world))], check=True)
        subprocess.run(["rm", "-r", str(folder)], check=True)
        folder.symlink_to(disk(world).resolve())


def mounted(place: Path) -> bool:
    """A disk in memory, so small that it can be filled."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=755", "shaodao-chaos", str(place)]
    return os.geteuid() == 0 and subprocess.run(command, capture_output=True).returncode == 0


def disk(world: World) -> Path:
    return world.folder.with_name(f"{world.folder.name}-disk")


@contextmanager
def cleared(name: str) -> Iterator[None]:
    """Around a stage of this name: what `made` made is gone afterwards, and what an aborted run left is gone before."""
    place = worlds.runs() / f"{name}-disk"
    gone = lambda: clear(place)  # noqa: E731
    if not (worlds.runs() / name / "settings.json").exists():
        gone()
    try:
        yield
    finally:
        between.lift()
        machine.disband(worlds.runs() / name)
        gone()


def clear(place: Path) -> None:
    while place.is_mount():
        subprocess.run(["umount", "--lazy", str(place)], check=True)
    if place.exists():
        place.rmdir()


def no_disk() -> str | None:
    """Why no disk can be filled here, or None."""
    return None if os.geteuid() == 0 else "needs root, to mount a disk that may be filled"


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


def full_disk(play: Play) -> None:
    """Nothing more can be written where the primary and a broker node live."""
    world = play.stage.world
    member = world.members[SMALL]
    tending.hand_over(world, member)
    wait_until(lambda: patroni.whole(world), seconds=WHOLE_SECONDS, what="standbys that follow", every=0.3)
    play.load.until(20)
    filler = disk(world) / "filler"
    fill(filler)
    play.is_over()
    try:
        until = time.monotonic() + FULL_SECONDS
        while time.monotonic() < until:
            play.load.go_on(0.5)
            fill(filler)
            if not play.note and (found := successor_of(member)):
                play.note = f"{found.folder.name} took over after {time.monotonic() - play.over:.1f} s"
    finally:
        filler.unlink()
    play.note = play.note or "nobody took over"
    healed(play, MACHINE_WITHIN)


def fill(path: Path) -> None:
    """Writes to the end of a file until the disk takes no more."""
    try:
        with path.open("ab", buffering=0) as file:
            while True:
                file.write(bytes(PIECE_BYTES))
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise


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
    with lifecycle.locked(world):  # the caretaker would start a node that is out
        broker.start_anew(member)
    whole_again(world)
    tending.restart_database(member)
    whole_again(world)


def whole_again(world: World) -> None:
    wait_until(lambda: is_whole(world), seconds=WHOLE_SECONDS, what="a whole cluster", every=0.5)


def upgraded(play: Play) -> None:
    """Every node of every server and every copy of every service is stopped and started, one after the other."""
    play.load.until(20)
    play.is_over()
    world = play.stage.world
    for member in world.members:
        processes.stop(member, "etcd", 10)
        etcd.start_member(member)
        whole_again(world)
        restarted(world, member)
    for names in (SECONDS, SERVICES, (*PARTS, *RELAYS)):
        renewed(play.stage, names)
    healed(play, PRIMARY_WITHIN)


FAULTS: dict[str, tuple[Fault, Callable[[], str | None]]] = {
    "a whole machine gone": (gone, lambda: None),
    "full disk under the primary and a broker node": (full_disk, no_disk),
    f"clock of the primary's machine {AHEAD_SECONDS} s ahead": (wrong_clock, no_faketime),
    "every node and every service renewed in turn": (upgraded, lambda: None),
}
