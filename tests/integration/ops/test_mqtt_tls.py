"""Pagers by TLS, with our own device and the library of Node: a real broker, a certificate made for the test."""

from __future__ import annotations

import json
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from kernel.numbers import case_number
from ops import pager, rabbitmq, rabbitmq_api, rabbitmq_node
from ops.ports import LOOPBACK
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


def certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed one for the loopback address, and its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "pagers")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(LOOPBACK))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    files = folder / "pagers.pem", folder / "pagers.key"
    files[0].write_bytes(made.public_bytes(Encoding.PEM))
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return files


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """A broker that speaks TLS to pagers."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(prefix="shaodao-test-") as folder:
        chain, key = certificate(Path(folder))
        patch.setenv(rabbitmq_node.CERTIFICATE, str(chain))
        patch.setenv(rabbitmq_node.KEY, str(key))
        running = make_world("tls", patch, folder)
        try:
            rabbitmq.start(running)
            rabbitmq.define(running, rabbitmq.definitions_of(running))
            yield running
        finally:
            rabbitmq.stop(running, orderly=False)


def trusting(world: World) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(world.folder.parent / "pagers.pem"))


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


@pytest.mark.parametrize("version", [4, 5])
def test_given_the_mqtt_library_of_node_when_it_presses_then_the_broker_has_it_and_another_topic_hangs_up(
    world: World, version: int
) -> None:
    node = shutil.which("node")
    if node is None or subprocess.run([node, "-e", "require('mqtt')"], env=_paths(), check=False).returncode:
        pytest.skip("Node or its package mqtt is not installed: apt-get install nodejs node-mqtt")
    if version == 5 and broker_version(world) < MQTT_5_SINCE:
        pytest.skip("this broker speaks MQTT 3.1.1 only; 5 came with RabbitMQ 3.13")
    before, secret = waiting(world), pager.admit(world, NUMBER)
    told = [_node(node, world, secret, version, topic) for topic in (NUMBER, OTHER)]
    arrives(world, before)
    assert ["acknowledged", "closed"] == told


def _node(node: str, world: World, secret: str, version: int, number: str) -> str:
    host, port = pager.address(world)
    given = {
        "host": host, "port": port, "protocol": "mqtts", "username": pager.login(NUMBER), "password": secret,
        "clientId": pager.login(NUMBER), "protocolVersion": version, "ca": str(world.folder.parent / "pagers.pem"),
    }  # fmt: skip
    command = [node, str(NODE_CLIENT), json.dumps(given), f"pager/{number}"]
    done = subprocess.run(command, env=_paths(), capture_output=True, text=True, timeout=30, check=True)
    return done.stdout.strip()


def _paths() -> dict[str, str]:
    """Debian keeps its packages of Node where a Node of another origin does not look."""
    return {"PATH": "/usr/bin:/usr/local/bin:/bin", "NODE_PATH": "/usr/share/nodejs:/usr/lib/nodejs"}
