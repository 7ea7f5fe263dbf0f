"""What is done to a cluster by hand: other terms, another primary, a node whose data is gone replaced by a new one."""

from __future__ import annotations

import json
import shutil
import subprocess
import urllib.error
import urllib.request
from typing import Any

from ops import processes, rabbitmq, rabbitmq_node
from ops.cluster import broker, patroni
from ops.problems import Problem
from ops.rabbitmq_api import OPENER
from ops.waiting import wait_until
from ops.world import Member, World

TOOL_SECONDS = 120
HAND_OVER_SECONDS = 60.0


def agree(world: World, **terms: Any) -> None:
    """Changes what all databases go by, as `patronictl edit-config` does. Errors: Problem."""
    answers = [_asked(member, "PATCH", "config", terms) for member in world.members]
    if not any(done for done, _ in answers):
        raise Problem(f"no Patroni takes other terms now: {answers[0][1]}")


def hand_over(world: World, member: Member) -> None:
    """Lets this member's database become the one that takes writes, as `patronictl switchover` does.

    Errors: Problem where Patroni refuses, TimeoutError.
    """
    before = patroni.primary(world)
    if before is None or before.number == member.number:
        return
    told = ""

    def taken() -> bool:
        nonlocal told
        done, told = _asked(before, "POST", "switchover", {"leader": before.name, "candidate": member.name})
        return done

    try:  # a standby that has just come is not yet one that commits may wait for
        wait_until(taken, seconds=HAND_OVER_SECONDS, every=1.0)
    except TimeoutError as error:
        raise Problem(f"Patroni does not hand over to {member.name}: {told}") from error
    now = lambda: (found := patroni.primary(world)) is not None and found.number == member.number  # noqa: E731
    wait_until(now, seconds=HAND_OVER_SECONDS, what=f"{member.name} takes writes", every=0.3)


def _asked(member: Member, method: str, path: str, body: dict[str, Any]) -> tuple[bool, str]:
    """Whether one Patroni did it, and its words."""
    request = urllib.request.Request(f"http://{patroni.place(member, 'patroni')}/{path}", method=method)
    request.add_header("Content-Type", "application/json")
    request.data = json.dumps(body).encode()
    try:
        with OPENER.open(request, timeout=HAND_OVER_SECONDS) as answer:
            return answer.status < 300, answer.read().decode()
    except urllib.error.HTTPError as error:
        return False, error.read().decode(errors="replace")
    except OSError as error:
        return False, str(error)


def replace_broker(member: Member) -> None:
    """A node that is down and whose data is gone: forgotten by the others, begun anew, given its queues' replicas.

    Nothing regrows by itself, and a node that is not forgotten first refuses to join. Errors: Problem.
    """
    other = next(each for each in member.whole.members if each.number != member.number)
    shutil.rmtree(rabbitmq_node.home(member), ignore_errors=True)
    name = rabbitmq_node.node_name(member)
    tool(other, "rabbitmqctl", "forget_cluster_node", name)
    broker.restart(member)
    rabbitmq.wait_for_answer(member)
    tool(other, "rabbitmq-queues", "grow", name, "all")


def replace_database(member: Member) -> None:
    """A database that is down and whose data is gone: Patroni copies the primary's. Errors: Problem."""
    patroni.stop_server(member)
    shutil.rmtree(patroni.folder(member), ignore_errors=True)
    patroni.start_member(member)


def restart_database(member: Member) -> None:
    """Patroni stops its PostgreSQL, hands over where it is the primary, and both are started."""
    processes.stop(member, "patroni", patroni.STOP_SECONDS)
    patroni.start_member(member)


def tool(member: Member, name: str, *words: str) -> str:
    """One of the broker's own commands at one node; what it says. Errors: Problem with its words."""
    program = rabbitmq_node.find_program()
    if program is None:
        raise Problem("no rabbitmq-server is installed")
    environment = rabbitmq_node.environment(member)
    command = [str(program.with_name(name)), "-n", environment["RABBITMQ_NODENAME"], *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=TOOL_SECONDS)
    if done.returncode:
        raise Problem(f"{name} {' '.join(words)}: {done.stderr or done.stdout}")
    return done.stdout
