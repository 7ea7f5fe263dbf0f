"""Looking into the stores of a running world, as its administrator."""

from __future__ import annotations

from typing import Any

from ops import provision
from ops.world import World


def rows(world: World, service: str, query: str) -> list[tuple[Any, ...]]:
    with provision.connected(world, service) as connection:
        return connection.execute(query.encode()).fetchall()


def one(world: World, service: str, query: str) -> Any:
    return rows(world, service, query)[0][0]
