"""Remembering what was handled: the same message may come twice, the work is done once."""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from pathlib import Path


class MemorySeen:
    """The last `size` ids; forgotten when the program ends."""

    def __init__(self, size: int = 10_000) -> None:
        self._size = size
        self._ids: OrderedDict[str, None] = OrderedDict()

    def __contains__(self, message_id: str) -> bool:
        return message_id in self._ids

    def add(self, message_id: str) -> None:
        self._ids[message_id] = None
        while len(self._ids) > self._size:
            self._ids.popitem(last=False)


class FileSeen:
    """Ids in a file of SQLite; outlives the program. Use it where handling twice would do harm."""

    def __init__(self, path: str | Path) -> None:
        self._file = sqlite3.connect(path, isolation_level=None)
        self._file.execute("create table if not exists seen (id text primary key, at text default current_timestamp)")

    def __contains__(self, message_id: str) -> bool:
        return self._file.execute("select 1 from seen where id = ?", (message_id,)).fetchone() is not None

    def add(self, message_id: str) -> None:
        self._file.execute("insert or ignore into seen (id) values (?)", (message_id,))
