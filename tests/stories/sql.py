"""Looking into the stores of a running world, as its administrator."""

from __future__ import annotations

import base64
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chassis.sealing import NONCE_BYTES
from ops import provision
from ops.world import SERVICES, World

FACTS = """
(
  select o.position, f.fact, f.fact->>'id' as id, f.fact->>'type' as type, f.fact->>'subject' as subject,
    f.fact->>'aggregateversion' as version
  from outbox o cross join json_array_elements(o.body::json) as f(fact) where o.exchange like '%.events'
) as facts
"""
"""Every fact a service said, a row each: the outbox keeps those of one commit in one message."""
DONE = "select (select count(*) from outbox), (select count(*) from outbox where sent_at is null), count(*) from inbox"


def rows(world: World, service: str, query: str) -> list[tuple[Any, ...]]:
    with provision.connected(world, service) as connection:
        return connection.execute(query.encode()).fetchall()


def work_done(world: World) -> list[Any]:
    """Facts said, sent and heard by every service: it changes while anything is on its way."""
    return [rows(world, service, DONE) for service in SERVICES]


def one(world: World, service: str, query: str) -> Any:
    return rows(world, service, query)[0][0]


def unsealed(world: World, service: str, query: str) -> str:
    """What a service has sealed, with the keys of the world."""
    kid, _, rest = bytes(one(world, service, query)).partition(b"\0")
    key = base64.b64decode(world.settings["seal_keys"][service][kid.decode()])
    return AESGCM(key).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], kid).decode()
