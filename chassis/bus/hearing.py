"""Hearing events: one quorum queue a service, one handler an event type, delayed retries, then parking (ADR 3)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import replace
from functools import partial
from itertools import chain, repeat
from typing import Any

import eventlet
from eventlet.semaphore import Semaphore
from kombu import Exchange, Queue
from marshmallow import ValidationError
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint, SharedExtension

from chassis import envelope, parked, redacting
from chassis.bus import naming
from chassis.bus.broker import LOST
from chassis.bus.draining import Collector, DrainingConsumer
from chassis.bus.gathering import Gathering
from chassis.bus.publishing import Publisher
from chassis.envelope import CARRIED, SENDER, Event
from chassis.errors import Reject, ServiceError, Unavailable
from chassis.process import CONFIG_KEY, Process
from chassis.telemetry import metrics, trace
from chassis.telemetry.logs import log

RETRIES = ("5s", "30s", "5m", "30m")
ATTEMPT = "x-attempt"
EVERYTHING = "*"
STORE_PATIENCE_SECONDS = 1.0
BROKER_PATIENCE_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Between attempts to put a failed message into its waiting queue; the last one again and again."""
LONGEST_PROPERTY = 255
DELIVERIES = 5
"""How often the broker delivers a message before it gives it up; as often as a failing handler is tried."""
DIED = Reject(f"delivered {DELIVERIES} times and never settled")


class Inbox(Collector, SharedExtension):
    """The service's inbox queue, and the queue of messages its processes died on."""

    consumer = DrainingConsumer()

    def __init__(self) -> None:
        self._turns: dict[str, Semaphore] = defaultdict(Semaphore)
        self.handlers: dict[str, Hears] = {}
        self.letterbox: Any = None
        super().__init__()

    def setup(self) -> None:
        name = self.container.service_name
        self.process: Process = self.container.config[CONFIG_KEY]
        self.queue = Queue(f"{name}.inbox", no_declare=True)
        self.dead = DeadLetters(self, f"{name}.dead")
        self.consumer.register_provider(self)
        self.consumer.register_provider(self.dead)

    def leave_queue(self) -> None:
        self.consumer.unregister_provider(self)
        self.consumer.unregister_provider(self.dead)

    @property
    def together(self) -> int:
        """The most events that share a transaction."""
        return max((handler.together for handler in self.handlers.values()), default=1)

    def register_provider(self, provider: Any) -> None:
        self.handlers[provider.event_type] = provider
        super().register_provider(provider)

    def handle_message(self, body: Any, message: Any) -> None:
        """Parses, finds the handler, and starts the work. What an outsider sent comes here for its second attempt."""
        if self.letterbox is not None and SENDER in message.headers:
            self.letterbox.open(message)
            return
        try:
            event, handler = self.understand(envelope.parse(body))
        except Reject as error:
            self.park(message, *self.named(message), error)
            return
        if handler.together > 1:
            handler.gathering.add(message, event)
        else:
            self.begin(message, event, handler)

    def begin(self, message: Any, event: Any, handler: Any) -> None:
        """Waits for the turn of the event's subject and starts the work."""
        turn = self._turns[event.subject]
        turn.acquire()
        settle = partial(self._settle, message, event, handler, turn)
        try:
            self.container.spawn_worker(handler, (event,), {}, context_data={}, handle_result=settle)
        except ContainerBeingKilled:
            self.consumer.requeue_message(message)

    def named(self, message: Any) -> tuple[str, str | None]:
        """The handler and the id of what may be no event at all, as far as they can be told."""
        kind, event_id = naming.read(raw(message), message.properties.get("message_id"))
        handler = self.handlers.get(kind or "") or self.handlers.get(EVERYTHING)
        return handler.handler_name if handler else "unknown", event_id

    def understand(self, event: Event) -> tuple[Event, Hears]:
        """The event with typed data, and who handles it. Errors: Reject for unknown types and broken data."""
        handler = self.handlers.get(event.type) or self.handlers.get(EVERYTHING)
        if handler is None:
            raise Reject(f"no handler for {event.type}")
        if handler.schema is None:
            return event, handler
        try:
            return replace(event, data=handler.schema.load(event.data)), handler
        except ValidationError as error:
            raise Reject(f"data of {event.type} breaks its contract: {complaints(error.messages)}") from error

    def _settle(
        self, message: Any, event: Any, handler: Any, turn: Semaphore, _: Any, result: Any, exc_info: Any
    ) -> tuple[Any, Any]:
        turn.release()
        if turn.counter > 0 and not turn._waiters:
            self._turns.pop(event.subject, None)
        if exc_info is None:
            self.consumer.ack_message(message)
        else:
            with trace.span(handler.handler_name, event.traceparent, event.case_number):
                self._failed(message, event, handler, exc_info[1])
        return result, exc_info

    def _failed(self, message: Any, event: Any, handler: Any, error: BaseException) -> None:
        attempt = int(message.headers.get(ATTEMPT, 0))
        if isinstance(error, Reject) or attempt >= len(RETRIES):
            self.park(message, handler.handler_name, event.id, error)
            return
        metrics.events_heard.labels(handler.handler_name, "retried").inc()
        # what no rule foresaw is told with the place it came from
        body = raw(message)
        unforeseen = {} if isinstance(error, ServiceError) else {"exception": redacting.traced(error, body)}
        log.warning("event_failed", handler=handler.handler_name, event_id=event.id, attempt=attempt + 1,
                    error=redacting.told(error, body), **unforeseen)  # fmt: skip
        self.container.spawn_managed_thread(partial(self._retry, message, event.id, attempt))

    def _retry(self, message: Any, event_id: str, attempt: int) -> None:
        """Sends the message to the waiting queue of its next delay; only when the broker has it is the original acked.

        While the broker takes nothing the original is held: given back, it would come again at once and spend a
        delivery each time. It is given back when the process stops.
        """
        for patience in chain(BROKER_PATIENCE_SECONDS, repeat(BROKER_PATIENCE_SECONDS[-1])):
            try:
                self._waits(message, event_id, RETRIES[attempt], attempt + 1)
            except Exception as error:
                log.error("retry_not_possible", event_id=event_id, error=f"{type(error).__name__}: {error}")
                if not isinstance(error, LOST) or self.consumer.leaving or gone(message):
                    self.consumer.requeue_message(message)
                    return
                eventlet.sleep(patience)
            else:
                self.consumer.ack_message(message)
                return

    def _waits(self, message: Any, event_id: str, delay: str, attempt: int) -> None:
        Publisher(self.container.config["AMQP_URI"], confirms=True).publish_raw(
            message.body,
            exchange=Exchange(f"{self.container.service_name}.retry.{delay}", type="fanout", no_declare=True),
            routing_key=self.queue.name,
            message_id=short(event_id),
            headers={**carried(message), ATTEMPT: attempt},
            content_type=message.content_type,
            content_encoding=message.content_encoding or "utf-8",
        )

    def park(self, message: Any, handler: str, event_id: str | None, error: BaseException, tries: int = 1) -> None:
        """Keeps the message in the parked table, then acks it; waits as long as the database is away."""
        headers = {plain(key): plain(value) for key, value in message.headers.items() if key != "_taken"}
        kind, attempts = plain(message.content_type or ""), int(message.headers.get(ATTEMPT, 0)) + tries
        self.keep(handler, event_id, raw(message), error, headers=headers, content_type=kind, attempts=attempts)
        self.consumer.ack_message(message)

    def keep(self, handler: str, event_id: str | None, body: bytes, error: BaseException, **more: Any) -> None:
        """The same for what is on no queue; `more` are the columns headers, content_type and attempts."""
        kept = {"event_id": event_id, "handler": handler, "queue": self.queue.name, "body": body, **more}
        text = plain(redacting.told(error, body))
        if patiently(self.process, lambda: self._kept(kept, text)):
            metrics.messages_parked.labels(handler).inc()
            log.error("message_parked", handler=handler, event_id=event_id, error=text)

    def _kept(self, kept: dict[str, Any], error: str) -> bool:
        with self.process.store.transaction() as session:
            return parked.park(session, self.process.clock(), kept, error)


