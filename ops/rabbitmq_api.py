"""RabbitMQ's management API of a world, asked as the login `ops` (or as the operator's administrator)."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from ops.environment import VHOST
from ops.ports import LOOPBACK
from ops.problems import Problem
from ops.world import World

NODE_SECONDS = 10.0
"""A node of a cluster that does not answer a question in this time is passed over."""
SILENT: set[str] = set()
"""Nodes that did not answer: they are asked after the others."""
# the broker is a neighbour: a proxy of the environment is not asked
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def call(world: World, method: str, path: str, body: Any = None, *, seconds: float = 30) -> Any:
    """One call, for example `GET overview`; the answer's JSON. Errors: Problem naming the refusal, OSError."""
    if world.members and not (world.external("amqp") or world.external("rabbitmq_api")):
        return call_any(world, method, path, body, seconds=seconds)
    request = urllib.request.Request(f"{base(world)}/api/{path}", method=method)
    request.add_header("Authorization", f"Basic {credentials(world)}")
    if body is not None:
        request.add_header("Content-Type", "application/json")
        request.data = json.dumps(body).encode()
    try:
        with OPENER.open(request, timeout=seconds) as answer:
            text = answer.read()
    except urllib.error.HTTPError as error:
        detail = error.read().decode("utf8", errors="replace")
        raise Problem(f"RabbitMQ refused {method} {path}: {error.code} {detail}") from error
    return json.loads(text) if text else None


def call_any(world: World, method: str, path: str, body: Any = None, *, seconds: float = 30) -> Any:
    """One call to the first node of a cluster that answers. Errors: as `call`, of the last one."""
    *first, last = sorted(world.members, key=lambda member: member.folder.name in SILENT)
    for member in first:
        try:
            answer = call(
                member, method, path, body, seconds=min(seconds, NODE_SECONDS) if method == "GET" else seconds
            )
        except OSError:
            SILENT.add(member.folder.name)
        else:
            SILENT.discard(member.folder.name)
            return answer
    return call(last, method, path, body, seconds=seconds)


def answers(world: World) -> bool:
    """Whether the node lets us in and listens to services and pagers (it opens this API seconds before them)."""
    try:
        overview = call(world, "GET", "overview", seconds=5)
    except (OSError, Problem):
        return False
    spoken = {listener["protocol"] for listener in overview["listeners"]}
    return "amqp" in spoken and bool(spoken & {"mqtt", "mqtt/ssl"})


def queues(world: World) -> dict[str, dict[str, Any]]:
    """All queues of the virtual host by name: `messages`, `consumers`, … (at most one second old)."""
    found = call(world, "GET", f"queues/{quote(VHOST, safe='')}?disable_stats=false&enable_queue_totals=true")
    return {queue["name"]: queue for queue in found}


def base(world: World) -> str:
    if url := world.external("rabbitmq_api"):
        address = urlsplit(url)
        return f"{address.scheme}://{address.netloc.rpartition('@')[2]}"
    if world.external("amqp"):
        raise Problem("AMQP_URI names your own broker; set SHAODAO_RABBITMQ_API to its management address as well")
    return f"http://{LOOPBACK}:{world.port('rabbitmq_api')}"


def credentials(world: World) -> str:
    """Basic credentials; an external address carries the administrator's."""
    login, secret = "ops", world.settings["amqp"]["ops"]
    if url := world.external("rabbitmq_api") or world.external("amqp"):
        address = urlsplit(url)
        login, secret = unquote(address.username or ""), unquote(address.password or "")
    return base64.b64encode(f"{login}:{secret}".encode()).decode("ascii")
