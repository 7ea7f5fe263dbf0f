"""Receiving what outsiders send: one queue a service, and the broker's validated user-id says who spoke (ADR 6, 7).

A letter differs from an event: nothing in it is trusted, not even that it can be read. So the service's one method
gets every letter, the unreadable ones too, and answers for it. Dedupe, retries, parking and draining are those of
`hearing`: a letter that failed waits in the service's own retry queues, with what was proven about its sender.

Senders take turns: each has one letter in work, whatever number of its letters waits. What can only be refused is set
aside and handled together, so that a thousand unreadable letters stand before nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from kombu import Queue
from nameko.extensions import Entrypoint as Extension
from nameko.extensions import SharedExtension
from prometheus_client import Counter

from bus.delivery import ATTEMPT, Delivery, Failure, Item, raw
from bus.draining import Collector, DrainingConsumer
from bus.failing import patiently
from bus.gathering import Gathering
from bus.hearing import Inbox
from bus.service import Bound, bound, extras_of, hear
from chassis import inbox
from chassis.envelope import ARRIVED, GIVEN_ID, KEY, SENDER
from chassis.identity import Principal
from chassis.telemetry import metrics, trace
from letters.letter import Letter, TakesIn

letters_received = Counter("shaodao_letters_received_total", "Messages of outsiders, by outcome", ["room", "outcome"])
TOGETHER = 200
"""The most letters that share a transaction; twice as many are taken at a time, so that senders can take turns."""


class Letterbox(Collector, SharedExtension):
    """The service's queue for outsiders."""

    together = TOGETHER
    consumer = DrainingConsumer()
    inbox = Inbox()

    def setup(self) -> None:
        self.inbox.letterbox = self
        self.consumer.register_provider(self)

    def register_provider(self, provider: Any) -> None:
        self.receiver: Receives = provider
        self.queue = Queue(f"{self.container.service_name}.{provider.room}", no_declare=True)
        super().register_provider(provider)

    def leave_queue(self) -> None:
        self.consumer.unregister_provider(self)

    def handle_message(self, body: Any, message: Any) -> None:
        """A letter fresh from outside: what it claims about its sender in headers counts for nothing."""
        self._prove(message)
        self.open(message)

    def open(self, message: Any) -> None:
        """Starts the work on a letter whose sender is written on it."""
        delivery = self.delivery(message)
        if delivery.attempt == 0 and self.receiver.hopeless(delivery.items[0].event):
            self.receiver.gathering.add(delivery)
        else:
            self.inbox.begin(delivery)

    def delivery(self, message: Any) -> Delivery:
        letter, name = self.letter(message), self.receiver.handler_name
        return Delivery(message, [Item(name, letter.id, None, letter.body, letter, self.receiver)])

    def letter(self, message: Any) -> Letter:
        """The letter of a message whose sender is written on it."""
        sender, key, given = (str(message.headers.get(name, "")) for name in (SENDER, KEY, GIVEN_ID))
        attempt, arrived = int(message.headers.get(ATTEMPT, 0)), moment(message.headers.get(ARRIVED))
        return Letter(sender, key, raw(message), attempt, given, arrived)

    def prove_dead(self, message: Any) -> bool:
        """Whether a letter is what processes died on; it comes straight from outside, too."""
        if message.properties.get("user_id") or message.headers.get("x-first-death-queue") == self.queue.name:
            self._prove(message)
        return SENDER in message.headers

    def _prove(self, message: Any) -> None:
        message.headers.pop(ATTEMPT, None)
        message.headers[SENDER] = message.properties.get("user_id") or ""
        message.headers[KEY] = message.delivery_info.get("routing_key") or ""
        message.headers[GIVEN_ID] = message.properties.get("message_id") or ""
        message.headers[ARRIVED] = self.inbox.process.clock().isoformat()


def moment(text: Any) -> datetime | None:
    """When a letter arrived, as `_prove` wrote it; None where nobody did."""
    return datetime.fromisoformat(text) if text else None


class Receives(Extension):
    """Binds the letters of one room to one method of the service."""

    letterbox = Letterbox()
    together = TOGETHER

    def __init__(self, room: str, hopeless: Callable[[Letter], bool], **kwargs: Any) -> None:
        self.room, self.hopeless = room, hopeless
        super().__init__(**kwargs)

    @property
    def handler_name(self) -> str:
        return f"{self.container.service_name}.{self.method_name}"

    def setup(self) -> None:
        self.gathering = Gathering(self.letterbox.inbox, self)
        self.letterbox.register_provider(self)

    def stop(self) -> None:
        self.letterbox.unregister_provider(self)


@bound.register
def _(entry: TakesIn) -> Bound:
    def received(self: Any, *items: Item) -> list[Failure]:
        with metrics.event_seconds.labels(f"{self.name}.{entry.name}").time():
            return patiently(self.standing.process, lambda: hear(partial(receive_all, self, entry), items))

    return Receives(entry.room, entry.hopeless), received


def receive_all(self: Any, entry: TakesIn, items: Sequence[Item]) -> None:
    """Letters in one transaction, one or several hopeless ones. The operation's answer, a word, is counted as the
    outcome."""
    process, handler, letters = self.standing.process, f"{self.name}.{entry.name}", [item.event for item in items]
    now, outcomes = process.clock(), dict.fromkeys((letter.id for letter in letters), "duplicate")
    with (
        trace.span(None) as traceparent,
        process.store.transaction(traceparent=traceparent, causationid=letters[0].id) as session,
    ):
        fresh = inbox.first_times(session, [(handler, letter_id) for letter_id in outcomes], now)
        for letter in {letter.id: letter for letter in letters if (handler, letter.id) in fresh}.values():
            who = Principal(letter.sender, letter.sender, kind="department")
            outcomes[letter.id] = entry.operation(session, who, letter, now, **extras_of(self, entry))
    for outcome in outcomes.values():
        letters_received.labels(entry.room, outcome).inc()
