"""The nodes of a cluster on stage: who leads, who takes writes, who stands still, and when all are back."""

from __future__ import annotations

import math
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil
import psycopg

from ops import processes, rabbitmq_api, rabbitmq_node
from ops.cluster import broker, etcd, patroni
from ops.ports import LOOPBACK
from ops.problems import Problem
from ops.waiting import wait_until
from ops.world import Member, World
from tests.chaos.row import Play

WHOLE_SECONDS = 120.0
BROKER_WITHIN, PRIMARY_WITHIN, MACHINE_WITHIN, EVER = 15.0, 30.0, 30.0, math.inf
"""Seconds within which somebody must be given a number again."""


def process_of(member: Member, name: str) -> psutil.Process:
    found = processes.find(member, name)
    if found is None:
        raise Problem(f"{name} of {member.folder.name} does not run")
    return found


def tree(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def kill(*doomed: psutil.Process) -> None:
    """kill -9; who died with another is dead as well."""
    for each in doomed:
        with suppress(psutil.NoSuchProcess):
            each.kill()
    psutil.wait_procs(doomed, timeout=10)


@contextmanager
def standing_still(*processes_: psutil.Process) -> Iterator[None]:
    """Nothing closes and nothing is refused: they only stop."""
    for each in processes_:
        each.suspend()
    try:
        yield
    finally:
        for each in processes_:
            with suppress(psutil.NoSuchProcess):
                each.send_signal(signal.SIGCONT)


def is_whole(world: World) -> bool:
    """Every node is back in its cluster, in its own eyes too."""
    try:
        return see_all(world) and patroni.whole(world) and all(map(etcd.answers, world.members))
    except (OSError, Problem):
        return False


def see_all(world: World) -> bool:
    names = {rabbitmq_node.node_name(member) for member in world.members}
    return all(broker.running_as_seen_by(member) == names for member in world.members)


def healed(play: Play, within: float) -> None:
    """From the fault's begin (`play.over`) to the next number given; then until every node is back."""
    struck, load = play.over, play.load
    next_one = lambda: load.answers.first_after(struck + 0.5)  # noqa: E731 - what was under way is no answer after it
    wait_until(lambda: next_one() is not None, seconds=WHOLE_SECONDS, what="an answer after the fault")
    wait_until(lambda: is_whole(play.stage.world), seconds=WHOLE_SECONDS, what="a whole cluster", every=0.5)
    play.stage.ready()
    load.until(20)
    if (silence := load.answers.silence()) > within:
        play.failed.append(f"silent for {silence:.1f} s, {within:.0f} allowed")


def led_by(world: World, queue: str) -> Member:
    """The member whose broker node leads a queue."""
    leader = rabbitmq_api.queues(world)[queue]["leader"]
    return next(each for each in world.members if rabbitmq_node.node_name(each) == leader)


def primary_of(play: Play) -> Member:
    found = patroni.primary(play.stage.world)
    if found is None:
        raise Problem("no database takes writes")
    return found


def standby_of(play: Play) -> Member:
    primary = primary_of(play)
    return next(each for each in play.stage.world.members if each.number != primary.number)


def server_of(member: Member) -> psutil.Process:
    found = patroni.server_of(member)
    if found is None:
        raise Problem(f"PostgreSQL of {member.folder.name} does not run")
    return found


def successor_of(member: Member) -> Member | None:
    """Who takes writes now, of all others: who stands still does not answer."""
    world = member.whole
    left = [each for each in world.members if each.number != member.number]
    return patroni.primary(type("Others", (World,), {"members": left})(world.folder, world.settings))


def succeeded(play: Play, member: Member) -> Member:
    """Until another database takes writes; the note says who and after how long."""
    what = f"another primary than {member.folder.name}"
    found = wait_until(lambda: successor_of(member), seconds=WHOLE_SECONDS, what=what, every=0.3)
    seconds = time.monotonic() - play.over
    play.note = f"{member.folder.name} gave way to {found.folder.name} after {seconds:.1f} s"
    return found


def asked(member: Member) -> psycopg.Connection:
    """A connection to this member's database, whatever it is now. Errors: psycopg's own."""
    password, port = member.settings["roles"]["postgres"], member.port("postgres")
    return psycopg.connect(
        host=LOOPBACK, port=port, user="postgres", password=password, dbname="postgres", connect_timeout=3
    )


def believes(member: Member) -> bool:
    """Whether this database takes itself for the primary."""
    with suppress(psycopg.Error), asked(member) as database:
        return database.execute("select pg_is_in_recovery()").fetchone() == (False,)
    return False


def clear_away(*names: str, of: Member) -> None:
    """The data of a node's servers is gone for good."""
    for name in names:
        shutil.rmtree(of.folder / name, ignore_errors=True)
