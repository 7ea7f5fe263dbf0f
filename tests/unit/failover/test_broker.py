"""A process speaks to one node of a broker, and leaves it when it is lost."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

import failover
from bus.publishing import ATTEMPTS, Publisher
from failover.broker import LOST, Brokers, brokers, connect

NODES = ("amqp://a:p@127.0.0.1:1/v", "amqp://a:p@127.0.0.1:2/v", "amqp://a:p@127.0.0.1:3/v")


@pytest.fixture
def swallowing() -> Iterator[int]:
    """A server that takes connections and never says a word, as the kernel does for a process that stands still."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_given_a_node_that_is_left_when_left_again_by_others_then_only_the_first_counts():
    nodes = Brokers(NODES)
    first = nodes.current
    for _ in range(3):
        nodes.leave(first)
    assert NODES[(NODES.index(first) + 1) % 3] == nodes.current


def test_given_one_node_when_left_then_there_is_no_other():
    nodes = Brokers(NODES[:1])
    nodes.leave(nodes.current)
    assert NODES[0] == nodes.current


def test_given_several_nodes_when_asked_who_serves_then_it_is_told_without_a_login():
    nodes = brokers(";".join(NODES))
    assert failover.serving()["serving"]["broker"] == nodes.current.rpartition("@")[2].removesuffix("/v")


def test_given_a_node_that_swallows_packets_when_connected_then_it_is_given_up_in_seconds(swallowing, monkeypatch):
    monkeypatch.setitem(failover.broker.TIMEOUTS, "login_timeout", 0.5)
    began = time.monotonic()
    with pytest.raises(LOST), connect(Brokers((f"amqp://a:p@127.0.0.1:{swallowing}/v",))) as link:
        link.connect()
    assert time.monotonic() - began < 10


class Pool:
    """Connections to one node, which is dead unless it is `alive`."""

    def __init__(self, uri: str, alive: str) -> None:
        self.uri, self.alive, self.asked = uri, alive, 0

    def acquire(self, block: bool) -> Pool:
        return self

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    connection = property(lambda self: self)
    _connection = None
    declared_entities: set[Any] = set()

    def __setattr__(self, name: str, value: Any) -> None:
        if not name.startswith("_"):
            super().__setattr__(name, value)

    def publish(self, *_: object, **__: object) -> None:
        self.asked += 1
        if self.uri != self.alive:
            raise ConnectionRefusedError


def test_given_two_dead_nodes_when_published_then_the_third_takes_it():
    made: Any = Publisher(";".join(each.replace("//a", "//b") for each in NODES), confirms=True)
    nodes = made._nodes
    alive = nodes.uris[nodes.uris.index(nodes.current) - 1]
    pools = made._producers._made = {each: Pool(each, alive) for each in nodes.uris}
    made.publish_raw(b"x")
    assert [1, ATTEMPTS, ATTEMPTS] == sorted(pool.asked for pool in pools.values())
    assert alive == nodes.current
