"""Looking into the stores of a running world, as its administrator."""

from __future__ import annotations

from typing import Any

from ops import provision
from ops.world import SERVICES, World

DONE = "select (select count(*) from outbox), (select count(*) from outbox where sent_at is null), count(*) from inbox"


def rows(world: World, service: str, query: str) -> list[tuple[Any, ...]]:
    with provision.connected(world, service) as connection:
        return connection.execute(query.encode()).fetchall()


def work_done(world: World) -> list[Any]:
    """Facts said, sent and heard by every service: it changes while anything is on its way."""
    return [rows(world, service, DONE) for service in SERVICES]


def one(world: World, service: str, query: str) -> Any:
    return rows(world, service, query)[0][0]
