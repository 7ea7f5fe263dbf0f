"""A full disk under one node: what would stop all others is taken from it until there is room again.

RabbitMQ's alarm of one node stops publishers at every node, and Patroni does not hand over from a PostgreSQL that
lives and refuses every write.
"""

from __future__ import annotations

import shutil

from ops import processes, rabbitmq_api, rabbitmq_node
from ops.cluster import patroni
from ops.problems import Problem
from ops.world import Member, World

FULL_BYTES, ROOM_BYTES = 50 << 20, 200 << 20
"""Below the one a node's alarm rings; above the other it may come back."""
TAKE_OUT_SECONDS = 5


def choked(world: World) -> Member | None:
    """The broker node that alone has a full disk, while the rest is a majority."""
    try:
        told = {node["name"]: node for node in rabbitmq_api.call(world, "GET", "nodes", seconds=2)}
    except (OSError, Problem):
        return None
    alarmed = [node for node in told.values() if node["running"] and node.get("disk_free_alarm")]
    free = [node for node in told.values() if node["running"] and not node.get("disk_free_alarm")]
    if len(alarmed) != 1 or len(free) <= len(world.members) // 2:
        return None
    return next(each for each in world.members if rabbitmq_node.node_name(each) == alarmed[0]["name"])


def take_out(member: Member) -> None:
    """Stops one broker node; `may_return` tells when it can be started again."""
    processes.stop(member, "rabbitmq", TAKE_OUT_SECONDS)


def may_return(member: Member) -> bool:
    """Whether this broker node was taken out and its disk has room by now."""
    out = not processes.pid_file(member, "rabbitmq").exists()
    return out and free(member) > ROOM_BYTES


def burdened(world: World) -> Member | None:
    """The member whose database takes writes and has no room for them, while another one runs and has."""
    full = [member for member in world.members if free(member) < FULL_BYTES]
    others = [member for member in world.members if free(member) > ROOM_BYTES and patroni.runs(patroni.state(member))]
    found = patroni.primary(world) if full and others else None
    return next((member for member in full if found and found.number == member.number), None)


def free(member: Member) -> int:
    """Bytes left where a member lives."""
    return shutil.disk_usage(member.folder).free
