"""The checkers against clusters that are broken on purpose: each has to lose something, and to be caught at it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from ops import lifecycle, provision, rabbitmq_api, rabbitmq_node
from ops.cluster import tending
from ops.environment import VHOST
from ops.waiting import wait_until
from ops.world import Member, World
from tests.chaos import databases
from tests.chaos.nodes import clear_away, is_whole, kill, process_of
from tests.chaos.row import Play, Row
from tests.chaos.stage import UNIT, Stage
from tests.stories.sql import rows

QUEUE = f"department.{UNIT}"
ORDERS, ON, AFTER = 3, 2, 20
WAIT_SECONDS = 120.0


def asynchronous(play: Play) -> None:
    """Commits that wait for nobody: what the primary said alone is gone with it."""
    world = play.stage.world
    tending.agree(world, synchronous_mode=False)
    wait_until(lambda: not synchronous(world), seconds=WAIT_SECONDS, what="commits that wait for nobody", every=0.5)
    databases.ruin(play)
    play.load.until(AFTER)


def synchronous(world: World) -> str:
    with provision.connected(world) as server:
        found = server.execute("show synchronous_standby_names").fetchone()
        return str(found[0]) if found else ""


def classic(play: Play) -> None:
    """A department's queue lies on one node alone, as a classic one does, and goes with it."""
    play.load.until(5)
    stage, world = play.stage, play.stage.world
    member = world.members[ON]
    stage.read_department()
    kept = made_again(world, {"x-queue-type": "classic"}, member)
    wait_until(lambda: waiting(world) >= ORDERS, seconds=WAIT_SECONDS, what="orders in it", every=0.5)
    with lifecycle.locked(world):
        kill(process_of(member, "rabbitmq"))
        clear_away("rabbitmq", of=member)
        tending.replace_broker(member)
    wait_until(lambda: is_whole(world), seconds=WAIT_SECONDS, what="a whole cluster", every=0.5)
    make(world, *kept)
    play.is_over()
    play.load.until(AFTER)


Made = tuple[dict[str, Any], list[dict[str, Any]]]


def made_again(world: World, arguments: dict[str, Any], member: Member) -> Made:
    """The department's queue once more, with other arguments and on one node; what it was before."""
    before = rabbitmq_api.call(world, "GET", at("queues"))
    bound = [each for each in rabbitmq_api.call(world, "GET", f"{at('queues')}/bindings") if each["source"]]
    rabbitmq_api.call(world, "DELETE", at("queues"))
    queue = {"durable": True, "arguments": {**before["arguments"], **arguments}}
    make(world, {**queue, "node": rabbitmq_node.node_name(member)}, bound)
    return {"durable": True, "arguments": before["arguments"]}, bound


def make(world: World, queue: dict[str, Any], bound: list[dict[str, Any]]) -> None:
    """What is left of a queue of this name goes first."""
    if QUEUE in rabbitmq_api.queues(world):
        rabbitmq_api.call(world, "DELETE", at("queues"))
    rabbitmq_api.call(world, "PUT", at("queues"), queue)
    for each in bound:
        path = f"bindings/{quote(VHOST, safe='')}/e/{quote(each['source'], safe='')}/q/{quote(QUEUE, safe='')}"
        told = {"routing_key": each["routing_key"], "arguments": each["arguments"]}
        rabbitmq_api.call(world, "POST", path, told)


def at(kind: str) -> str:
    return f"{kind}/{quote(VHOST, safe='')}/{quote(QUEUE, safe='')}"


def waiting(world: World) -> int:
    return int(rabbitmq_api.queues(world)[QUEUE].get("messages", 0))


def forget(stage: Stage) -> None:
    """What was lost here is no finding of the rows after it."""
    stage.orders |= {str(key) for (key,) in rows(stage.world, "dispatch", "select id from department_message")}


def row(words: str, fault: Any, *breaks: str, **more: Any) -> Row:
    name = f"broken cluster: {words}"
    return Row(name, fault, cases=60, pace=6.0, settle=20.0, breaks=frozenset(breaks), beyond=True, **more)


ROWS = [
    row("a classic queue", classic, "empty lost", after=forget),
    row("asynchronous replication", asynchronous, "exists lost"),  # last: it leaves a world that has lost something
]
