"""Connections to RabbitMQ that never wait for ever: every socket operation has a limit."""

from __future__ import annotations

from typing import Any

import orjson
from kombu import Connection, pools
from kombu.transport import pyamqp  # noqa: F401 - kombu imports it late, and two green threads must not do so at once

HEARTBEAT_SECONDS = 10
TIMEOUTS = {"connect_timeout": 5, "read_timeout": 15, "write_timeout": 15, "login_timeout": 10}
RETRY = {"max_retries": 1}
TRANSPORT = {**TIMEOUTS, "max_retries": 1, "interval_start": 0.2, "interval_step": 0.2, "interval_max": 0.5}


def connect(uri: str) -> Connection:
    """A lazy connection with heartbeat and timeouts."""
    return Connection(uri, heartbeat=HEARTBEAT_SECONDS, transport_options=dict(TIMEOUTS), connect_timeout=5)


class Publisher:
    """Publishes over kombu's pooled connections; nameko's own looks its pool up anew for every message."""

    def __init__(self, uri: str, *, confirms: bool) -> None:
        self._producers = pools.producers[Connection(uri, transport_options={**TRANSPORT, "confirm_publish": confirms})]

    def publish(self, body: Any, **how: Any) -> None:
        """Publishes as JSON. With confirms it returns only when the broker has taken the message.

        Errors: kombu's and amqp's, after one more attempt over a fresh connection.
        """
        self.publish_raw(orjson.dumps(body), content_type="application/json", content_encoding="utf-8", **how)

    def publish_raw(self, body: bytes | str, **how: Any) -> None:
        """The same for a body that is written already; `how` tells its content_type and content_encoding."""
        with self._producers.acquire(block=True) as producer:
            producer.publish(body, retry=True, retry_policy=RETRY, **how)
