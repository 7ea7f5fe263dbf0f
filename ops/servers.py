"""The servers of a world, whether it has one node of each or a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from ops import postgres, processes, rabbitmq
from ops.cluster import broker, etcd, patroni
from ops.progress import Tell
from ops.world import World


def start_broker(world: World, tell: Tell) -> None:
    (broker if world.members else rabbitmq).start(world, tell)


def definitions_of(world: World) -> dict[str, Any]:
    made = rabbitmq.definitions_of(world)
    return broker.definitions(made) if world.members else made


def start_database(world: World) -> None:
    (patroni if world.members else postgres).start(world)


def stop(world: World, *, orderly: bool) -> None:
    """Broker and database side by side. Errors: Problem."""
    how: list[Callable[[], None]] = [
        partial((broker if world.members else rabbitmq).stop, world, orderly=orderly),
        partial(patroni.stop, world, orderly=orderly) if world.members else partial(postgres.stop, world),
    ]
    with ThreadPoolExecutor(2) as both:
        stopped = [both.submit(act) for act in how]
    for one in stopped:
        one.result()


def is_running(world: World, name: str) -> bool:
    """`name` is postgres or rabbitmq. Of a cluster one node is enough."""
    if name == "postgres":
        return patroni.is_running(world) if world.members else postgres.is_running(world)
    return broker.is_running(world) if world.members else rabbitmq.is_running(world)


def dead(world: World) -> Iterator[tuple[str, Callable[[], None]]]:
    """The servers that died, each with what starts it."""
    starts = {"rabbitmq": broker.restart, "etcd": etcd.start_member, "patroni": patroni.start_member}
    for member in world.members:
        for name, start in starts.items():
            if processes.left_behind(member, name):
                yield f"{name} of {member.folder.name}", partial(start, member)
    if not world.members and rabbitmq.died(world):
        yield "rabbitmq", partial(rabbitmq.start, world)
    if not world.members and postgres.died(world):
        yield "postgres", partial(postgres.start, world)
