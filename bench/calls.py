"""`python -m bench.calls`: what `@asked` (identity, schema, deadline, transaction) costs over a bare nameko call.

Both are asked by the same client, nameko's own stand-alone proxy, in turn A B A B.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from nameko.standalone.rpc import ClusterRpcProxy

from bench.report import Line, report
from ops import rabbitmq_api
from ops.waiting import wait_until
from tests.support.postgres import TestServer
from tests.support.toy_world import ToyWorld, toy_broker, toy_world

CALLS, ROUNDS = 400, 7


def milliseconds_a_call(ask: Any) -> float:
    began = time.perf_counter()
    for _ in range(CALLS):
        ask({"word": "hello"})
    return (time.perf_counter() - began) / CALLS * 1000


def measure(toys: ToyWorld) -> Line:
    toys.start_service()
    toys.start("bench.bare")
    config = {"AMQP_URI": toys.environment["AMQP_URI"]}
    ours, bare = [], []
    with ClusterRpcProxy(config, context_data={"identity": toys.token()}, timeout=10) as peers:
        wait_until(lambda: "rpc-bare" in rabbitmq_api.queues(toys.broker), seconds=20)
        for ask in (peers.things.echo, peers.bare.echo):
            milliseconds_a_call(ask)
        for _ in range(ROUNDS):
            ours.append(milliseconds_a_call(peers.things.echo))
            bare.append(milliseconds_a_call(peers.bare.echo))
    return Line("one call, alone", ours, bare, "ms", aim=1.3, floor_name="bare nameko call", at_least=False)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, toy_broker(Path(folder)) as broker:
        postgres = TestServer(Path(tempfile.mkdtemp(prefix="shaodao-bench-")))
        toys = toy_world(broker, postgres)
        try:
            line = measure(toys)
        finally:
            toys.stop()
            postgres.stop()
    report("calls", [line])


if __name__ == "__main__":
    main()
