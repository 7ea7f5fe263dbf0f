"""One budget for all that a publication needs, one id for all its attempts, and no channel a confirm was missed on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import eventlet
import pytest
from eventlet.event import Event

from bus.peers import Peer
from bus.publishing import Publisher
from chassis.errors import DeadlineExceeded
from relay.log import Row
from relay.pipeline import WINDOW, Pipeline

pytestmark = pytest.mark.rule("51")
NEVER = 3600.0


class Wire:
    """A pool of one connection that does, one publication after the other, what the test says; None takes it."""

    def __init__(self, *answers: Any) -> None:
        self.answers, self.sent, self.dropped = list(answers), [], 0
        self.connection = SimpleNamespace(_connection=self, _default_channel=self, declared_entities=set())

    @contextmanager
    def acquire(self, block: bool) -> Iterator[Wire]:
        yield self

    def publish(self, body: Any, **how: Any) -> None:
        self.sent.append((body, how["message_id"]))
        answer = self.answers.pop(0)
        if answer is not None:
            answer()

    def collect(self) -> None:
        self.dropped += 1


def broken() -> None:
    raise ConnectionResetError


def silent() -> None:
    eventlet.sleep(NEVER)


def publisher(wire: Wire) -> Publisher:
    made: Any = Publisher("memory://", confirms=True)
    made._producers = wire
    return made  # type: ignore[no-any-return]


def test_given_a_connection_that_died_in_the_pool_when_published_then_a_fresh_one_takes_it_under_the_same_id():
    wire = Wire(broken, None)
    publisher(wire).publish_raw(b"x", message_id="m-1")
    assert ([(b"x", "m-1"), (b"x", "m-1")], 1, None) == (wire.sent, wire.dropped, wire.connection._connection)


def test_given_no_id_when_published_then_all_attempts_have_the_same():
    wire = Wire(broken, None)
    publisher(wire).publish_raw(b"x")
    assert 1 == len({message_id for _, message_id in wire.sent})


def test_given_a_silent_broker_when_the_budget_is_spent_then_it_is_not_sent_again_and_the_channel_is_given_up():
    wire = Wire(silent)
    with pytest.raises(TimeoutError):
        publisher(wire).publish_raw(b"x", within=0.05)
    assert (1, 1, None) == (len(wire.sent), wire.dropped, wire.connection._default_channel)


def test_given_a_first_attempt_that_spent_the_budget_when_it_breaks_then_the_second_has_only_what_is_left():
    def slowly_broken() -> None:
        eventlet.sleep(0.05)
        broken()

    wire = Wire(slowly_broken, silent)
    with pytest.raises(TimeoutError):
        publisher(wire).publish_raw(b"x", within=1)
    assert (2, None) == (len(wire.sent), wire.connection._connection)


def test_given_a_silent_broker_when_a_peer_is_asked_then_the_deadline_covers_the_way_there_too():
    replies: Any = SimpleNamespace(
        expect=lambda: ("c-1", Event()),
        forget=lambda correlation_id: None,
        address="here",
        publisher=SimpleNamespace(publish_raw=lambda *_, **__: eventlet.sleep(NEVER)),
    )
    process: Any = SimpleNamespace(own_identity=lambda: "token")
    with pytest.raises(DeadlineExceeded):
        Peer("things", replies, process).ask("make", {}, deadline=0.05)


class Broker:
    """The relay's connection: what happens on it at each reading, in turn."""

    def __init__(self, pipeline: Pipeline, *events: Any) -> None:
        self.pipeline, self.events, self.sent, self.seconds = pipeline, list(events), [], 0.0

    def drain_events(self, timeout: float) -> None:
        self.seconds += timeout
        self.events.pop(0)()

    def heartbeat_tick(self) -> None:
        return None

    def _basic_publish(self, message: Any, **_: Any) -> None:
        self.sent.append(message.properties["message_id"])


def row(position: int) -> Row:
    return Row(position, f"m-{position}", "things.events", "thing_changed", "{}", {})


def pipeline(*events: str, goes_on: Any = lambda: True) -> tuple[Pipeline, Broker]:
    made: Any = Pipeline("amqp://a:b@127.0.0.1/x", goes_on)
    acts = {
        "blocked": lambda: made._block(True),
        "unblocked": lambda: made._block(False),
        "nothing": silence,
        "taken": lambda: made._acked(max(made._open), True),
        "refused": lambda: made._nacked(max(made._open), True),
    }
    made._blocked, made._tag, made._open = False, 0, {}
    made._connection = made._channel = broker = Broker(made, *(acts[event] for event in events))
    return made, broker


def silence() -> None:
    raise TimeoutError


def test_given_a_broker_that_is_blocked_longer_than_the_budget_when_relayed_then_each_row_is_sent_once(monkeypatch):
    monkeypatch.setenv("PUBLISH_SECONDS", "2")
    made, broker = pipeline("blocked", *["nothing"] * 9, "unblocked", "nothing", "taken")
    monkeypatch.setattr(time, "monotonic", lambda: broker.seconds)
    assert ([1, 2], ["m-1", "m-2"]) == (made.publish([row(1), row(2)]), broker.sent)


def test_given_a_broker_that_says_nothing_when_the_budget_is_spent_then_the_relay_gives_the_channel_up(monkeypatch):
    monkeypatch.setenv("PUBLISH_SECONDS", "2")
    made, broker = pipeline(*["nothing"] * 9)
    monkeypatch.setattr(time, "monotonic", lambda: broker.seconds)
    with pytest.raises(TimeoutError):
        made.publish([row(1)])


def test_given_more_rows_than_buffers_take_when_the_broker_is_blocked_then_the_rest_is_not_written_meanwhile():
    made, broker = pipeline("blocked", "nothing", goes_on=iter([True, True, False]).__next__)
    with pytest.raises(TimeoutError, match="told to stop"):
        made.publish([row(no) for no in range(WINDOW + 100)])
    assert WINDOW == len(broker.sent)


def test_given_a_queue_that_is_choosing_its_leader_when_it_refuses_a_row_then_the_next_batch_has_a_fresh_channel():
    made, broker = pipeline("refused", "taken")
    opened: list[str] = []
    broker.close = lambda: opened.append("closed")  # type: ignore[attr-defined]

    def open_channel() -> None:
        opened.append("opened")
        made._tag, made._open, made._worn = 0, {}, False

    made._open_channel = open_channel  # type: ignore[method-assign]
    first, not_taken = made.publish([row(1)]), made.not_taken
    assert ([], [1], [1], [], ["closed", "opened"]) == (
        first,
        not_taken,
        made.publish([row(1)]),
        made.not_taken,
        opened,
    )
