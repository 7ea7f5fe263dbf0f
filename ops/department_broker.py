"""A department on the broker: its login, its queue, and what the login may touch."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from typing import Any
from urllib.parse import quote

from ops import rabbitmq_api
from ops.environment import VHOST
from ops.problems import Problem
from ops.waiting import wait_until
from ops.world import World

CUT_SECONDS = 15


def login(unit: str) -> str:
    return f"department.{unit}"


def queue(unit: str) -> str:
    return f"department.{unit}"


def furnish(world: World, unit: str) -> None:
    """The unit's quorum queue, bound to its own key alone. What is there already stays."""
    made = import_module("contracts.topology").department_queue(unit)
    rabbitmq_api.call(world, "POST", "definitions", {"queues": [made["queue"]], "bindings": [made["binding"]]})


def admit(world: World, unit: str, password: str) -> None:
    """Makes the login, or gives it another password; its rights are always exactly those of the contracts."""
    topology = import_module("contracts.topology")
    account, rights = topology.department_login(unit, password), topology.department_permissions(unit)
    user = {key: account[key] for key in ("password_hash", "hashing_algorithm", "tags")}
    rabbitmq_api.call(world, "PUT", f"users/{login(unit)}", user)
    at = f"{quote(VHOST, safe='')}/{login(unit)}"
    rabbitmq_api.call(world, "PUT", f"permissions/{at}", rights["permissions"])
    for topic in rights["topic_permissions"]:
        rabbitmq_api.call(world, "PUT", f"topic-permissions/{at}", topic)


def is_admitted(world: World, unit: str) -> bool:
    return login(unit) in {user["name"] for user in rabbitmq_api.call(world, "GET", "users")}


def admitted(world: World) -> set[str]:
    """The units that have a login."""
    names = (user["name"] for user in rabbitmq_api.call(world, "GET", "users"))
    return {name.removeprefix("department.") for name in names if name.startswith("department.")}


def cut(world: World, unit: str) -> None:
    """Closes every connection of the login: an old password opens no new one, and old connections end here."""
    at = f"connections/username/{login(unit)}"

    def gone() -> bool:
        with suppress(Problem):  # closed meanwhile
            rabbitmq_api.call(world, "DELETE", at)
        return not rabbitmq_api.call(world, "GET", at)

    wait_until(gone, seconds=CUT_SECONDS, what=f"connections of {login(unit)} closed", every=0.2)


def dismiss(world: World, unit: str) -> None:
    """Deletes the login; the broker closes its connections."""
    if is_admitted(world, unit):
        cut(world, unit)
        rabbitmq_api.call(world, "DELETE", f"users/{login(unit)}")
        cut(world, unit)


def drop_queue(world: World, unit: str) -> int:
    """Deletes the queue; how many unread messages went with it."""
    waiting = queues(world).get(unit)
    if waiting is None:
        return 0
    rabbitmq_api.call(world, "DELETE", f"queues/{quote(VHOST, safe='')}/{queue(unit)}")
    return int(waiting.get("messages", 0))


def queues(world: World) -> dict[str, dict[str, Any]]:
    """Department queues by unit."""
    found = rabbitmq_api.queues(world)
    return {name.removeprefix("department."): each for name, each in found.items() if name.startswith("department.")}
