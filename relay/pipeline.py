"""Publishing without waiting for each confirm: a batch goes out, then its confirms are collected as they come."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from typing import Any

from amqp import Connection, Message
from kombu.utils.url import parse_url

from chassis.envelope import BATCH, CONTENT_TYPE
from chassis.settings import publish_seconds
from chassis.telemetry.logs import log
from failover.broker import LOST, brokers
from relay import metrics
from relay.log import Row

TICK_SECONDS = 1.0
WINDOW = 256
"""Rows on their way at once: few enough for the buffers between, so that a broker that stops reading stops the relay
between two rows and not within one."""


class Pipeline:
    """One channel in confirm mode. A channel on which a confirm was missed is never used again, nor one on which the
    broker refused a row: begun while a queue chose its leader, it would be refused every row (RabbitMQ 3.10).

    A broker that says it is blocked (memory, disk) has the rows it was given and takes them when it is free again: they
    are waited for as long as `goes_on` answers True, and not sent a second time.
    """

    _worn = False

    def __init__(self, uri: str, goes_on: Callable[[], bool] = lambda: True) -> None:
        self._nodes, self._goes_on = brokers(uri), goes_on

    def __enter__(self) -> Pipeline:
        self._node, self._blocked = self._nodes.current, False
        at = parse_url(self._node)
        self._connection = Connection(
            host=f"{at['hostname']}:{at['port']}", userid=at["userid"], password=at["password"],
            virtual_host=at["virtual_host"], heartbeat=self._nodes.heartbeat,
            connect_timeout=5, read_timeout=publish_seconds(), write_timeout=publish_seconds(),
            on_blocked=lambda reason: self._block(True), on_unblocked=lambda: self._block(False),
        )  # fmt: skip
        try:
            self._connection.connect()
            self._open_channel()
        except LOST:
            self._nodes.leave(self._node)
            self._connection.collect()
            raise
        self._confirmed: list[int] = []
        self.not_taken: list[int] = []
        self._refused: set[str] = set()
        return self

    def _open_channel(self) -> None:
        self._channel = self._connection.channel()
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(self._acked)
        self._channel.events["basic_nack"].add(self._nacked)
        self._channel.events["basic_return"].add(self._returned)
        self._tag, self._worn = 0, False
        self._open: dict[int, Row] = {}

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and issubclass(kind, LOST):
            self._nodes.leave(self._node)
        if kind is not None:
            self._connection.collect()  # a polite end would wait for an answer
            return
        try:
            self._connection.close()
        except OSError as lost:
            log.info("broker_gone_while_closing", error=str(lost))

    def keep_alive(self) -> None:
        """Reads what is there and answers heartbeats; raises when the broker has gone silent."""
        self._read(0.001)

    def publish(self, rows: Sequence[Row]) -> list[int]:
        """Sends all rows; the positions the broker took, in order. Errors: TimeoutError when no confirm comes within
        the budget of a publication.

        A row nobody is bound for comes back and is not among them: it stays unsent and is tried again.
        """
        self._confirmed, self._refused, self.not_taken = [], set(), []
        if self._worn:
            self._channel.close()
            self._open_channel()
        for row in rows:
            self._settle(WINDOW - 1)
            self._send(row)
        self._settle(0)
        return sorted(self._confirmed)

    def _settle(self, most: int) -> None:
        """Returns when at most `most` rows are open and the broker reads. The budget begins anew with every confirm."""
        until, before = time.monotonic() + publish_seconds(), len(self._open)
        while len(self._open) > most or self._blocked:
            if not self._goes_on():
                raise TimeoutError("told to stop")
            self._read(TICK_SECONDS)
            if self._blocked or len(self._open) < before:
                until, before = time.monotonic() + publish_seconds(), len(self._open)
            elif time.monotonic() > until:
                raise TimeoutError(f"{len(self._open)} confirms are missing")

    def _read(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            self._connection.drain_events(timeout=seconds)
        self._connection.heartbeat_tick()

    def _send(self, row: Row) -> None:
        kind = BATCH if row.body.startswith("[") else CONTENT_TYPE
        message = Message(
            row.body.encode(), content_type=kind, content_encoding="utf-8", delivery_mode=2, message_id=row.id,
            application_headers=row.headers,
        )  # fmt: skip
        self._tag += 1
        self._open[self._tag] = row
        # `_basic_publish` is the plain AMQP publish: with confirm_select called here, amqp does not wait for each
        self._channel._basic_publish(message, exchange=row.exchange, routing_key=row.routing_key, mandatory=_must(row))

    def _settled(self, tag: int, multiple: bool) -> list[Row]:
        tags = [open_tag for open_tag in self._open if open_tag <= tag] if multiple else [tag]
        return [self._open.pop(each) for each in tags if each in self._open]

    def _acked(self, tag: int, multiple: bool) -> None:
        self._confirmed += [row.position for row in self._settled(tag, multiple) if row.id not in self._refused]

    def _nacked(self, tag: int, multiple: bool) -> None:
        for row in self._settled(tag, multiple):
            self._worn = True
            self.not_taken.append(row.position)
            log.warning("broker_did_not_take", event_id=row.id)

    def _returned(self, error: Any, exchange: str, routing_key: str, message: Any) -> None:
        metrics.returned.inc()
        self._refused.add(message.properties["message_id"])
        log.error("nobody_listens", exchange=exchange, routing_key=routing_key)

    def _block(self, blocked: bool) -> None:
        self._blocked = blocked
        log.warning("broker_blocked" if blocked else "broker_unblocked", waiting=len(self._open))


def _must(row: Row) -> bool:
    """Events always have the portal as a listener, replays and departments their queue: everything is mandatory."""
    return bool(row.exchange)
