"""`shaodao pager …`: the MQTT login of a device comes, gets a new password, goes."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from urllib.parse import quote, urlsplit

import typer

from kernel.numbers import check, kind_of
from ops import rabbitmq_api, rabbitmq_node
from ops.department_units import here
from ops.environment import VHOST
from ops.ports import LOOPBACK
from ops.problems import Problem
from ops.secret import password
from ops.world import World

HELP = "Pagers that speak MQTT: each has a login of its own and may publish to its own topic alone."
USUAL_PORT, BY_TLS = 1883, 8883
app = typer.Typer(help=HELP, no_args_is_help=True)
Number = typer.Argument(help="the device's number, for example HE202407080101000010", metavar="NUMBER")


@app.command("admit")
def admit_(number: str = Number) -> None:
    """Make the login of a device, or give it a new password; print what is set in the device."""
    world = here()
    if not check(number) or kind_of(number) != "HE":
        raise Problem(f"{number} is no number of a pager")
    host, port = address(world)
    secret = admit(world, number)
    tls = "yes" if rabbitmq_node.speaks_tls(world) else "no"
    if world.settings.get("pagers"):
        port, tls = BY_TLS, "yes"  # Compose: beside the plain port, which is for its own machine
    typer.echo(
        f"host {host}\nport {port}\ntls {tls}\nlogin {login(number)}\npassword {secret}\ntopic pager/{number}\nqos 1"
    )


@app.command("dismiss")
def dismiss_(number: str = Number) -> None:
    """Delete the login of a device and close its connection."""
    dismiss(here(), number)
    typer.echo(f"{number} has no login any more")


def admit(world: World, number: str) -> str:
    """The password of the device's login, whose rights are always exactly those of the contracts."""
    topology, secret = import_module("contracts.topology"), password()
    account, rights = topology.pager_login(number, secret), topology.pager_permissions(number)
    user = {key: account[key] for key in ("password_hash", "hashing_algorithm", "tags")}
    rabbitmq_api.call(world, "PUT", f"users/{login(number)}", user)
    at = f"{quote(VHOST, safe='')}/{login(number)}"
    rabbitmq_api.call(world, "PUT", f"permissions/{at}", rights["permissions"])
    for topic in rights["topic_permissions"]:
        rabbitmq_api.call(world, "PUT", f"topic-permissions/{at}", topic)
    cut(world, number)
    return secret


def dismiss(world: World, number: str) -> None:
    """Errors: Problem where it has none."""
    rabbitmq_api.call(world, "DELETE", f"users/{login(number)}")
    cut(world, number)


def cut(world: World, number: str) -> None:
    """Closes what is open under the old password."""
    with suppress(Problem):
        rabbitmq_api.call(world, "DELETE", f"connections/username/{login(number)}")


def login(number: str) -> str:
    return f"pager-{number}"


def address(world: World) -> tuple[str, int]:
    """Where devices connect, as this machine sees it."""
    if url := world.external("amqp"):
        return str(urlsplit(url).hostname), USUAL_PORT
    return LOOPBACK, world.port("mqtt")
