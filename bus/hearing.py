"""Hearing events: one quorum queue a service, a handler an event type, those of a message together (ADR 3, 15)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from kombu import Queue
from marshmallow import ValidationError
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint, SharedExtension

from bus.delivery import Delivery, Failure, Item, name_in, raw
from bus.draining import Collector, DrainingConsumer
from bus.failing import Failures
from bus.gathering import Gathering, Turns
from chassis import envelope
from chassis.envelope import SENDER, Event
from chassis.errors import Reject
from chassis.process import CONFIG_KEY, Process
from chassis.telemetry import metrics
from chassis.telemetry.logs import log

EVERYTHING = "*"
DELIVERIES = 5
"""How often the broker delivers a message before it gives it up; as often as a failing handler is tried."""
DIED = Reject(f"delivered {DELIVERIES} times and never settled")


class Inbox(Collector, SharedExtension):
    """The service's inbox queue, and the queue of messages its processes died on."""

    consumer = DrainingConsumer()

    def __init__(self) -> None:
        self.turns, self.failures = Turns(), Failures(self)
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
        """Starts the work on what a message holds. What an outsider sent comes here for its second attempt."""
        if self.letterbox is not None and SENDER in message.headers:
            self.letterbox.open(message)
            return
        delivery = self.read(message)
        if not delivery.items:
            self.failures.settle(delivery, delivery.failures)
        elif delivery.items[0].hears.together > 1:
            delivery.items[0].hears.gathering.add(delivery)
        else:
            self.begin(delivery)

    def read(self, message: Any) -> Delivery:
        """The events that have a handler here, and poison. The rest is ignored: it is for others, or of newer peers."""
        delivery, (told, written) = Delivery(message), envelope.split(raw(message))
        for each in told:
            # what cannot be read may still be known by the id the broker was given, where it came alone
            self.sort(delivery, each, written, message.properties if written else {})
        return delivery

    def sort(self, delivery: Delivery, told: Any, written: bytes | None, properties: dict[str, Any]) -> None:
        """Puts one event among the items or the failures of a delivery, or ignores it."""
        kind, event_id = name_in(told, "type"), name_in(told, "id") or name_in(properties, "message_id")
        handler = self.handlers.get(kind or "") or self.handlers.get(EVERYTHING)
        if kind and not handler:
            self._ignore(kind)
            return
        item = Item(handler.handler_name if handler else "unknown", event_id, told, written)
        try:
            delivery.items.append(understood(item, handler))
        except Reject as error:
            delivery.failures.append((item, error))

    def _ignore(self, kind: str) -> None:
        """What comes with other facts of its commit is no news; another version of what is handled here is."""
        name = kind.rpartition(".")[0]
        known = any(handled.rpartition(".")[0] == name for handled in self.handlers)
        (log.warning if known else log.debug)("event_ignored", type=kind)
        metrics.events_heard.labels(self.container.service_name, "ignored").inc()

    def begin(self, delivery: Delivery) -> None:
        """Waits for the turn of its subjects and starts the work."""
        end_turn = self.turns.take(item.event.subject for item in delivery.items)
        if self.consumer.gives_back:
            end_turn()
            self.consumer.requeue_message(delivery.message)
            return

        def settle(_: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            end_turn()
            self.settle([delivery], result, exc_info)
            return result, exc_info

        try:
            first = delivery.items[0].hears
            self.container.spawn_worker(first, delivery.items, {}, context_data={}, handle_result=settle)
        except ContainerBeingKilled:
            self.consumer.requeue_message(delivery.message)

    def settle(self, deliveries: list[Delivery], result: list[Failure] | None, exc_info: Any) -> None:
        """`result` are the failures of what was handled; with `exc_info` the handling itself failed, and all of it."""
        for delivery in deliveries:
            failed = [(item, exc_info[1]) for item in delivery.items] if exc_info else result or []
            mine = [failure for failure in failed if failure[0] in delivery.items]
            if failures := [*delivery.failures, *mine]:
                self.container.spawn_managed_thread(partial(self.failures.settle, delivery, failures))
            else:
                self.consumer.ack_message(delivery.message)


def understood(item: Item, handler: Hears | None) -> Item:
    """With the event of typed data. Errors: Reject for broken envelopes and data that break their contract."""
    event = envelope.parse(item.told)
    if handler is None:
        raise Reject("not an event envelope: type is not a text")
    return replace(item, event=handler.load(event), hears=handler)


class DeadLetters:
    """Messages the broker gave up on after DELIVERIES: they go to the parked table like any other.

    The events of one message are delivered once more by themselves: who is innocent has its effect, and who is not
    comes here alone.
    """

    def __init__(self, inbox: Inbox, name: str) -> None:
        self._inbox = inbox
        self.queue = Queue(name, no_declare=True)

    def handle_message(self, body: Any, message: Any) -> None:
        letterbox, failures = self._inbox.letterbox, self._inbox.failures
        if letterbox is not None and letterbox.prove_dead(message):
            delivery = letterbox.delivery(message)
        else:
            delivery = self._inbox.read(message)
        if len(delivery.items) > 1:
            if not all(failures.wait(delivery, item, delivery.attempt) for item in delivery.items):
                self._inbox.consumer.requeue_message(message)
                return
            delivery.items.clear()
        died: list[Failure] = [(item, DIED) for item in [*delivery.items, *(item for item, _ in delivery.failures)]]
        failures.settle(delivery, died, tries=DELIVERIES)


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

    def load(self, event: Event) -> Event:
        """The event with typed data. Errors: Reject when they break the contract."""
        if self.schema is None:
            return event
        try:
            return replace(event, data=self.schema.load(event.data))
        except ValidationError as error:
            raise Reject(f"data of {event.type} breaks its contract: {complaints(error.messages)}") from error

    def setup(self) -> None:
        self.gathering = Gathering(self.inbox, self)
        self.inbox.register_provider(self)

    def stop(self) -> None:
        self.inbox.unregister_provider(self)


def complaints(messages: Any, where: str = "") -> str:
    """marshmallow's messages in one line; whoever reads it may not read the values."""
    if isinstance(messages, dict):
        return "; ".join(complaints(inner, f"{where}.{name}".strip(".")) for name, inner in messages.items())
    return f"{where}: {', '.join(map(str, messages))}"
