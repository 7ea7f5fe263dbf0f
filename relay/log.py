"""The relay's side of the outbox table, spoken to in plain psycopg."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from chassis.database import CHANNEL, CONNECTION
from failover.database import connect

BATCH = 1000
LOCK = 7_203_114  # one relay at work in a database; any number, the same in every relay

UNSENT = """
select position, id::text, exchange, routing_key, body, headers from outbox
where sent_at is null and position <> all(%s) order by position limit %s
"""
MARK = """
update outbox set sent_at = clock_timestamp(), sent_no = marked.no
from unnest(%s::bigint[], %s::bigint[]) as marked(position, no) where outbox.position = marked.position
"""


class Row(NamedTuple):
    position: int
    id: str
    exchange: str
    routing_key: str
    body: str
    headers: dict[str, str]


class OutboxLog:
    """One connection, autocommit, listening for the wake-up of writers."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._locked = False
        self._last_no = 0

    def __enter__(self) -> OutboxLog:
        self._connection = connect(self._url, autocommit=True, **CONNECTION)
        self._connection.execute(f"listen {CHANNEL}")
        self._connection.execute("set statement_timeout = '30s'")
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._locked = False

    def mine(self) -> bool:
        """Whether this relay is the one at work; asks for the lock while it is not."""
        if not self._locked:
            row = self._connection.execute("select pg_try_advisory_lock(%s)", (LOCK,)).fetchone()
            self._locked = bool(row and row[0])
            if self._locked:
                found = self._connection.execute("select coalesce(max(sent_no), 0) from outbox").fetchone()
                self._last_no = found[0] if found else 0
        return self._locked

    def unsent(self, but: Collection[int] = ()) -> list[Row]:
        """The oldest unsent rows but these, in order."""
        for _ in self._connection.notifies(timeout=0):
            pass  # whatever was announced until now is among what is read now
        return [Row(*row) for row in self._connection.execute(UNSENT, (list(but), BATCH))]

    def mark_sent(self, positions: list[int]) -> None:
        """Marks rows as published, numbering them in that order without gaps."""
        numbers = list(range(self._last_no + 1, self._last_no + 1 + len(positions)))
        self._connection.execute(MARK, (positions, numbers))
        self._last_no += len(positions)

    def wait(self, seconds: float) -> None:
        """Returns when a writer has committed, or after `seconds`."""
        for _ in self._connection.notifies(timeout=seconds, stop_after=1):
            return
