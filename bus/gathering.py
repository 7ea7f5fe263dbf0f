"""Which deliveries are handled when: one after the other a subject, or several in one transaction."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

import eventlet
from eventlet.event import Event
from nameko.exceptions import ContainerBeingKilled

from bus.delivery import Delivery

if TYPE_CHECKING:
    from bus.hearing import Hears, Inbox

LINGER_SECONDS = 0.03


class Turns:
    """Deliveries that share a subject are handled in the order in which they came."""

    def __init__(self) -> None:
        self._last: dict[str, Event] = {}

    def take(self, subjects: Iterable[str]) -> Any:
        """Waits for all earlier deliveries of these subjects; who has the turn calls what is returned to end it."""
        wanted, over = set(subjects), Event()
        before = {self._last[subject] for subject in wanted if subject in self._last}
        self._last.update(dict.fromkeys(wanted, over))  # all at once: nobody who comes later goes first
        for earlier in before:
            earlier.wait()
        return partial(self._end, wanted, over)

    def _end(self, subjects: set[str], over: Event) -> None:
        over.send(None)
        for subject in subjects:
            if self._last.get(subject) is over:
                del self._last[subject]


class Gathering:
    """Deliveries that share a transaction: what waits when one ends goes into the next, up to a number of events.

    Begin, claim and commit cost more than taking a fact into a read model; together they are paid once.
    """

    def __init__(self, inbox: Inbox, handler: Hears) -> None:
        self._inbox, self._handler = inbox, handler
        self._waiting: deque[Delivery] = deque()
        self._at_work = False

    def add(self, delivery: Delivery) -> None:
        """Takes one delivery in; its work begins now or when the present transaction ends."""
        self._waiting.append(delivery)
        if not self._at_work:
            self._next()

    def _next(self) -> None:
        """Starts the work on what waits."""
        while self._waiting and self._inbox.consumer.gives_back:
            self._inbox.consumer.requeue_message(self._waiting.popleft().message)
        taken: list[Delivery] = []
        while self._waiting and _events(taken) < self._handler.together:
            taken.append(self._waiting.popleft())
        self._at_work = bool(taken)
        if not taken:
            return
        items, settle = [item for each in taken for item in each.items], partial(self._settle, taken)
        try:
            self._inbox.container.spawn_worker(self._handler, items, {}, context_data={}, handle_result=settle)
        except ContainerBeingKilled:
            for each in taken:
                self._inbox.consumer.requeue_message(each.message)

    def _settle(self, taken: list[Delivery], _: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        self._inbox.settle(taken, result, exc_info)
        # after this worker has given its place back: with one worker there would be none to wait for
        self._inbox.container.spawn_managed_thread(self._linger)
        return result, exc_info

    def _linger(self) -> None:
        """Where a whole transaction does not wait yet, more come together meanwhile."""
        if _events(self._waiting) < self._handler.together:
            eventlet.sleep(LINGER_SECONDS)
        self._next()


def _events(deliveries: Iterable[Delivery]) -> int:
    return sum(len(each.items) for each in deliveries)
