"""What a process of a service does when the node of the broker it speaks to is lost."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import eventlet
import pytest
from amqp.exceptions import AccessRefused
from nameko.containers import ServiceContainer

from bus import draining
from bus.draining import DrainingConsumer
from bus.peers import Replies
from relay.__main__ import Relay
from tests.unit.bus.test_draining import Broker, Things, until

NODES = "amqp://things:p@h1/v;amqp://things:p@h2/v;amqp://things:p@h3/v"


def test_given_a_node_that_is_lost_when_consuming_then_the_next_one_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    broker = Broker()

    def connect(nodes: Any) -> Broker:
        asked.append(nodes.current)
        broker.away = len(asked) < 3
        return broker

    monkeypatch.setattr(draining, "connect", connect)
    monkeypatch.setattr(draining, "RECONNECT_SECONDS", 0.01)
    monkeypatch.setattr(DrainingConsumer, "_consumer", lambda *_: SimpleNamespace(no_ack=False, cancel=lambda: None))
    container = ServiceContainer(Things, {"AMQP_URI": NODES, "max_workers": 2})
    with eventlet.Timeout(10):
        container.start()
        until(lambda: len(asked) >= 3)
        container.stop()
    assert set(NODES.split(";")) == set(asked[:3])


@pytest.mark.parametrize(("setting", "same"), [(NODES, False), (NODES.split(";")[0], True)])
def test_given_a_new_connection_when_several_nodes_then_answers_come_to_a_fresh_queue(setting, same, monkeypatch):
    replies: Any = Replies()
    replies.container = SimpleNamespace(service_name="things", config={"AMQP_URI": setting})
    monkeypatch.setattr(DrainingConsumer, "register_provider", lambda *_: None)
    replies.setup()
    before = replies.address, replies.queue.name
    replies.renew()
    assert (same, same) == tuple(
        old == new for old, new in zip(before, (replies.address, replies.queue.name), strict=True)
    )
    assert replies.address in replies.queue.name


@pytest.mark.parametrize(("setting", "tries"), [(NODES, 3), (NODES.split(";")[0], 1)])
def test_given_nodes_that_all_refuse_the_login_when_relayed_then_it_ends_after_each_was_asked(
    setting, tries, monkeypatch
):
    relay, asked = Relay("postgresql://nowhere", setting), []

    def work() -> None:
        asked.append(1)
        raise AccessRefused("no")

    monkeypatch.setattr(relay, "_work", work)
    monkeypatch.setattr(relay._stopping, "wait", lambda _: None)
    with pytest.raises(AccessRefused):
        relay.run()
    assert tries == len(asked)


def test_given_a_node_that_came_back_empty_when_relayed_before_then_its_refusal_is_waited_out(monkeypatch):
    relay, acts = Relay("postgresql://nowhere", NODES.split(";")[0]), []

    def work() -> None:
        acts.append(1)
        if len(acts) == 3:
            relay.stop()
        raise ConnectionResetError if len(acts) == 1 else AccessRefused("no")

    monkeypatch.setattr(relay, "_work", work)
    monkeypatch.setattr(relay._stopping, "wait", lambda _: None)
    relay.run()
    assert 3 == len(acts)
