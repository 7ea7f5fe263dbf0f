"""Receiving what outsiders send: one queue a service, and the broker's validated user-id says who spoke (ADR 6).

A letter differs from an event: nothing in it is trusted, not even that it can be read. So the service's one method
gets every letter, the unreadable ones too, and answers for it. Dedupe, retries, parking and draining are those of
`hearing`: a letter that failed waits in the service's own retry queues, with what was proven about its sender.

Senders take turns: each has one letter in work, whatever number of its letters waits. What can only be refused is set
aside and handled together, so that a thousand unreadable letters stand before nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from kombu import Queue
from nameko.extensions import Entrypoint, SharedExtension

from chassis.bus.draining import Collector, DrainingConsumer
from chassis.bus.gathering import Gathering
from chassis.bus.hearing import ATTEMPT, Inbox, raw
from chassis.entrypoints import never
from chassis.envelope import ARRIVED, GIVEN_ID, KEY, SENDER
from chassis.letter import Letter

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
        letter = self.letter(message)
        if letter.attempt == 0 and self.receiver.hopeless(letter):
            self.receiver.gathering.add(message, letter)
        else:
            self.inbox.begin(message, letter, self.receiver)

    def letter(self, message: Any) -> Letter:
        """The letter of a message whose sender is written on it."""
        sender, key, given = (str(message.headers.get(name, "")) for name in (SENDER, KEY, GIVEN_ID))
        attempt, arrived = int(message.headers.get(ATTEMPT, 0)), moment(message.headers.get(ARRIVED))
        return Letter(sender, key, raw(message), attempt, given, arrived)

    def prove_dead(self, message: Any) -> None:
        """A letter on which processes died comes straight from outside, too."""
        if message.properties.get("user_id") or message.headers.get("x-first-death-queue") == self.queue.name:
            self._prove(message)

    def _prove(self, message: Any) -> None:
        message.headers.pop(ATTEMPT, None)
        message.headers[SENDER] = message.properties.get("user_id") or ""
        message.headers[KEY] = message.delivery_info.get("routing_key") or ""
        message.headers[GIVEN_ID] = message.properties.get("message_id") or ""
        message.headers[ARRIVED] = self.inbox.process.clock().isoformat()


def moment(text: Any) -> datetime | None:
    """When a letter arrived, as `_prove` wrote it; None where nobody did."""
    return datetime.fromisoformat(text) if text else None


class Receives(Entrypoint):
    """Binds the letters of one room to one method of the service.

    `hopeless` says, without asking the store, which letters can only be refused.
    """

    letterbox = Letterbox()
    together = TOGETHER

    def __init__(self, room: str, hopeless: Callable[[Letter], bool] = never, **kwargs: Any) -> None:
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
