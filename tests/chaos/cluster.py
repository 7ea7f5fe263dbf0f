"""Faults of a cluster's nodes: killed, standing still, the one that leads a queue or takes writes among them."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import psutil

from ops import lifecycle, processes, rabbitmq_api, rabbitmq_node
from ops.cluster import broker, patroni
from ops.problems import Problem
from ops.waiting import wait_until
from ops.world import Member, World
from tests.chaos.row import Fault, Play, Row

FROZEN_SECONDS, ALONE_SECONDS = 40.0, 6.0
WHOLE_SECONDS = 120.0
BROKER_WITHIN, PRIMARY_WITHIN = 15.0, 30.0
"""Seconds within which somebody must be given a number again."""
LED = "intake.inbox"


def process_of(member: Member, name: str) -> psutil.Process:
    found = processes.find(member, name)
    if found is None:
        raise Problem(f"{name} of {member.folder.name} does not run")
    return found


def tree(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


@contextmanager
def standing_still(*processes_: psutil.Process) -> Iterator[None]:
    """Nothing closes and nothing is refused: they only stop."""
    for each in processes_:
        each.suspend()
    try:
        yield
    finally:
        for each in processes_:
            each.send_signal(signal.SIGCONT)


def is_whole(world: World) -> bool:
    """Every node is back in its cluster."""
    try:
        return broker.formed(world) and patroni.whole(world)
    except (OSError, Problem):
        return False


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


def broker_killed(number: int) -> Fault:
    """kill -9; the caretaker starts the node again, and it catches up."""

    def fault(play: Play) -> None:
        play.load.until(20)
        process_of(play.stage.world.members[number], "rabbitmq").kill()
        play.is_over()
        healed(play, BROKER_WITHIN)

    return fault


def leader_paused(play: Play) -> None:
    play.load.until(20)
    world = play.stage.world
    member = led_by(world, LED)
    play.note = f"{LED} led by {member.folder.name}"
    with standing_still(process_of(member, "rabbitmq")):
        play.is_over()
        play.load.go_on(FROZEN_SECONDS)
    healed(play, BROKER_WITHIN)


def primary_of(play: Play) -> Member:
    found = patroni.primary(play.stage.world)
    if found is None:
        raise Problem("no database takes writes")
    return found


def server_of(member: Member) -> psutil.Process:
    found = patroni.server_of(member)
    if found is None:
        raise Problem(f"PostgreSQL of {member.folder.name} does not run")
    return found


def primary_killed(play: Play, *, with_patroni: bool) -> None:
    """kill -9 of every process of the database, and of who watches it."""
    play.load.until(20)
    member = primary_of(play)
    play.note = f"primary was {member.folder.name}"
    watcher = [process_of(member, "patroni")] if with_patroni else []
    for each in [*watcher, *tree(server_of(member))]:
        each.kill()
    play.is_over()
    healed(play, PRIMARY_WITHIN)


def primary_paused(play: Play) -> None:
    """The database and its Patroni stand still, as on a machine that does; the old primary still believes it is one."""
    play.load.until(20)
    world, member = play.stage.world, primary_of(play)
    with standing_still(process_of(member, "patroni"), *tree(server_of(member))):
        play.is_over()
        play.load.go_on(FROZEN_SECONDS)
        if (other := patroni.primary(others(world, member))) is None:
            play.failed.append("nobody took over")
        else:
            play.note = f"{member.folder.name} gave way to {other.folder.name}"
    healed(play, PRIMARY_WITHIN)


def primary_alone(play: Play) -> None:
    """What the primary commits reaches no standby any more; then it dies, and does not come back before another took
    over. Whatever was answered meanwhile is asked for afterwards."""
    play.load.until(20)
    world, member = play.stage.world, primary_of(play)
    server, watcher = server_of(member), process_of(member, "patroni")
    for each in senders(server):
        each.suspend()
    play.load.go_on(ALONE_SECONDS)
    with lifecycle.locked(world):  # the caretaker would start it again
        for each in [watcher, *tree(server)]:
            each.kill()
        play.is_over()
        successor = lambda: patroni.primary(others(world, member))  # noqa: E731
        found = wait_until(successor, seconds=WHOLE_SECONDS, what="another primary", every=0.5)
    play.note = f"{member.folder.name} gave way to {found.folder.name}"
    healed(play, PRIMARY_WITHIN + ALONE_SECONDS)


def senders(server: psutil.Process) -> list[psutil.Process]:
    """The processes of a primary that send its log to standbys."""
    return [each for each in server.children() if "walsender" in " ".join(each.cmdline())]


def others(world: World, member: Member) -> World:
    """Only the other members: who stands still does not answer."""
    seen = World(world.folder, world.settings)
    left = [each for each in world.members if each.number != member.number]
    return type("Others", (World,), {"members": left})(seen.folder, seen.settings)


BROKER: dict[str, Fault] = {
    **{f"broker node {number + 1} kill -9": broker_killed(number) for number in range(3)},
    f"node that leads {LED} stands still {FROZEN_SECONDS:.0f} s": leader_paused,
}
DATABASE: dict[str, Fault] = {
    "primary kill -9": partial(primary_killed, with_patroni=False),
    "primary kill -9, and its Patroni": partial(primary_killed, with_patroni=True),
    f"primary stands still {FROZEN_SECONDS:.0f} s": primary_paused,
    "primary alone 6 s, then gone": primary_alone,
}
ROWS = [Row(name, fault, cases=200, pace=10.0, settle=120.0) for name, fault in {**BROKER, **DATABASE}.items()]
