"""Reference data kept in the process for a few seconds, so that registering asks the store only for what changes."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.orm import Session

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

SECONDS = 10.0
PLACES = 4096


class Remembered(Generic[K, V]):
    """What `load` answered for a key, for SECONDS; the least used keys are dropped first. One memory a store."""

    def __init__(self, load: Callable[[Session, K], V]) -> None:
        self._load = load
        self._stores: WeakKeyDictionary[Engine, OrderedDict[K, tuple[float, V]]] = WeakKeyDictionary()

    def get(self, session: Session, key: K) -> V:
        known = self._stores.setdefault(session.get_bind().engine, OrderedDict())
        found = known.get(key)
        if found is None or found[0] < time.monotonic():
            found = (time.monotonic() + SECONDS, self._load(session, key))
            known[key] = found
        known.move_to_end(key)
        if len(known) > PLACES:
            known.popitem(last=False)
        return found[1]

    def forget(self) -> None:
        """After reference data were loaded in this process."""
        self._stores.clear()
