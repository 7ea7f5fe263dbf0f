"""`python -m bench.inbox`: how fast a service takes events in, each with its effect once, against raw consuming.

The handler writes one row. `one by one` is a transaction an event; `together` shares one among those that wait.
"""

from __future__ import annotations

import json
import tempfile
import time
import uuid
from pathlib import Path

from amqp import Connection
from kombu.utils.url import parse_url

from bench.floors import pipelined_publishing
from bench.report import Line, report
from chassis.clock import system_clock
from chassis.envelope import rfc3339
from ops import world
from ops.waiting import wait_until
from tests.support.postgres import TestServer
from tests.support.toy_world import ToyWorld, toy_broker, toy_world

EVENTS, ROUNDS = 2_000, 3
QUEUE = "things.inbox"
WAYS = {"thing_changed": "one by one", "thing_counted": "together"}


def event(name: str, number: int) -> bytes:
    fact = {
        "specversion": "1.0", "id": str(uuid.uuid4()), "source": "/things", "type": f"cn.shaodao.things.{name}.v1",
        "subject": str(uuid.uuid4()), "time": rfc3339(system_clock()), "aggregateversion": 1, "areapath": "a.b",
        "actor": "u-1", "casenumber": "S1", "data": {"word": f"w{number}"}, "filler": "x" * 500,
    }  # fmt: skip
    return json.dumps(fact).encode()


def publish(toys: ToyWorld, name: str) -> None:
    bodies = [event(name, number) for number in range(EVENTS)]
    pipelined_publishing(toys.environment["AMQP_URI"], "", QUEUE, bodies)


def handled(toys: ToyWorld, name: str) -> float:
    """Events a second from the first to the last claim, while the queue was never empty."""
    publish(toys, name)
    toys.start_service()
    counted = lambda: toys.rows("select count(*) from inbox")[0][0] == EVENTS  # noqa: E731
    wait_until(counted, seconds=120, what="all handled", every=0.2)
    (first, last) = toys.rows("select min(heard_at), max(heard_at) from inbox")[0]
    assert toys.rows("select count(*) from effect") == [(EVENTS,)]
    toys.stop()
    return EVENTS / float((last - first).total_seconds())


def consumed(toys: ToyWorld) -> float:
    """Messages a second that are taken and acked one by one, as many on the way as the service allows."""
    publish(toys, "thing_changed")
    at, seen = parse_url(toys.environment["AMQP_URI"]), [0]
    login = {"userid": at["userid"], "password": at["password"], "virtual_host": at["virtual_host"]}
    with Connection(f"{at['hostname']}:{at['port']}", **login) as connection:
        channel = connection.channel()
        channel.basic_qos(0, 16, False)

        def take(message: object) -> None:
            seen[0] += 1
            channel.basic_ack(message.delivery_tag)  # type: ignore[attr-defined]

        began = time.perf_counter()
        channel.basic_consume(QUEUE, callback=take)
        while seen[0] < EVENTS:
            connection.drain_events(timeout=30)
        return EVENTS / (time.perf_counter() - began)


def measure(broker: world.World, postgres: TestServer) -> list[Line]:
    floors: list[float] = []
    rates: dict[str, list[float]] = {name: [] for name in WAYS}
    for _ in range(ROUNDS):
        floors.append(consumed(toy_world(broker, postgres)))
        for name, found in rates.items():
            found.append(handled(toy_world(broker, postgres), name))
    bare = "raw consuming and acking"
    return [Line(f"inbox, {way}", rates[name], floors, "events/s", None, bare) for name, way in WAYS.items()]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, toy_broker(Path(folder)) as broker:
        postgres = TestServer(Path(tempfile.mkdtemp(prefix="shaodao-bench-")))
        try:
            lines = measure(broker, postgres)
        finally:
            postgres.stop()
    report("inbox", lines)


if __name__ == "__main__":
    main()
