"""Pagers by TLS, by our own device and the libraries of Python and Node: a real broker, certificates as in Compose."""

from __future__ import annotations

import json
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.client import CallbackAPIVersion, Client, MQTTv5, MQTTv311

from deploy.compose import keyring
from kernel.numbers import case_number
from ops import certificate, pager, rabbitmq, rabbitmq_api, rabbitmq_node
from ops.problems import Problem
from ops.waiting import wait_until
from ops.world import World
from tests.integration.ops.conftest import make_world
from tests.support.mqtt import Device, Refused

pytestmark = pytest.mark.integration
NUMBER = case_number("HE", datetime(2024, 7, 8).date(), "0101", 1)
OTHER = case_number("HE", datetime(2024, 7, 8).date(), "0101", 2)
MQTT_5_SINCE = (3, 13)
NODE_CLIENT = Path(__file__).with_name("press.js")


AUTHORITY, STRANGER = "authority.pem", "stranger.pem"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """A broker that speaks TLS to pagers."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(prefix="shaodao-test-") as folder:
        settings = keyring.complete({})  # as `secrets` makes them for Compose
        made = dict(keyring.files(settings))
        for name, setting in (("certificate", rabbitmq_node.CERTIFICATE), ("key", rabbitmq_node.KEY)):
            (Path(folder) / name).write_text(made[f"pagers/{name}"])
            patch.setenv(setting, str(Path(folder) / name))
        (Path(folder) / AUTHORITY).write_text(made["pagers/authority.pem"])
        (Path(folder) / STRANGER).write_text(certificate.authority()["certificate"])
        running = make_world("tls", patch, folder)
        try:
            rabbitmq.start(running)
            rabbitmq.define(running, rabbitmq.definitions_of(running))
            yield running
        finally:
            rabbitmq.stop(running, orderly=False)


def trusted(world: World, authority: str = AUTHORITY) -> str:
    return str(world.folder.parent / authority)


def trusting(world: World) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=trusted(world))


def waiting(world: World) -> int:
    return int(rabbitmq_api.queues(world)["notify.signals"].get("messages", 0))


def broker_version(world: World) -> tuple[int, ...]:
    told = rabbitmq_api.call(world, "GET", "overview")["rabbitmq_version"]
    return tuple(int(part) for part in told.split(".")[:2])


def arrives(world: World, before: int) -> None:
    wait_until(lambda: waiting(world) == before + 1, seconds=15, what="the press in notify's queue", every=0.3)


def test_given_a_device_that_trusts_the_certificate_when_it_presses_then_the_broker_has_it(world: World) -> None:
    before, (host, port) = waiting(world), pager.address(world)
    secret = pager.admit(world, NUMBER)
    line = Device.connect(host, port, pager.login(NUMBER), secret, trusting(world))
    line.publish(f"pager/{NUMBER}", b'{"signal": "PRESS", "id": "tls"}')
    line.close()
    arrives(world, before)


def test_given_a_device_without_tls_when_it_connects_then_it_is_not_heard(world: World) -> None:
    with pytest.raises((Refused, OSError)):
        Device.connect(*pager.address(world), pager.login(NUMBER), pager.admit(world, NUMBER))


def test_given_a_device_that_does_not_trust_it_when_it_connects_then_it_hangs_up_before_its_password_is_told(
    world: World,
) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        Device.connect(*pager.address(world), pager.login(NUMBER), "secret", ssl.create_default_context())


def test_given_only_one_of_the_files_when_the_broker_is_configured_then_the_setting_is_named(monkeypatch) -> None:
    monkeypatch.setenv(rabbitmq_node.CERTIFICATE, "/nowhere.pem")
    monkeypatch.delenv(rabbitmq_node.KEY, raising=False)
    with pytest.raises(Problem, match=rabbitmq_node.CERTIFICATE):
        rabbitmq_node.mqtt_listener("127.0.0.1:8883")


@contextmanager
def paho(world: World, **more: Any) -> Iterator[tuple[Client, list[str]]]:
    """A device by the MQTT library of Python, and what it was told."""
    said: list[str] = []
    client = Client(CallbackAPIVersion.VERSION2, pager.login(NUMBER), protocol=more.get("protocol", MQTTv311))
    client.username_pw_set(pager.login(NUMBER), pager.admit(world, NUMBER))
    client.tls_set(ca_certs=trusted(world, more.get("authority", AUTHORITY)))
    client.on_connect = lambda *told: said.append(f"connected: {told[3]}")
    client.on_disconnect = lambda *_: said.append("closed")
    client.on_publish = lambda *_: said.append("acknowledged")
    client.reconnect_delay_set(600, 600)
    client.connect(*pager.address(world))
    client.loop_start()
    try:
        yield client, said
    finally:
        client.loop_stop()


def until(said: list[str], count: int) -> list[str]:
    wait_until(lambda: len(said) >= count, seconds=15, what=f"{count} words of the broker", every=0.1)
    return said[:count]


@pytest.mark.parametrize("qos", [1, 2])
def test_given_the_mqtt_library_of_python_when_it_presses_then_the_broker_has_it_once(world: World, qos: int) -> None:
    """QoS 2 is taken as QoS 1 and acknowledged as 2."""
    before = waiting(world)
    with paho(world) as (device, said):
        until(said, 1)
        device.publish(f"pager/{NUMBER}", b'{"signal": "PRESS", "id": "paho"}', qos)
        assert ["connected: Success", "acknowledged"] == until(said, 2)
    arrives(world, before)


def test_given_the_mqtt_library_of_python_when_it_speaks_for_another_device_then_the_broker_hangs_up(
    world: World,
) -> None:
    with paho(world) as (device, said):
        until(said, 1)
        device.publish(f"pager/{OTHER}", b'{"signal": "PRESS"}', 1)
        assert ["connected: Success", "closed"] == until(said, 2)


def test_given_the_mqtt_library_of_python_when_it_trusts_another_authority_then_it_hangs_up(world: World) -> None:
    with pytest.raises(ssl.SSLCertVerificationError), paho(world, authority=STRANGER):
        pass


def test_given_the_mqtt_library_of_python_when_it_speaks_mqtt_5_then_an_older_broker_hangs_up_without_a_word(
    world: World,
) -> None:
    with paho(world, protocol=MQTTv5) as (_, said):
        newer = broker_version(world) >= MQTT_5_SINCE
        assert ["connected: Success" if newer else "closed"] == until(said, 1)


@pytest.mark.parametrize("version", [4, 5])
def test_given_the_mqtt_library_of_node_when_it_presses_then_the_broker_has_it_and_another_topic_hangs_up(
    world: World, version: int
) -> None:
    node = _installed()
    if version == 5 and broker_version(world) < MQTT_5_SINCE:
        pytest.skip("this broker speaks MQTT 3.1.1 only; 5 came with RabbitMQ 3.13")
    before, secret = waiting(world), pager.admit(world, NUMBER)
    told = [_node(node, world, secret, version, topic) for topic in (NUMBER, OTHER)]
    arrives(world, before)
    assert ["acknowledged", "closed"] == told


def test_given_the_library_of_node_when_it_trusts_another_authority_then_it_hangs_up(world: World) -> None:
    node = _installed()
    assert "refused" == _node(node, world, pager.admit(world, NUMBER), 4, NUMBER, STRANGER)


def _installed() -> str:
    node = shutil.which("node")
    if node is None or subprocess.run([node, "-e", "require('mqtt')"], env=_paths(), check=False).returncode:
        pytest.skip("Node or its package mqtt is not installed: apt-get install nodejs node-mqtt")
    return node


def _node(node: str, world: World, secret: str, version: int, number: str, authority: str = AUTHORITY) -> str:
    host, port = pager.address(world)
    given = {
        "host": host, "port": port, "protocol": "mqtts", "username": pager.login(NUMBER), "password": secret,
        "clientId": pager.login(NUMBER), "protocolVersion": version, "ca": trusted(world, authority),
    }  # fmt: skip
    command = [node, str(NODE_CLIENT), json.dumps(given), f"pager/{number}"]
    done = subprocess.run(command, env=_paths(), capture_output=True, text=True, timeout=30, check=True)
    return done.stdout.strip()


def _paths() -> dict[str, str]:
    """Debian keeps its packages of Node where a Node of another origin does not look."""
    return {"PATH": "/usr/bin:/usr/local/bin:/bin", "NODE_PATH": "/usr/share/nodejs:/usr/lib/nodejs"}
