"""Publishing one message from a process with green threads (the relay, which has none, has `relaying.pipeline`)."""

from __future__ import annotations

import time
import uuid
from typing import Any

import eventlet
import orjson

from chassis.settings import publish_seconds
from failover.broker import LOST, TRANSPORT, Pools, brokers, drop

ATTEMPTS = 2
"""A connection that lay in the pool may have died there; a fresh one tells. Then the next node is asked, if any."""


class Publisher:
    """Publishes over kombu's pooled connections; nameko's own looks its pool up anew for every message."""

    def __init__(self, uri: str, *, confirms: bool) -> None:
        self._nodes = brokers(uri)
        self._producers = Pools(self._nodes, {**TRANSPORT, "confirm_publish": confirms})

    def publish(self, body: Any, **how: Any) -> None:
        """Publishes as JSON, otherwise as `publish_raw`."""
        self.publish_raw(orjson.dumps(body), content_type="application/json", content_encoding="utf-8", **how)

    def publish_raw(self, body: bytes | str, *, within: float | None = None, **how: Any) -> None:
        """Publishes; with confirms it returns only when the broker has taken the message. `within` is in seconds.

        `how` tells content_type, content_encoding, exchange and so on; every attempt carries the same message id.
        Errors: TimeoutError when the budget is spent: nobody knows then whether the broker will take the message, so
        it is not sent again here; kombu's and amqp's, after one more attempt over a fresh connection.
        """
        budget = publish_seconds() if within is None else within
        until = time.monotonic() + budget
        told = {"message_id": str(uuid.uuid4()), **how}
        for left in reversed(range(ATTEMPTS * len(self._nodes.uris))):
            node = self._nodes.current
            try:
                with eventlet.Timeout(max(until - time.monotonic(), 0.001), TimeoutError(f"not taken in {budget} s")):
                    self._once(body, told)
                return
            except LOST as lost:
                if left % ATTEMPTS == 0 or isinstance(lost, TimeoutError):
                    self._nodes.leave(node)
                if not left or isinstance(lost, TimeoutError):
                    raise

    def _once(self, body: bytes | str, how: dict[str, Any]) -> None:
        with self._producers.acquire(block=True) as producer:
            try:
                producer.publish(body, **how)
            except BaseException:
                drop(producer.connection)
                raise
