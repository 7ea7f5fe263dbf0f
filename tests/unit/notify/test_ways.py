"""Fail-over, receipts and what one person can take in a day."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from chassis.errors import NotFound
from contracts.notify.messages import ReportReceipt
from kernel.codes import Audience, MessageChannel
from services.notify import claims, receipts, sending
from services.notify.gateways.base import Never, NotNow, Unsure
from services.notify.ways import receipt
from tests.support.events import names_said
from tests.unit.notify.facts import NOW, SERVICE, messages, registered, shanghai
from tests.unit.notify.posting import PHONE, Intake, only, whistle

WANG_FANG_GROUP = "community-yinhong"
LANDLINE = {"name": "陈桂芳", "phone": "09516012345", "contact_preference": "CALL"}


class Way:
    """A way out that takes letters or raises what it is told to."""

    def __init__(self, channel, *audiences, trouble=None):
        self.channel, self.audiences, self.trouble = channel, frozenset(audiences), trouble
        self.letters = []

    def channel_for(self, audience, address):
        return self.channel if audience in self.audiences else None

    def send(self, letter):
        if self.trouble:
            raise self.trouble
        self.letters.append(letter)


@pytest.fixture
def sms():
    return Way(MessageChannel.SMS, Audience.RESIDENT)


@pytest.fixture
def mail():
    return Way(MessageChannel.EMAIL, Audience.STAFF, Audience.UNIT)


def send(store, *ways, now=NOW, ask=None):
    return sending.send_due(store, SERVICE, now, ask or Intake(), ways)


def came_back(store, outcome, now=NOW, word=None):
    row = only(store)
    command = {"message_id": row.id, "receipt": word or receipt(str(row.id), row.channel), "outcome": outcome}
    with store.transaction() as session:
        return receipts.report(session, SERVICE, ReportReceipt().load({**command, "message_id": str(row.id)}), now)


def test_given_a_way_that_refuses_when_due_then_the_next_takes_it(store, sms):
    registered(store)
    closed = Way(MessageChannel.SMS, Audience.RESIDENT, trouble=NotNow("busy"))
    assert 1 == send(store, closed, sms)
    assert ("SENT", [PHONE]) == (only(store).state, [letter.address for letter in sms.letters])


def test_given_no_answer_when_due_then_nobody_else_is_given_it_for_it_may_have_left(store, sms):
    registered(store)
    silent = Way(MessageChannel.SMS, Audience.RESIDENT, trouble=Unsure("no_answer"))
    assert 0 == send(store, silent, sms)
    assert ("QUEUED", "no_answer", []) == (only(store).state, only(store).trouble, sms.letters)


def test_given_a_number_nobody_has_when_due_then_the_community_is_asked_to_call(store, mail):
    registered(store)
    assert 1 == send(store, Way(MessageChannel.SMS, Audience.RESIDENT, trouble=Never("sms_4004")), mail)
    assert [WANG_FANG_GROUP] == [letter.address for letter in mail.letters]


@pytest.mark.rule("21")
def test_given_a_landline_and_a_voice_gateway_when_due_then_it_is_called_and_no_text_is_sent(store, sms):
    registered(store)
    voice = Way(MessageChannel.CALL, Audience.RESIDENT)
    send(store, sms, voice, ask=Intake(LANDLINE))
    assert ("CALL", [], ["09516012345"]) == (only(store).channel, sms.letters, [one.address for one in voice.letters])


def test_given_a_receipt_when_told_twice_then_the_message_is_delivered_once(store, sms):
    registered(store)
    send(store, sms)
    assert [{"state": "DELIVERED"}] * 2 == [came_back(store, "DELIVERED"), came_back(store, "DELIVERED")]
    with store.transaction() as session:
        assert ["message_sent", "message_delivered"] == names_said(session)


def test_given_a_letter_that_came_back_when_the_timer_runs_then_it_goes_by_another_way(store, sms, mail):
    registered(store)
    send(store, sms, mail)
    old = receipt(str(only(store).id), "SMS")
    assert {"state": "QUEUED"} == came_back(store, "PERMANENT")
    assert 1 == send(store, sms, mail)
    assert (1, [WANG_FANG_GROUP], "EMAIL") == (
        len(sms.letters), [letter.address for letter in mail.letters], only(store).channel,
    )  # fmt: skip
    with pytest.raises(NotFound):
        came_back(store, "PERMANENT", word=old)


def test_given_no_other_way_when_it_came_back_then_it_has_failed_for_the_reason_the_carrier_gave(store, mail):
    whistle(store)
    send(store, mail)
    came_back(store, "TEMPORARY")
    assert 0 == send(store, mail)
    assert ("FAILED", "TEMPORARY", 1) == (only(store).state, only(store).failure, len(mail.letters))


def test_given_a_made_up_word_when_told_then_nothing_changes(store, sms):
    registered(store)
    send(store, sms)
    with pytest.raises(NotFound):
        came_back(store, "DELIVERED", word="0" * 32)
    assert "SENT" == only(store).state


def test_given_a_person_who_had_enough_today_when_due_then_the_rest_waits_for_the_morning(store, sms, monkeypatch):
    monkeypatch.setattr(claims, "policy", lambda now: Limits())
    for _ in range(3):
        registered(store, appeal_id=uuid4(), urgency="GENERAL")
    assert (2, 0) == (send(store, sms), send(store, sms))
    (waits,) = [row for row in messages(store) if row.state == "QUEUED"]
    assert (0, shanghai(9, 8), "enough_for_today") == (waits.attempts, waits.send_after, waits.trouble)
    assert 1 == send(store, sms, now=shanghai(9, 8))


class Limits:
    """Two texts a day."""

    def value(self, key):
        return {"message.per_day": {"SMS": 2}, "message.per_person": 100}[key]


def test_given_one_person_with_several_messages_when_sent_then_their_order_is_kept(store, sms):
    for minutes in range(5):
        registered(store, NOW + timedelta(minutes=minutes), appeal_id=uuid4())
    assert 5 == send(store, sms, now=NOW + timedelta(minutes=9))
    sent = [letter.message_id for letter in sms.letters]
    assert [str(row.id) for row in sorted(messages(store), key=lambda row: row.send_after)] == sent
