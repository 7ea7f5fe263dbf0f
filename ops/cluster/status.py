"""How the nodes of a cluster stand."""

from __future__ import annotations

from collections.abc import Iterator

from ops import rabbitmq, rabbitmq_api
from ops.cluster import etcd, patroni
from ops.problems import Problem
from ops.world import Member, World


def nodes(world: World) -> Iterator[tuple[str, str]]:
    """A name and a word for each node of each server."""
    for member in world.members:
        told = patroni.state(member)
        yield f"postgres {member.number}", role(told)
    for member in world.members:
        yield f"rabbitmq {member.number}", broker(member)
    for member in world.members:
        yield f"etcd {member.number}", "yes" if etcd.answers(member) else "no"


def role(told: dict[str, object]) -> str:
    return f"{told['role']}" if patroni.runs(told) else "no"


def broker(member: Member) -> str:
    """Whether the node runs, and how many it sees."""
    if not rabbitmq.is_running(member):
        return "no"
    try:
        known = rabbitmq_api.call(member, "GET", "nodes", seconds=5)
    except (OSError, Problem):
        return "no"
    return f"yes, sees {sum(bool(node['running']) for node in known)}"
