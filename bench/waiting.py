"""What has been said and not yet done anywhere in a world."""

from __future__ import annotations

import json
from contextlib import ExitStack
from types import TracebackType

import psycopg

from ops import provision, rabbitmq_api
from ops.waiting import wait_until
from ops.world import SERVICES, World

UNSENT = "select count(*) from outbox where sent_at is null"
LETTERS = "select count(*) from message where state = 'QUEUED' and recipient_id is not null and send_after <= %s"
DONE = "select (select count(*) from inbox) + (select count(*) from answered)"


class Waiting:
    """Counts in the databases and the broker, over connections that stay open."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._stack = ExitStack()
        self.databases: dict[str, psycopg.Connection] = {}

    def __enter__(self) -> Waiting:
        for service in SERVICES:
            self.databases[service] = self._stack.enter_context(provision.connected(self.world, service))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.close()

    def one(self, service: str, query: str, *values: object) -> int:
        row = self.databases[service].execute(query.encode(), values).fetchone()
        assert row is not None
        return int(row[0])

    def facts(self) -> dict[str, int]:
        """By place: outboxes that were not published, queues that were not read, messages that were not sent."""
        found = {f"outbox of {service}": self.one(service, UNSENT) for service in SERVICES}
        queues = rabbitmq_api.queues(self.world)
        found |= {name: int(queue.get("messages") or 0) for name, queue in queues.items() if "rpc" not in name}
        found["letters"] = self.one("notify", LETTERS, self.world.now())
        return {place: count for place, count in found.items() if count}

    def until_none(self, seconds: float = 60.0, every: float = 0.2) -> None:
        """Until all is done everywhere. Errors: TimeoutError when nothing gets done for `seconds`."""
        wait_until(lambda: not self.facts(), seconds=seconds, what="all done", every=every, progress=self.facts)

    def transactions(self) -> int:
        """How many commands and events were done so far: each is one durable transaction."""
        return sum(self.one(service, DONE) for service in SERVICES)

    def __str__(self) -> str:
        return json.dumps(self.facts())
