"""A project-local RabbitMQ node: start, stop, and import of the generated definitions.

The node has its own name, cookie, configuration, data, log, home, distribution port and epmd, all in the world's
directory, so that it meets no system node. There never is a `guest`: the first login is `ops`, with a password made up
for this world.
"""

from __future__ import annotations

import shutil
import subprocess
from contextlib import suppress
from importlib import import_module
from typing import Any

from ops import docker, packages, processes, rabbitmq_api, rabbitmq_node
from ops.ports import is_open
from ops.problems import Problem, tail
from ops.progress import Tell
from ops.secret import password
from ops.waiting import wait_until
from ops.world import World

START_SECONDS = 90
STOP_SECONDS = 30
DEFINE_SECONDS = 120


def start(world: World, tell: Tell = lambda _: None) -> None:
    """Starts the world's node and waits until it answers. Does nothing when it runs.

    Without an installed program it is installed (root, apt-get), else run by Docker. Errors: Problem if neither works.
    """
    if world.external("amqp") or is_running(world):
        return
    program = rabbitmq_node.find_program()
    if program is None:
        tell("installing rabbitmq-server")
        program = rabbitmq_node.find_program() if packages.install("rabbitmq-server") else None
    # a node that was killed has left its name server behind
    stop_epmd(world)
    for port in ("rabbitmq", "rabbitmq_api", "rabbitmq_distribution", "epmd", "mqtt"):
        world.renew_taken_port(port)
    if program is None:
        docker.start(world)
    else:
        rabbitmq_node.write_configuration(world)
        processes.start_detached(world, "rabbitmq", [str(program)], rabbitmq_node.environment(world))
    wait_for_answer(world)


def wait_for_answer(world: World) -> None:
    def answers() -> bool:
        if not is_running(world):
            raise Problem(f"RabbitMQ stopped while starting; the end of its log:\n{log_tail(world)}")
        return rabbitmq_api.answers(world)

    try:
        wait_until(answers, seconds=START_SECONDS, every=0.1)
    except TimeoutError as error:
        raise Problem(f"RabbitMQ did not answer within {START_SECONDS} s:\n{log_tail(world)}") from error


def stop(world: World, *, orderly: bool = True) -> None:
    """Stops the node (SIGTERM: Erlang closes queues and files, about 8 s), then its epmd.

    orderly=False kills it at once: for a world whose data goes with it.
    """
    if docker.is_running(world):
        docker.stop(world)
    processes.stop(world, "rabbitmq", STOP_SECONDS if orderly else 0)
    stop_epmd(world)


def stop_epmd(world: World) -> None:
    """Ends the node's name server; it refuses until it has noticed that its node is gone."""
    epmd, port = shutil.which("epmd"), world.port("epmd")
    if epmd is None:
        return

    def gone() -> bool:
        if not is_open(port):
            return True
        subprocess.run([epmd, "-port", str(port), "-kill"], capture_output=True, check=False)
        return False

    # somebody else may listen there by now: then the next start takes another port
    with suppress(TimeoutError):
        wait_until(gone, seconds=3, every=0.1)


def is_running(world: World) -> bool:
    return processes.find(world, "rabbitmq") is not None or docker.is_running(world)


def died(world: World) -> bool:
    """Whether this world's node ended without having been stopped."""
    return processes.left_behind(world, "rabbitmq")


def define(world: World, definitions: dict[str, Any]) -> None:
    """Imports exchanges, queues, logins and permissions; what is there already stays as it is."""
    rabbitmq_api.call(world, "POST", "definitions", definitions, seconds=DEFINE_SECONDS)


def definitions_of(world: World) -> dict[str, Any]:
    """The topology generated from the contracts, with this world's passwords (a login new to it gets one)."""
    topology = import_module("contracts.topology")
    passwords = Passwords(world.settings["amqp"])
    definitions: dict[str, Any] = topology.definitions(passwords)
    world.settings["amqp"] = dict(passwords)
    world.save()
    return definitions


class Passwords(dict[str, str]):
    """Passwords by login; an unknown login is given one when asked for."""

    def __missing__(self, login: str) -> str:
        return self.setdefault(login, password())


def log_tail(world: World) -> str:
    return tail(world.logs / "rabbitmq.log")
