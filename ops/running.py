"""The world a command works on, asked for its servers first: without them there would be a traceback."""

from __future__ import annotations

from urllib.parse import urlsplit

from ops import rabbitmq_api, servers
from ops import world as worlds
from ops.ports import is_open
from ops.problems import Problem
from ops.world import World

# names, and the port where an operator's address has none
SERVERS = {"postgres": ("PostgreSQL", 5432), "rabbitmq": ("RabbitMQ", 15672)}


def running(*needed: str) -> World:
    """The world of this command. Errors: Problem when there is none or a server it needs is down."""
    world = worlds.load(worlds.named())
    for server in needed or ("postgres",):
        if url := external(world, server):
            refuse_silent(server, url)
        elif not servers.is_running(world, server):
            raise Problem(f"world {world.name} does not run; `shaodao up` starts it")
    return world


def external(world: World, server: str) -> str | None:
    """The operator's own server, where the world has none. Errors: Problem for a broker without management address."""
    if server == "rabbitmq":
        return rabbitmq_api.base(world) if world.external("amqp") or world.external("rabbitmq_api") else None
    return world.external(server)


def refuse_silent(server: str, url: str) -> None:
    """Errors: Problem when nobody listens at the operator's address."""
    name, usual = SERVERS[server]
    place = urlsplit(url)
    host, port = place.hostname or "localhost", place.port or usual
    if not is_open(port, host):
        raise Problem(f"{name} at {host}:{port} does not answer")
