"""What is live, as server-sent events, with a sign of life in between: each new entry of a case; the news of a desk."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import eventlet

from chassis.envelope import rfc3339
from chassis.errors import NotFound, Unauthenticated, Unavailable
from chassis.identity import Principal
from chassis.store import Store
from services.portal.readmodel import desks, entries, scope
from services.portal.readmodel.news import DeskWatch
from services.portal.readmodel.watching import Watch

HEARTBEAT_SECONDS = 15.0
LONGEST_SECONDS = 600.0
"""After so long the stream ends and the browser comes back by itself, to be asked again who it is."""

RETRY_MILLISECONDS = 3000
PAUSE_SECONDS = 2.0
HEARTBEAT = ": 在线\n\n"
BYE = "event: bye\ndata: {}\n\n"


@dataclass(frozen=True)
class Stream:
    """What one open page needs; it holds no session of the store between two pieces of news.

    `who` tells who listens, each time anew: Unauthenticated once they have logged out. `units` are names by code.
    """

    store: Store
    watch: Watch
    number: str
    seen: int
    who: Callable[[], Principal]
    units: Mapping[str, str] = field(default_factory=dict)
    heartbeat: float = HEARTBEAT_SECONDS
    longest: float = LONGEST_SECONDS

    def events(self) -> Iterator[str]:
        """Ends when the time is up, or when the client has gone: then the server closes this generator."""
        yield f"retry: {RETRY_MILLISECONDS}\n\n"
        with suppress(Unauthenticated, NotFound):  # who listened may not any more
            yield from self._told()
        yield BYE

    def _told(self) -> Iterator[str]:
        ends = time.monotonic() + self.longest
        with self.watch.over(self.number, self.seen) as watcher:
            while time.monotonic() < ends:
                if not watcher.wait(self.heartbeat):
                    self.who()
                    yield HEARTBEAT
                    continue
                for view in self._news(watcher.seen):
                    watcher.seen = view["seq"]
                    yield as_event(view)

    def _news(self, seen: int) -> list[dict[str, Any]]:
        try:
            who = self.who()
            with self.store.transaction() as session:
                root = scope.find(session, who, self.number)
                told = entries.all_of(session, self.number)
                found = entries.views(root, told, discreet=not scope.of_place(who, root), units=self.units)
                return sorted((view for view in found if view["seq"] > seen), key=lambda view: view["seq"])
        except Unavailable:
            return []  # asked again at the next look: `seen` has not moved


@dataclass(frozen=True)
class DeskStream:
    """How many matters of a desk have news since the page was drawn: told each time the number changes.

    The id of each event is `seen`, from where it is counted: who comes back with it is told the number anew. `pause`
    in seconds is the least between two counts of one desk, however much happens.
    """

    store: Store
    watch: DeskWatch
    seen: int
    who: Callable[[], Principal]
    heartbeat: float = HEARTBEAT_SECONDS
    longest: float = LONGEST_SECONDS
    pause: float = PAUSE_SECONDS

    def events(self) -> Iterator[str]:
        """Ends as `Stream.events`."""
        yield f"retry: {RETRY_MILLISECONDS}\n\n"
        with suppress(Unauthenticated):  # who listened has logged out
            yield from self._told()
        yield BYE

    def _told(self) -> Iterator[str]:
        ends, told = time.monotonic() + self.longest, 0
        with self.watch.of(self.who()) as watcher:
            watcher.tell()  # what was missed
            while time.monotonic() < ends:
                if not watcher.wait(self.heartbeat):
                    self.who()
                    yield HEARTBEAT
                    continue
                count = self._count(told)
                if count != told:
                    told = count
                    yield f'id: {self.seen}\nevent: news\ndata: {{"count": {count}}}\n\n'
                eventlet.sleep(self.pause)

    def _count(self, told: int) -> int:
        try:
            with self.store.transaction() as session:
                return desks.arrived(session, self.who(), self.seen)
        except Unavailable:
            return told  # counted again at the next news


def as_event(view: dict[str, Any]) -> str:
    return f"id: {view['seq']}\nevent: entry\ndata: {json.dumps(view, ensure_ascii=False, default=_plain)}\n\n"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return rfc3339(value)
    raise TypeError(f"{value!r} cannot be told")