def carried(message: Any) -> dict[str, str]:
    """What goes with a message into the waiting queue."""
    return {name: message.headers[name] for name in CARRIED if name in message.headers}


def short(event_id: str) -> str:
    """An id as a property can carry it: 255 bytes."""
    return event_id if len(event_id.encode()) <= LONGEST_PROPERTY else hashlib.sha256(event_id.encode()).hexdigest()


def gone(message: Any) -> bool:
    """Whether the connection it came by is over: the broker has it back."""
    return message.channel is None or message.channel.connection is None


def raw(message: Any) -> bytes:
    """The body in bytes, whatever the sender said of its encoding."""
    body = message.body
    return body if isinstance(body, bytes) else str(body).encode(errors="surrogatepass")


def complaints(messages: Any, where: str = "") -> str:
    """marshmallow's messages in one line; whoever reads it may not read the values."""
    if isinstance(messages, dict):
        return "; ".join(complaints(inner, f"{where}.{name}".strip(".")) for name, inner in messages.items())
    return f"{where}: {', '.join(map(str, messages))}"


def plain(said: Any) -> str:
    """A header as the database can keep it."""
    return str(said).replace("\0", "").encode(errors="replace").decode()


class DeadLetters:
    """Messages the broker gave up on after DELIVERIES: they go to the parked table like any other."""

    def __init__(self, inbox: Inbox, name: str) -> None:
        self._inbox = inbox
        self.queue = Queue(name, no_declare=True)

    def handle_message(self, body: Any, message: Any) -> None:
        handler, event_id = self._named(message)
        try:
            event = envelope.parse(body)
        except Reject:
            self._inbox.park(message, handler, event_id, DIED, tries=DELIVERIES)
            return
        with trace.span(handler, event.traceparent, event.case_number):
            self._inbox.park(message, handler, event_id, DIED, tries=DELIVERIES)

    def _named(self, message: Any) -> tuple[str, str | None]:
        letterbox = self._inbox.letterbox
        if letterbox is None:
            return self._inbox.named(message)
        letterbox.prove_dead(message)
        if SENDER not in message.headers:
            return self._inbox.named(message)
        return letterbox.receiver.handler_name, letterbox.letter(message).id


class Hears(Entrypoint):
    """Binds one event type (or everything) to one method of the service."""

    inbox = Inbox()

    def __init__(self, contract: Any, together: int = 1, **kwargs: Any) -> None:
        self.contract, self.together = contract, together
        self.schema = contract() if contract else None
        self.event_type = envelope.type_of(contract) if contract else EVERYTHING
        super().__init__(**kwargs)

    @property
    def handler_name(self) -> str:
        return f"{self.container.service_name}.{self.method_name}"

    def setup(self) -> None:
        self.gathering = Gathering(self.inbox, self)
        self.inbox.register_provider(self)

    def stop(self) -> None:
        self.inbox.unregister_provider(self)


def patiently(process: Process, act: Any) -> Any:
    """Runs `act` until the database answers: an outage pauses the work and spends no retry."""
    while True:
        try:
            return act()
        except Unavailable:
            metrics.store_pauses.inc()
            eventlet.sleep(STORE_PATIENCE_SECONDS)
            while not process.store.answers():
                eventlet.sleep(STORE_PATIENCE_SECONDS)
