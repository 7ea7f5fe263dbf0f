"""Connections to RabbitMQ that never wait for ever: one time budget for all that a publication needs."""

from __future__ import annotations

from amqp.exceptions import AMQPError
from kombu import Connection
from kombu.exceptions import OperationalError
from kombu.transport import pyamqp  # noqa: F401 - kombu imports it late, and two green threads must not do so at once

from chassis.settings import read

HEARTBEAT_SECONDS = 10
TIMEOUTS = {"connect_timeout": 5, "read_timeout": 15, "write_timeout": 15, "login_timeout": 10}
TRANSPORT = {**TIMEOUTS, "max_retries": 1, "interval_start": 0.2, "interval_step": 0.2, "interval_max": 0.5}
LOST = (AMQPError, OperationalError, OSError)


def publish_seconds() -> float:
    """The budget of one publication: a place in the pool, the connection, the writing and the confirm together."""
    return float(read("PUBLISH_SECONDS", "10"))


def connect(uri: str) -> Connection:
    """A lazy connection with heartbeat and timeouts."""
    return Connection(uri, heartbeat=HEARTBEAT_SECONDS, transport_options=dict(TIMEOUTS), connect_timeout=5)
