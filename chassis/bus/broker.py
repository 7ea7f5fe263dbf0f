"""Connections to RabbitMQ that never wait for ever: every socket operation has a limit."""

from __future__ import annotations

from typing import Any

from kombu import Connection
from nameko.amqp.publish import Publisher

HEARTBEAT_SECONDS = 10
TIMEOUTS = {"connect_timeout": 5, "read_timeout": 15, "write_timeout": 15, "login_timeout": 10}
TRANSPORT = {**TIMEOUTS, "max_retries": 1, "interval_start": 0.2, "interval_step": 0.2, "interval_max": 0.5}


def connect(uri: str) -> Connection:
    """A lazy connection with heartbeat and timeouts."""
    return Connection(uri, heartbeat=HEARTBEAT_SECONDS, transport_options=dict(TIMEOUTS), connect_timeout=5)


def publisher(uri: str, *, confirms: bool) -> Any:
    """A pooled publisher. With confirms it returns only when the broker has taken the message."""
    return Publisher(uri, use_confirms=confirms, transport_options=dict(TRANSPORT), retry_policy={"max_retries": 1})
