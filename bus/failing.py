"""What could not be handled: it waits for its next attempt, an event by itself, and is parked in the end (ADR 3)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, TypeVar

import eventlet
from kombu import Exchange

from bus.delivery import ATTEMPT, Delivery, Failure, Item, plain, short
from bus.publishing import Publisher
from chassis import parked, redacting
from chassis.errors import Reject, ServiceError, Unavailable
from chassis.process import Process
from chassis.telemetry import metrics, trace
from chassis.telemetry.logs import log
from failover.broker import LOST

if TYPE_CHECKING:
    from bus.hearing import Inbox

T = TypeVar("T")

RETRIES = ("5s", "30s", "5m", "30m")
STORE_PATIENCE_SECONDS = 1.0
BROKER_PATIENCE_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Between attempts to put a failed event into its waiting queue; the last one again and again."""


class Failures:
    """What becomes of the failures of one inbox."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    def settle(self, delivery: Delivery, failures: list[Failure], tries: int = 1) -> None:
        """Acks the message once each event that failed waits by itself or is parked; `tries` were made this time.

        While the broker takes nothing the message is held: given back, it would come again at once and spend a
        delivery each time. It is given back when the process stops.
        """
        for item, error in failures:
            about = (item.event.traceparent, item.event.case_number) if item.event else (None,)
            with trace.span(*about):
                if isinstance(error, Reject) or delivery.attempt >= len(RETRIES):
                    self._park(delivery, item, error, tries)
                elif not self._retry(delivery, item, error):
                    self._inbox.consumer.requeue_message(delivery.message)
                    return
        self._inbox.consumer.ack_message(delivery.message)

    def _retry(self, delivery: Delivery, item: Item, error: BaseException) -> bool:
        attempt, body = delivery.attempt, item.body
        metrics.events_heard.labels(item.handler, "retried").inc()
        # what no rule foresaw is told with the place it came from
        unforeseen = {} if isinstance(error, ServiceError) else {"exception": redacting.traced(error, body)}
        log.warning("event_failed", handler=item.handler, event_id=item.id, attempt=attempt + 1,
                    error=redacting.told(error, body), **unforeseen)  # fmt: skip
        return self.wait(delivery, item, attempt + 1)

    def wait(self, delivery: Delivery, item: Item, attempt: int) -> bool:
        """Sends the item to the waiting queue of its next attempt; False when it must be given back instead."""
        headers = {**delivery.carried(), ATTEMPT: attempt}
        delay, kind = RETRIES[max(attempt, 1) - 1], delivery.content_type(item)
        send = partial(self.send, item.body, item.id or "", delay, headers, kind)
        for patience in chain(BROKER_PATIENCE_SECONDS, repeat(BROKER_PATIENCE_SECONDS[-1])):
            try:
                send()
                return True
            except Exception as error:
                log.error("retry_not_possible", event_id=item.id, error=f"{type(error).__name__}: {error}")
                if not isinstance(error, LOST) or self._inbox.consumer.leaving or gone(delivery.message):
                    return False
            eventlet.sleep(patience)
        return False

    def send(self, body: bytes, message_id: str, delay: str, headers: dict[str, Any], content_type: str) -> None:
        """Puts a message into a waiting queue of the service; returns when the broker has it. Errors: the broker's."""
        container = self._inbox.container
        Publisher(container.config["AMQP_URI"], confirms=True).publish_raw(
            body,
            exchange=Exchange(f"{container.service_name}.retry.{delay}", type="fanout", no_declare=True),
            routing_key=self._inbox.queue.name,
            message_id=short(message_id),
            headers=headers,
            content_type=content_type,
            content_encoding="utf-8",
        )

    def _park(self, delivery: Delivery, item: Item, error: BaseException, tries: int) -> None:
        """Keeps the event in the parked table; waits as long as the database is away."""
        headers = {plain(key): plain(value) for key, value in delivery.message.headers.items() if key != "_taken"}
        kept = {
            "event_id": item.id, "handler": item.handler, "queue": self._inbox.queue.name, "body": item.body,
            "headers": headers, "content_type": delivery.content_type(item), "attempts": delivery.attempt + tries,
        }  # fmt: skip
        text = plain(redacting.told(error, item.body))
        if patiently(self._inbox.process, lambda: self._kept(kept, text)):
            metrics.messages_parked.labels(item.handler).inc()
            log.error("message_parked", handler=item.handler, event_id=item.id, error=text)

    def _kept(self, kept: dict[str, Any], error: str) -> bool:
        with self._inbox.process.store.transaction() as session:
            return parked.park(session, self._inbox.process.clock(), kept, error)


def gone(message: Any) -> bool:
    """Whether the connection it came by is over: the broker has it back."""
    return message.channel is None or message.channel.connection is None


def patiently(process: Process, act: Callable[[], T]) -> T:
    """Runs `act` until the database answers: an outage pauses the work and spends no retry."""
    while True:
        try:
            return act()
        except Unavailable:
            metrics.store_pauses.inc()
            eventlet.sleep(STORE_PATIENCE_SECONDS)
            while not process.store.answers():
                eventlet.sleep(STORE_PATIENCE_SECONDS)
