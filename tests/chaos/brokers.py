"""Faults of the broker's nodes: killed, standing still, gone for good, cut off from the others."""

from __future__ import annotations

import time
from collections import Counter

from ops import lifecycle, rabbitmq_api, rabbitmq_node
from ops.cluster import broker, tending
from ops.ports import is_open
from ops.waiting import wait_until
from ops.world import Member, World
from tests.chaos import between
from tests.chaos.nodes import BROKER_WITHIN, clear_away, healed, kill, led_by, process_of, standing_still
from tests.chaos.row import Fault, Play

LED = "intake.inbox"
FROZEN_SECONDS, CUT_SECONDS, PAUSED_SECONDS = 20.0, 25.0, 60.0
FLAPS, FLAP_SECONDS = 4, 4.0


def node(play: Play, number: int) -> Member:
    """The member with this number, and what it leads in the note."""
    member = play.stage.world.members[number]
    if led_by(play.stage.world, LED).number == member.number:
        play.note = f"it led {LED}"
    return member


def killed(number: int) -> Fault:
    """kill -9; the caretaker starts the node again, and it catches up."""

    def fault(play: Play) -> None:
        play.load.until(20)
        kill(process_of(node(play, number), "rabbitmq"))
        play.is_over()
        healed(play, BROKER_WITHIN)

    return fault


def paused(number: int) -> Fault:
    """No connection closes: it only stops answering, and goes on later."""

    def fault(play: Play) -> None:
        play.load.until(20)
        with standing_still(process_of(node(play, number), "rabbitmq")):
            play.is_over()
            play.load.go_on(FROZEN_SECONDS)
        healed(play, BROKER_WITHIN)

    return fault


def replaced(play: Play) -> None:
    """The node that leads a queue is gone with all it wrote; a new one takes its place."""
    play.load.until(20)
    world = play.stage.world
    member = led_by(world, LED)
    with lifecycle.locked(world):  # the caretaker would start it with nothing, and it would be refused
        kill(process_of(member, "rabbitmq"))
        play.is_over()
        clear_away("rabbitmq", of=member)
        play.load.go_on(5)
        tending.replace_broker(member)
    healed(play, BROKER_WITHIN)
    name = rabbitmq_node.node_name(member)
    if name not in broker.replicas(world, LED):
        play.failed.append(f"{LED} has no replica on the new node")
    play.note = f"{member.folder.name} led {LED}; replaced after {time.monotonic() - play.over:.0f} s"


def cut_off(play: Play) -> None:
    """One node no longer reaches the others, nor they it; clients reach all. It has to pause, and to come back."""
    play.load.until(20)
    member = busiest(play.stage.world)
    with between.severed(between.both_ways(member), between.BROKER):
        play.is_over()
        wait_until(lambda: pauses(member), seconds=PAUSED_SECONDS, what="the minority to pause", every=0.3)
        play.note = f"{member.folder.name}, where most clients were, paused after {time.monotonic() - play.over:.1f} s"
        play.load.go_on(CUT_SECONDS - (time.monotonic() - play.over))
    healed(play, BROKER_WITHIN)


def busiest(world: World) -> Member:
    """The member most clients are connected to."""
    names = {rabbitmq_node.node_name(member): member for member in world.members}
    found = Counter(each["node"] for each in rabbitmq_api.call(world, "GET", "connections"))
    return names[found.most_common(1)[0][0]]


def pauses(member: Member) -> bool:
    """Whether the node's process lives and takes nobody in: `pause_minority` stops all but Erlang itself."""
    process_of(member, "rabbitmq")
    return not is_open(member.port("rabbitmq"))


def heard_only(play: Play) -> None:
    """One node is heard and hears nothing."""
    play.load.until(20)
    member = busiest(play.stage.world)
    with between.severed(between.to(member), between.BROKER):
        play.is_over()
        began = play.over
        while time.monotonic() - began < CUT_SECONDS:
            play.load.go_on(0.3)
            if not play.note and pauses(member):
                after = time.monotonic() - began
                play.note = f"{member.folder.name}, where most clients were, paused after {after:.1f} s"
    play.note = play.note or f"{member.folder.name}, where most clients were, did not pause"
    healed(play, BROKER_WITHIN)


def flapping(play: Play) -> None:
    """The wire of one node comes and goes, shorter than anybody's patience: nobody counts as down, nobody leaves.

    What people wait is as long as it lasts; the limit counts from its end.
    """
    play.load.until(20)
    member = led_by(play.stage.world, LED)
    for _ in range(FLAPS):
        with between.severed(between.both_ways(member), between.BROKER):
            play.load.go_on(FLAP_SECONDS)
        play.load.go_on(FLAP_SECONDS)
    play.note = f"{member.folder.name} led {LED}, afterwards {led_by(play.stage.world, LED).folder.name}"
    play.is_over()
    healed(play, 2 * FLAPS * FLAP_SECONDS + BROKER_WITHIN)


FAULTS: dict[str, Fault] = {
    **{f"broker node {number + 1} kill -9": killed(number) for number in range(3)},
    **{f"broker node {number + 1} stands still {FROZEN_SECONDS:.0f} s": paused(number) for number in range(3)},
    f"node that leads {LED} lost for good, replaced": replaced,
}
WIRE: dict[str, Fault] = {
    f"broker node cut off from the others {CUT_SECONDS:.0f} s": cut_off,
    f"broker node hears nothing {CUT_SECONDS:.0f} s": heard_only,
    f"broker node's wire comes and goes {FLAPS} × {FLAP_SECONDS:.0f} s": flapping,
}
