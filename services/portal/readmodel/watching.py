"""Who waits for news of which case. One green thread a process asks the store twice a second for all of them
together, so an open page costs no connection and next to no query, and news from any replica is seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import eventlet
from eventlet.event import Event
from eventlet.greenthread import GreenThread
from sqlalchemy import Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.errors import Unavailable
from chassis.store import Store
from services.portal.readmodel.tables import Entry

EVERY_SECONDS = 0.5
_NUMBER = func.unnest(bindparam("numbers", type_=ARRAY(Text))).column_valued("number")
_SEQ = select(func.max(Entry.seq)).where(Entry.case_number == _NUMBER).scalar_subquery()
NEWEST = select(_NUMBER.label("number"), _SEQ.label("seq"))
"""One look into the index a case, however long its timeline is."""


@dataclass(eq=False)
class Waiting:
    """One open page that waits for news."""

    news: Event = field(default_factory=Event, kw_only=True)

    def wait(self, seconds: float) -> bool:
        """True as soon as there may be more than `seen`; False when the time is up."""
        told = self.news.wait(timeout=seconds)
        if told:
            self.news = Event()
        return bool(told)

    def tell(self) -> None:
        if not self.news.ready():
            self.news.send(True)


@dataclass(eq=False)
class Watcher(Waiting):
    """One open case. `seen` is the last `seq` it has."""

    number: str
    seen: int


W = TypeVar("W", bound=Waiting)


class Rounds(Generic[W]):
    """Looks into the store for all that wait together, twice a second, as long as anybody waits."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._watchers: set[W] = set()
        self._looking: GreenThread | None = None

    @contextmanager
    def waiting(self, watcher: W) -> Iterator[W]:
        """It is told of news for as long as the block runs."""
        self._watchers.add(watcher)
        if self._looking is None:
            self._looking = eventlet.spawn(self._look)
        try:
            yield watcher
        finally:
            self._watchers.discard(watcher)

    def __len__(self) -> int:
        return len(self._watchers)

    def _look(self) -> None:
        try:
            while self._watchers:
                self._tell()
                eventlet.sleep(EVERY_SECONDS)
        finally:
            self._looking = None

    def _tell(self) -> None:
        raise NotImplementedError


class Watch(Rounds[Watcher]):
    """The watchers of one store's cases."""

    def over(self, number: str, seen: int) -> AbstractContextManager[Watcher]:
        """A watcher for as long as the block runs."""
        return self.waiting(Watcher(number, seen))

    def _tell(self) -> None:
        newest = self._newest({watcher.number for watcher in self._watchers})
        for watcher in list(self._watchers):
            if newest.get(watcher.number, 0) > watcher.seen:
                watcher.tell()

    def _newest(self, numbers: set[str]) -> dict[str, int]:
        try:
            with self.store.transaction() as session:
                return {row.number: row.seq for row in session.execute(NEWEST, {"numbers": list(numbers)}) if row.seq}
        except Unavailable:
            return {}  # the next look asks again; open pages just hear nothing meanwhile
