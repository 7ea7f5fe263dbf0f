"""Who waits for news of a desk. One look a process, twice a second, at the entries that came since the last: whom each
matter waits for tells whose desk it concerns, so an open page costs no connection, and 500 cost as many looks as one.
"""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from chassis.errors import Unavailable
from chassis.identity import Principal
from chassis.store import Store
from services.portal.readmodel import desks, scope
from services.portal.readmodel.tables import Entry, Matter
from services.portal.readmodel.watching import Rounds, Waiting

SETTLED_SECONDS = 5.0
"""An entry is numbered before it is committed: for so long one of a lower number may still come."""
BACK = 200
"""From so many numbers before the newest the first look goes, for the same reason."""
MOST = 2000


@dataclass(eq=False)
class DeskWatcher(Waiting):
    """One open desk: in whose names things wait for its viewer."""

    person: str
    keys: frozenset[str]


class DeskWatch(Rounds[DeskWatcher]):
    """Those who look at their desks, of one store."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._floor: int | None = None
        self._seen: dict[int, float] = {}

    def of(self, who: Principal) -> AbstractContextManager[DeskWatcher]:
        """A watcher for as long as the block runs."""
        if self._looking is None:
            self._floor, self._seen = None, {}  # what came while nobody looked is no news
        return self.waiting(DeskWatcher(who.id, frozenset(scope.awaited_as(who))))

    def _tell(self) -> None:
        fresh = self._fresh()
        if len(fresh) == MOST:
            concerned = list(self._watchers)
        else:
            told = [(row.actor, frozenset(row.desks)) for row in fresh]
            concerned = [each for each in self._watchers if any(_concerns(each, *one) for one in told)]
        for each in concerned:
            each.tell()

    def _fresh(self) -> list[Any]:
        """Entries nobody was told of, of matters that wait for somebody."""
        try:
            with self.store.transaction() as session:
                if self._floor is None:
                    self._floor = max(desks.newest(session) - BACK, 0)
                query = select(Entry.seq, Entry.actor, Matter.desks).join(Matter, Matter.id == Entry.subject)
                since = query.where(Entry.seq > self._floor, Matter.desks.is_not(None))
                rows = list(session.execute(since.order_by(Entry.seq).limit(MOST)))
        except Unavailable:
            return []  # the next look asks again
        fresh = [row for row in rows if row.seq not in self._seen]
        self._settle([row.seq for row in rows], full=len(rows) == MOST)
        return fresh

    def _settle(self, numbers: list[int], *, full: bool) -> None:
        """What is settled, or too much to be kept, is not looked at again."""
        now = time.monotonic()
        for seq in numbers:
            self._seen.setdefault(seq, now)
        old = numbers if full else [seq for seq, when in self._seen.items() if when < now - SETTLED_SECONDS]
        self._floor = max([*old, self._floor or 0])
        self._seen = {seq: when for seq, when in self._seen.items() if seq > self._floor}


def _concerns(watcher: DeskWatcher, actor: str, desks: frozenset[str]) -> bool:
    return actor != watcher.person and not watcher.keys.isdisjoint(desks)
