"""The loop that reads the broker's connection, with a connection that does what the test says."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import eventlet
import pytest
from kombu import Queue
from nameko.containers import ServiceContainer
from nameko.extensions import Entrypoint

from bus import draining
from bus.draining import DrainingConsumer
from bus.gathering import Gathering


class Broker:
    """`away` makes it unreachable; while it is there, messages come without a pause."""

    away = False
    connects = heartbeats = 0

    def __enter__(self) -> Broker:
        return self

    def __exit__(self, *_: Any) -> None:
        return None

    def connect(self) -> None:
        self.connects += 1
        if self.away:
            raise ConnectionRefusedError("away")

    def heartbeat_check(self) -> None:
        self.heartbeats += 1

    def drain_events(self, timeout: float) -> None:
        eventlet.sleep(0.001)
        if self.away:
            raise ConnectionResetError("gone")


class Taking(Entrypoint):
    consumer = DrainingConsumer()
    queue = Queue("things.inbox", no_declare=True)

    def setup(self) -> None:
        self.consumer.register_provider(self)

    def stop(self) -> None:
        self.consumer.unregister_provider(self)


class Things:
    name = "things"
    take = Taking.decorator(lambda self: None)


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    made = Broker()
    monkeypatch.setattr(draining, "connect", lambda uri: made)
    monkeypatch.setattr(draining, "RECONNECT_SECONDS", 0.01)
    monkeypatch.setattr(DrainingConsumer, "_consumer", lambda *_: SimpleNamespace(no_ack=False, cancel=lambda: None))
    with eventlet.Timeout(10):
        yield made


def started(broker: Broker) -> ServiceContainer:
    container = ServiceContainer(Things, {"AMQP_URI": "amqp://nowhere", "max_workers": 2})
    container.start()
    return container


def until(met: Any) -> None:
    while not met():
        eventlet.sleep(0.01)


def test_given_messages_without_a_pause_when_read_then_heartbeats_go_out_all_the_same(broker):
    container = started(broker)
    until(lambda: broker.heartbeats > 3)
    broker.away = True
    container.stop()
    assert broker.heartbeats > 3


def test_given_a_broker_that_went_away_when_the_service_stops_then_it_does_not_wait_for_it(broker):
    container = started(broker)
    broker.away = True
    container.stop()
    assert container.wait() is None


def test_given_no_broker_at_all_when_the_service_stops_then_its_start_ends_too(broker):
    broker.away = True
    container = ServiceContainer(Things, {"AMQP_URI": "amqp://nowhere", "max_workers": 2})
    starting = eventlet.spawn(container.start)
    until(lambda: broker.connects)
    container.stop()
    starting.wait()
    assert starting.dead


class Asking(Taking):
    queue = Queue("things.asked", no_declare=True)


class Both:
    name = "things"
    take = Taking.decorator(lambda self: None)
    ask = Asking.decorator(lambda self: None)


def test_given_a_queue_that_is_being_left_when_another_asks_to_be_left_then_both_are_cancelled_first(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancelled, slow, reached = [], eventlet.event.Event(), eventlet.event.Event()

    def cancel(provider: Any) -> None:
        cancelled.append(provider)
        if not reached.ready():
            reached.send(None)
            slow.wait()

    monkeypatch.setattr(
        DrainingConsumer, "_consumer", lambda _, __, each: SimpleNamespace(no_ack=False, cancel=lambda: cancel(each))
    )
    container = ServiceContainer(Both, {"AMQP_URI": "amqp://nowhere", "max_workers": 2})
    container.start()
    one, other = container.entrypoints
    first = eventlet.spawn(one.stop)
    reached.wait()
    second = eventlet.spawn(other.stop)
    until(lambda: len(one.consumer._leaving) == 2)
    slow.send(None)
    first.wait(), second.wait()
    assert {one, other} == set(cancelled)
    container.stop()


def test_given_a_queue_left_long_ago_when_asked_then_what_was_not_begun_goes_back(broker, monkeypatch):
    container = started(broker)
    consumer = container.entrypoints.copy().pop().consumer
    before = consumer.gives_back
    monkeypatch.setattr(draining, "BEGIN_SECONDS", -1.0)
    still_here = consumer.gives_back
    container.stop()
    assert (False, False, True) == (before, still_here, consumer.gives_back)


@pytest.mark.parametrize(("gives_back", "began", "returned"), [(False, [["a", "b"]], []), (True, [], ["a", "b"])])
def test_given_what_waits_when_its_turn_comes_then_it_begins_or_goes_back(gives_back, began, returned):
    work, back = [], []
    inbox: Any = SimpleNamespace(
        consumer=SimpleNamespace(gives_back=gives_back, requeue_message=back.append),
        container=SimpleNamespace(spawn_worker=lambda _, items, *__, **___: work.append(items)),
    )
    gathering = Gathering(inbox, SimpleNamespace(together=5))  # type: ignore[arg-type]
    gathering._at_work = True
    for name in ("a", "b"):
        gathering.add(SimpleNamespace(items=[name], message=name))  # type: ignore[arg-type]
    gathering._next()
    assert (began, returned) == (work, back)
