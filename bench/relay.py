"""`python -m bench.relay`: how fast the relay drains a full outbox, against raw pipelined publishing."""

from __future__ import annotations

import json
import tempfile
import time
import uuid
from pathlib import Path

from sqlalchemy import insert

from bench.floors import pipelined_publishing
from bench.report import Line, report
from chassis.clock import system_clock
from chassis.tables import OUTBOX
from ops.waiting import wait_until
from tests.support.postgres import TestServer
from tests.support.toy_world import ToyWorld, toy_broker, toy_world

ROWS = 20_000


def body(number: int) -> str:
    fact = {"specversion": "1.0", "id": str(uuid.uuid4()), "data": {"word": f"w{number}"}, "filler": "x" * 700}
    return json.dumps(fact)


def fill(toys: ToyWorld, bodies: list[str]) -> None:
    now = system_clock()
    rows = [
        {"id": uuid.uuid4(), "exchange": "things.events", "routing_key": "thing_changed", "subject": "t",
         "body": text, "recorded_at": now, "headers": {}}
        for text in bodies
    ]  # fmt: skip
    with toys.engine.begin() as connection:
        connection.execute(insert(OUTBOX), rows)


def drained(toys: ToyWorld) -> float:
    """Rows a second from the first to the last mark, as the database saw it."""
    toys.start_relay()
    wait_until(lambda: toys.rows("select 1 from outbox where sent_at is null limit 1") == [], seconds=120, every=0.2)
    (first, last) = toys.rows("select min(sent_at), max(sent_at) from outbox")[0]
    toys.stop()
    return ROWS / (last - first).total_seconds()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, toy_broker(Path(folder)) as broker:
        postgres = TestServer(Path(tempfile.mkdtemp(prefix="shaodao-bench-")))
        toys = toy_world(broker, postgres)
        bodies = [body(number) for number in range(ROWS)]
        raw = [text.encode() for text in bodies]
        uri = toys.environment["AMQP_URI"]
        floors, rates = [], []
        for _ in range(3):
            toys = toy_world(broker, postgres)
            floors.append(pipelined_publishing(uri, "things.events", "thing_changed", raw))
            toys = toy_world(broker, postgres)
            fill(toys, bodies)
            rates.append(drained(toys))
        postgres.stop()
    report("relay", [Line("drain", rates, floors, unit="events/s", aim=0.30, floor_name="raw pipelined publishing")])


if __name__ == "__main__":
    began = time.perf_counter()
    main()
    print(f"{time.perf_counter() - began:.0f} s")
