"""Three RabbitMQ nodes that form one cluster: quorum queues on all of them, the minority of a partition pauses.

The first node of a new cluster starts by itself; the others find it by name (classic_config). A cluster that was
stopped starts all at once, since each waits for the tables of those that stopped after it.
"""

from __future__ import annotations

from typing import Any

from ops import packages, processes, rabbitmq, rabbitmq_api, rabbitmq_node
from ops.problems import Problem
from ops.progress import Tell
from ops.secret import password, write_private
from ops.waiting import wait_until
from ops.world import Member, World

FORM_SECONDS = 120
TOGETHER = """\
cluster_partition_handling = pause_minority
# a node that fell silent counts as down after this, not after a minute
net_ticktime = 8
queue_leader_locator = balanced
cluster_formation.peer_discovery_backend = classic_config
cluster_formation.node_cleanup.only_log_warning = true
"""
ADVANCED = "[{rabbit, [{quorum_tick_interval, 1000}]}, {aten, [{poll_interval, 500}]}].\n"
"""A queue whose leader fell silent chooses another one within seconds."""


def start(world: World, tell: Tell = lambda _: None) -> None:
    """Starts the nodes that do not run and waits until all are one cluster. Errors: Problem."""
    if world.external("amqp"):
        return
    program = rabbitmq_node.find_program()
    if program is None:
        tell("installing rabbitmq-server")
        program = rabbitmq_node.find_program() if packages.install("rabbitmq-server") else None
    if program is None:
        raise Problem("a cluster needs an installed rabbitmq-server")
    first, *others = world.members
    fresh = not (rabbitmq_node.home(first) / "data").exists()
    for member in (first, *others):
        start_node(member, str(program))
        if fresh and member is first:
            rabbitmq.wait_for_answer(member)
    for member in others:
        rabbitmq.wait_for_answer(member)
    wait_until(lambda: formed(world), seconds=FORM_SECONDS, what="one cluster of all broker nodes", every=0.3)


def start_node(member: Member, program: str) -> None:
    """Starts one node where it does not run."""
    if not rabbitmq.is_running(member):
        configure(member)
        processes.start_detached(member, "rabbitmq", [program], rabbitmq_node.environment(member))


def restart(member: Member) -> None:
    """Starts a node that died; the others run. Errors: Problem."""
    start_node(member, str(rabbitmq_node.find_program()))


def estranged(world: World) -> Member | None:
    """The node that came back from a standstill and belongs to nobody: all others hold it for down, and it them.

    `pause_minority` does not mend this (RabbitMQ 3.10.8): the node loses its connections and has them again within
    milliseconds, so it never stands in a minority. Only a start anew brings it back.
    """
    names = {rabbitmq_node.node_name(member): member for member in world.members}
    seen = {name: running_as_seen_by(member) for name, member in names.items()}
    for name, member in names.items():
        others = [found for other, found in seen.items() if other != name]
        if seen[name] == {name} and all(found and name not in found and len(found) > 1 for found in others):
            return member
    return None


def running_as_seen_by(member: Member) -> set[str]:
    """The nodes that run, in the eyes of one; none where it does not answer."""
    try:
        known = rabbitmq_api.call(member, "GET", "nodes", seconds=2)
    except (OSError, Problem):
        return set()
    return {node["name"] for node in known if node["running"]}


def replicas(world: World, queue: str) -> set[str]:
    """The nodes that hold a queue. Errors: KeyError where there is no such queue."""
    return set(rabbitmq_api.queues(world)[queue].get("members", ()))


def start_anew(member: Member) -> None:
    """Stops a node that runs, and starts it."""
    processes.stop(member, "rabbitmq", rabbitmq.STOP_SECONDS)
    restart(member)


def configure(member: Member) -> None:
    """The files of a single node, and what makes it one of several."""
    whole = member.whole
    folder = rabbitmq_node.home(member)
    folder.mkdir(mode=0o700, exist_ok=True)
    cookie = folder / ".erlang.cookie"
    if not cookie.exists():
        write_private(cookie, shared_cookie(whole))
        cookie.chmod(0o400)
    rabbitmq_node.write_configuration(member)
    names = [rabbitmq_node.node_name(each) for each in whole.members]
    nodes = "".join(f"cluster_formation.classic_config.nodes.{no} = {name}\n" for no, name in enumerate(names, 1))
    with (folder / "rabbitmq.conf").open("a") as configuration:
        configuration.write(TOGETHER + nodes)
    (folder / "advanced.config").write_text(ADVANCED)


def shared_cookie(world: World) -> str:
    if "cookie" not in world.settings:
        world.settings["cookie"] = password()
        world.save()
    return str(world.settings["cookie"])


def formed(world: World) -> bool:
    """Whether every node runs, and in one cluster."""
    known = rabbitmq_api.call(world, "GET", "nodes")
    return len([node for node in known if node["running"]]) == len(world.members)


def definitions(made: dict[str, Any]) -> dict[str, Any]:
    """The topology for several nodes: queues of calls are quorum queues too, else a service's calls end with a node."""
    kept = [{**queue, "arguments": {**queue["arguments"], "x-queue-type": "quorum"}} for queue in made["queues"]]
    return {**made, "queues": kept}


def stop(world: World, *, orderly: bool = True) -> None:
    """All nodes at once: one after the other the last would wait for a majority."""
    for member in world.members:
        if found := processes.find(member, "rabbitmq"):
            found.terminate() if orderly else found.kill()
    for member in world.members:
        processes.stop(member, "rabbitmq", rabbitmq.STOP_SECONDS if orderly else 0)
    rabbitmq.stop_epmd(world)


def is_running(world: World) -> bool:
    return any(map(rabbitmq.is_running, world.members))
