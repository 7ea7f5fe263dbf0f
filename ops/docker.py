"""RabbitMQ by Docker, where nothing is installed and nothing can be."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from ops.ports import LOOPBACK
from ops.problems import Problem
from ops.rabbitmq_node import MQTT_RULES, PLUGINS
from ops.secret import write_private
from ops.world import World

IMAGE = "rabbitmq:4-management"


def start(world: World) -> None:
    """Runs the broker's public image on the world's ports; its data is a named volume. Errors: Problem."""
    if not answers():
        raise Problem(
            "RabbitMQ is missing: install `rabbitmq-server` (as root `shaodao up` does it with apt-get), "
            "or start Docker, or set AMQP_URI and SHAODAO_RABBITMQ_API to a broker of yours"
        )
    secrets = world.folder / "rabbitmq.env"
    password = world.settings["amqp"]["ops"]
    settings = {"USER": "ops", "PASS": password, "VHOST": "shaodao"}
    write_private(secrets, "".join(f"RABBITMQ_DEFAULT_{key}={value}\n" for key, value in settings.items()))
    name = container(world)
    command = ["run", "-d", "--rm", "--name", name, "--hostname", name, "--env-file", str(secrets)]
    command += ["-v", f"{name}:/var/lib/rabbitmq"]
    command += ["-p", f"{LOOPBACK}:{world.port('rabbitmq')}:5672"]
    command += ["-p", f"{LOOPBACK}:{world.port('rabbitmq_api')}:15672"]
    command += ["-p", f"{LOOPBACK}:{world.port('mqtt')}:1883"]
    for name, text in (("enabled_plugins", PLUGINS), ("conf.d/30-mqtt.conf", MQTT_RULES)):
        written = world.folder / f"rabbitmq.{Path(name).name}"
        written.write_text(text)
        command += ["-v", f"{written.resolve()}:/etc/rabbitmq/{name}:ro"]
    done = docker(*command, IMAGE)
    if done.returncode:
        raise Problem(f"Docker could not start RabbitMQ: {done.stderr.strip()}")
    secrets.with_suffix(".docker").touch()


def stop(world: World) -> None:
    docker("stop", "-t", "30", container(world))


def wipe(world: World) -> None:
    """Removes the volume; only a world that used Docker has one."""
    if used(world):
        docker("volume", "rm", "-f", container(world))


def is_running(world: World) -> bool:
    return used(world) and bool(docker("ps", "-q", "--filter", f"name=^{container(world)}$").stdout.strip())


def used(world: World) -> bool:
    return (world.folder / "rabbitmq.docker").exists()


def answers() -> bool:
    """Whether a Docker engine is in reach (its client alone is not enough)."""
    return shutil.which("docker") is not None and docker("info", "--format", "{{.ID}}").returncode == 0


def docker(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["docker", *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


def container(world: World) -> str:
    return f"shaodao-{world.name}-rabbitmq"
