"""A broker node, a database and the toy service with its relay, as real processes on this machine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from kombu import Connection, Exchange
from sqlalchemy import NullPool, create_engine, text

from bus.failing import RETRIES
from chassis.clock import system_clock
from chassis.identity import Principal, Signer
from contracts.topology import DELIVERY_LIMIT
from ops import ports, rabbitmq, rabbitmq_api, world
from ops.waiting import wait_until
from tests.support.postgres import TestServer
from tests.toys.things.tables import Base

RETRY_MS = {"5s": 50, "30s": 60, "5m": 70, "30m": 80}  # the same queues as in production, with a shorter patience
REPOSITORY = Path(__file__).resolve().parents[2]


def key_pair() -> tuple[str, str]:
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return private, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def quorum(name: str, **arguments: Any) -> dict[str, Any]:
    arguments = {"x-queue-type": "quorum", **arguments}
    return {"name": name, "vhost": "shaodao", "durable": True, "auto_delete": False, "arguments": arguments}


def exchange(name: str, kind: str) -> dict[str, Any]:
    return {"name": name, "vhost": "shaodao", "type": kind, "durable": True, "auto_delete": False, "arguments": {}}


def bind(source: str, queue: str, key: str) -> dict[str, Any]:
    return {
        "source": source, "vhost": "shaodao", "destination": queue, "destination_type": "queue", "routing_key": key,
        "arguments": {},
    }  # fmt: skip


def topology() -> dict[str, Any]:
    """The same shape as the generated one, for a service called things."""
    inbox = {
        "x-delivery-limit": DELIVERY_LIMIT, "x-dead-letter-exchange": "things.dead", "x-overflow": "reject-publish",
        "x-dead-letter-strategy": "at-least-once",
    }  # fmt: skip
    waiting = [
        quorum(f"things.retry.{d}", **{"x-message-ttl": RETRY_MS[d], "x-dead-letter-exchange": ""}) for d in RETRIES
    ]
    fanouts = ["things.replay", "things.dead", *(f"things.retry.{d}" for d in RETRIES)]
    rpc = {**quorum("rpc-things"), "arguments": {}}
    topics = [exchange("things.events", "topic"), exchange("nameko-rpc", "topic")]
    return {
        "exchanges": [*topics, *(exchange(name, "fanout") for name in fanouts)],
        "queues": [quorum("things.inbox", **inbox), quorum("things.dead"), rpc, *waiting],
        "bindings": [
            bind("things.events", "things.inbox", "#.thing_changed.#"), bind("things.replay", "things.inbox", ""),
            bind("things.dead", "things.dead", ""), bind("nameko-rpc", "rpc-things", "things.*"),
            *(bind(f"things.retry.{d}", f"things.retry.{d}", "") for d in RETRIES),
        ],
    }  # fmt: skip


@dataclass
class ToyWorld:
    """What a test needs to drive the toy."""

    broker: world.World
    database_url: str
    environment: dict[str, str]
    signer: Signer
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.engine = create_engine(self.database_url, poolclass=NullPool)

    def start(self, *program: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", *program], env=self.environment, cwd=REPOSITORY,
            stdout=(self.broker.logs / f"{program[0]}.log").open("ab"), stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.running.append(process)
        return process

    def start_service(self) -> subprocess.Popen[bytes]:
        process = self.start("bus.run", "things")
        wait_until(lambda: process.poll() is not None or self.ready("ADMIN_PORT"), seconds=60)
        assert process.poll() is None, (self.broker.logs / "bus.run.log").read_text()[-3000:]
        return process

    def start_relay(self) -> subprocess.Popen[bytes]:
        process = self.start("relay", "things")
        wait_until(lambda: self.ready("RELAY_ADMIN_PORT"), seconds=60)
        return process

    def ready(self, port: str) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.environment[port]}/ready", timeout=2) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def token(self) -> str:
        return self.signer.mint(Principal("u-1", "某人"), system_clock())

    def publish(self, body: Any, **properties: Any) -> None:
        """A message from anybody, straight to the broker."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        target = properties.pop("exchange", "things.events")
        with Connection(self.environment["AMQP_URI"]) as connection:
            producer = connection.Producer()
            producer.publish(
                raw, exchange=Exchange(target, no_declare=True), serializer=None, content_encoding="utf-8",
                content_type=properties.pop("content_type", "application/cloudevents+json"),
                routing_key=properties.pop("routing_key", "thing_changed"), **properties,
            )  # fmt: skip

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def execute(self, statement: str) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(statement))

    def log_lines(self) -> list[dict[str, Any]]:
        """What services wrote to their log, of all tests that share the broker."""
        return [json.loads(line) for line in (self.broker.logs / "bus.run.log").read_text().splitlines()]

    def waiting(self, queue: str = "things.inbox") -> int:
        """Messages ready in a queue at this moment (the management API is a second behind)."""
        with Connection(self.environment["AMQP_URI"]) as connection:
            return int(connection.default_channel.queue_declare(queue, passive=True).message_count)

    def stop(self) -> None:
        for process in self.running:
            if process.poll() is None:
                process.kill()
                process.wait()
        self.engine.dispose()


def terminate(process: subprocess.Popen[bytes], seconds: float = 30) -> int:
    """SIGTERM; the exit status."""
    process.send_signal(signal.SIGTERM)
    return process.wait(seconds)


@contextmanager
def toy_broker(folder: Path) -> Iterator[world.World]:
    """One broker node with the toy's topology."""
    made = world.load_or_create(folder / "toys")
    rabbitmq.start(made)
    try:
        rabbitmq.define(made, topology())
        yield made
    finally:
        rabbitmq.stop(made, orderly=False)


def toy_world(broker: world.World, postgres: TestServer) -> ToyWorld:
    """A fresh database and empty queues on the given servers."""
    for queue in rabbitmq_api.queues(broker):
        rabbitmq_api.call(broker, "DELETE", f"queues/shaodao/{queue}/contents")
    private, public = key_pair()
    database_url = postgres.database(Base.metadata)
    password = broker.settings["amqp"]["ops"]
    uri = f"amqp://ops:{password}@127.0.0.1:{broker.port('rabbitmq')}/shaodao"
    environment = {
        **os.environ, "DATABASE_URL": database_url, "AMQP_URI": uri, "RELAY_AMQP_URI": uri,
        "ADMIN_PORT": str(ports.any_free([])), "RELAY_ADMIN_PORT": str(ports.any_free([])),
        "SERVICES_PACKAGE": "tests.toys",
        "SIGNING_KEY": private, "TRUSTED_KEYS": json.dumps({"portal": {"issuer": "portal", "pem": public}}),
    }  # fmt: skip
    return ToyWorld(broker, database_url, environment, Signer("portal", private))
