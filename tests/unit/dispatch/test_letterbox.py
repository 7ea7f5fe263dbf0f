"""Letters of outsiders: stamped when they are taken, and what can only be refused is set aside."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from bus.delivery import Delivery
from letters.letterbox import Letterbox
from tests.support.clock import FixedClock

NOW = datetime(2024, 7, 5, 1, 0, tzinfo=UTC)


class Lane:
    """Keeps the letters that took it."""

    def __init__(self):
        self.letters = []

    def add(self, delivery):
        self.letters += [item.event for item in delivery.items]

    begin = add


@pytest.fixture
def box():
    made = Letterbox()
    made.inbox = Lane()
    made.inbox.process = SimpleNamespace(clock=FixedClock(NOW))
    made.receiver = SimpleNamespace(
        gathering=Lane(), hopeless=lambda letter: letter.content is None, handler_name="a.b"
    )
    return made


def message(body=b"{}", headers=None, **properties):
    delivery = {"routing_key": "a.sign"}
    return SimpleNamespace(body=body, headers=dict(headers or {}), properties=properties, delivery_info=delivery)


@pytest.mark.rule("41")
def test_given_a_letter_when_taken_then_it_carries_the_moment_through_every_wait(box):
    fresh = message(headers={"x-arrived": "2001-01-01T00:00:00+00:00"}, user_id="department.a")
    box.handle_message(fresh.body, fresh)
    box.inbox.process.clock.forward(minutes=40)
    box.open(message(headers=Delivery(fresh).carried()))
    assert [NOW, NOW] == [letter.arrived_at for letter in box.inbox.letters]


@pytest.mark.rule("41")
def test_given_a_letter_that_can_only_be_refused_when_taken_then_it_is_set_aside(box):
    for body in (b"\xff", b"{}"):
        box.handle_message(body, message(body))
    assert [[b"{}"], [b"\xff"]] == [
        [letter.body for letter in lane.letters] for lane in (box.inbox, box.receiver.gathering)
    ]


@pytest.mark.rule("42")
def test_given_an_amqp_message_id_when_taken_then_it_stays_with_the_letter(box):
    fresh = message(b"\xff", message_id="m-77")
    box.handle_message(fresh.body, fresh)
    assert ["m-77"] == [letter.given_id for letter in box.receiver.gathering.letters]
    assert "m-77" == Delivery(fresh).carried()["x-message-id"]
