"""A node on a small disk of its own, which can be filled; and what a stage of several nodes needs before it starts."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ops import world as worlds
from ops.cluster import patroni, tending
from ops.waiting import wait_until
from ops.world import World
from tests.chaos import between, machine
from tests.chaos.control import Control
from tests.chaos.nodes import MACHINE_WITHIN, WHOLE_SECONDS, healed, successor_of
from tests.chaos.row import Play

SMALL, DISK_BYTES, PIECE_BYTES, FULL_SECONDS = 2, 2 << 30, 1 << 20, 30.0
"""Which member lives on a disk of its own, and how large that is."""


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


def impossible() -> str | None:
    """Why no disk can be filled here, or None."""
    return None if os.geteuid() == 0 else "needs root, to mount a disk that may be filled"


def full(play: Play) -> None:
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
