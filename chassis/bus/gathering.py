"""Events that share a transaction: what waits when one transaction ends goes into the next, up to a number.

Begin, claim and commit cost more than taking a fact into a read model; together they are paid once.
"""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any

import eventlet
from nameko.exceptions import ContainerBeingKilled

if TYPE_CHECKING:
    from chassis.bus.hearing import Hears, Inbox

LINGER_SECONDS = 0.03


class Gathering:
    """The waiting events of one handler, in order of arrival. One transaction at a time."""

    def __init__(self, inbox: Inbox, handler: Hears) -> None:
        self._inbox, self._handler = inbox, handler
        self._waiting: deque[tuple[Any, Any]] = deque()
        self._at_work = False

    def add(self, message: Any, event: Any) -> None:
        """Takes one delivery in; its work begins now or when the present transaction ends."""
        self._waiting.append((message, event))
        if not self._at_work:
            self._next()

    def _next(self) -> None:
        """Starts the work on what waits."""
        count = min(len(self._waiting), self._handler.together)
        taken = [self._waiting.popleft() for _ in range(count)]
        self._at_work = bool(taken)
        if not taken:
            return
        events, settle = tuple(event for _, event in taken), partial(self._settle, taken)
        try:
            self._inbox.container.spawn_worker(self._handler, events, {}, context_data={}, handle_result=settle)
        except ContainerBeingKilled:
            for message, _ in taken:
                self._inbox.consumer.requeue_message(message)

    def _settle(self, taken: Any, _: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        """Acks all; where the transaction failed, each has another of its own, so that only the bad one is retried."""
        for message, event in taken:
            if exc_info is None:
                self._inbox.consumer.ack_message(message)
            else:
                self._later(partial(self._inbox.begin, message, event, self._handler))
        self._later(self._linger)
        return result, exc_info

    def _linger(self) -> None:
        """Where a whole transaction does not wait yet, more come together meanwhile."""
        if len(self._waiting) < self._handler.together:
            eventlet.sleep(LINGER_SECONDS)
        self._next()

    def _later(self, act: Any) -> None:
        """After this worker has given its place back: with one worker there would be none to wait for."""
        self._inbox.container.spawn_managed_thread(act)
