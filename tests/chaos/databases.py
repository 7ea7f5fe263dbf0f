"""Faults of the databases and of what they agree by: a primary killed, alone or cut off, a standby gone, no etcd."""

from __future__ import annotations

import time
from functools import partial

import psutil

from ops import lifecycle
from ops.cluster import patroni, tending
from ops.waiting import wait_until
from tests.chaos import between
from tests.chaos.nodes import (
    PRIMARY_WITHIN,
    WHOLE_SECONDS,
    believes,
    clear_away,
    healed,
    kill,
    primary_of,
    process_of,
    server_of,
    standby_of,
    standing_still,
    succeeded,
    successor_of,
    tree,
)
from tests.chaos.row import Fault, Play

FROZEN_SECONDS, ALONE_SECONDS, CUT_SECONDS, AWAY_SECONDS = 40.0, 6.0, 40.0, 25.0


def killed(play: Play, *, with_patroni: bool) -> None:
    """kill -9 of every process of the database, and of who watches it."""
    play.load.until(20)
    member = primary_of(play)
    watcher = [process_of(member, "patroni")] if with_patroni else []
    kill(*watcher, *tree(server_of(member)))
    play.is_over()
    succeeded(play, member)
    healed(play, PRIMARY_WITHIN)


def paused(play: Play) -> None:
    """The database and its Patroni stand still, as on a machine that does; the old primary still believes it is one."""
    play.load.until(20)
    member = primary_of(play)
    with standing_still(process_of(member, "patroni"), *tree(server_of(member))):
        play.is_over()
        succeeded(play, member)
        play.load.go_on(FROZEN_SECONDS - (time.monotonic() - play.over))
    healed(play, PRIMARY_WITHIN)


def alone(play: Play) -> None:
    """What the primary commits reaches no standby any more; then it dies, and does not come back before another took
    over. Whatever was answered meanwhile is asked for afterwards."""
    ruin(play)
    healed(play, PRIMARY_WITHIN + ALONE_SECONDS)


def ruin(play: Play) -> None:
    play.load.until(20)
    member = primary_of(play)
    server, watcher = server_of(member), process_of(member, "patroni")
    for each in senders(server):
        each.suspend()
    play.load.go_on(ALONE_SECONDS)
    with lifecycle.locked(play.stage.world):  # the caretaker would start it again
        kill(watcher, *tree(server))
        play.is_over()
        succeeded(play, member)


def senders(server: psutil.Process) -> list[psutil.Process]:
    """The processes of a primary that send its log to standbys."""
    return [each for each in server.children() if "walsender" in " ".join(each.cmdline())]


def cut_off(play: Play) -> None:
    """The primary's machine reaches neither the other databases nor etcd's majority; clients reach it.

    It believes for a while. What it then answers must be kept, so it may answer nothing that no other has.
    """
    play.load.until(20)
    member = primary_of(play)
    with between.severed(between.both_ways(member), between.DATABASE):
        play.is_over()
        found = wait_until(lambda: successor_of(member), seconds=WHOLE_SECONDS, what="another primary", every=0.3)
        took, still = time.monotonic() - play.over, believes(member)
        left = CUT_SECONDS - (time.monotonic() - play.over)
        play.load.go_on(max(left, 5.0))
        if believes(member):
            play.failed.append(f"{member.folder.name} still takes itself for the primary")
    words = ", both believed" if still else ", the old one had stepped down"
    play.note = f"{member.folder.name} gave way to {found.folder.name} after {took:.1f} s{words}"
    healed(play, PRIMARY_WITHIN)


def standby_lost(play: Play) -> None:
    """A standby is gone with all it wrote; Patroni makes it anew from the primary."""
    play.load.until(20)
    member = standby_of(play)
    with lifecycle.locked(play.stage.world):
        kill(process_of(member, "patroni"), *tree(server_of(member)))
        play.is_over()
        clear_away("postgres", of=member)
        play.load.go_on(5)
        tending.replace_database(member)
    healed(play, PRIMARY_WITHIN)
    play.note = f"{member.folder.name} rebuilt after {time.monotonic() - play.over:.0f} s"


def etcd_away(play: Play) -> None:
    """Nobody can agree on a primary: with `failsafe_mode` the one there is goes on while it reaches all others."""
    play.load.until(20)
    world, before = play.stage.world, primary_of(play)
    with lifecycle.locked(world):
        kill(*(process_of(member, "etcd") for member in world.members))
        play.is_over()
        play.load.go_on(AWAY_SECONDS)
        after = patroni.primary(world)
    play.note = "the primary stayed" if after and after.number == before.number else "the primary did not stay"
    healed(play, PRIMARY_WITHIN)


FAULTS: dict[str, Fault] = {
    "primary kill -9": partial(killed, with_patroni=False),
    "primary kill -9, and its Patroni": partial(killed, with_patroni=True),
    f"primary stands still {FROZEN_SECONDS:.0f} s": paused,
    f"primary alone {ALONE_SECONDS:.0f} s, then gone": alone,
    "standby lost for good, rebuilt": standby_lost,
    f"etcd away {AWAY_SECONDS:.0f} s": etcd_away,
}
WIRE: dict[str, Fault] = {f"primary cut off from the others {CUT_SECONDS:.0f} s": cut_off}
