"""A letter that is being sent belongs to one process, until its claim runs out."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from contracts.notify.messages import Failure
from kernel.codes import MessageChannel
from services.notify import sending, settling
from services.notify.claims import CLAIM_SECONDS
from services.notify.settling import PAUSES
from tests.unit.notify.facts import NOW, messages, registered
from tests.unit.notify.posting import Intake, claim, only, send, settle, spoken, whistle


def test_given_a_commit_that_fails_after_sending_when_the_claim_runs_out_then_only_that_letter_leaves_again(
    store, mail, monkeypatch
):
    for _ in range(2):
        registered(store, appeal_id=uuid4())
    with monkeypatch.context() as broken:
        broken.setattr(sending, "settle", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            send(store, mail)
    assert 0 == send(store, mail)
    assert 2 == send(store, mail, NOW + timedelta(seconds=CLAIM_SECONDS))
    assert (3, 2) == (len(mail[0].letters), len({letter["Message-ID"] for letter in mail[0].letters}))


def test_given_a_claim_when_another_process_looks_then_it_finds_nothing_until_the_claim_runs_out(store, mail):
    registered(store)
    first = claim(store, mail)
    assert None is claim(store, mail)
    again = claim(store, mail, NOW + timedelta(seconds=CLAIM_SECONDS))
    assert (first.message.id, False) == (again.message.id, first.id == again.id)


def test_given_a_process_that_died_after_sending_when_the_claim_runs_out_then_it_leaves_once_more(store, mail):
    registered(store)
    sending.deliver(claim(store, mail), Intake(), [mail[1]])
    assert [0, 1] == [send(store, mail), send(store, mail, NOW + timedelta(seconds=CLAIM_SECONDS))]
    assert 1 == len({letter["Message-ID"] for letter in mail[0].letters})


def test_given_a_claim_that_ran_out_when_its_delivery_succeeded_after_all_then_that_counts(store, mail):
    registered(store)
    first = claim(store, mail)
    claim(store, mail, NOW + timedelta(seconds=CLAIM_SECONDS))
    assert 1 == settle(store, first, settling.Outcome(sent_by=MessageChannel.SMS))
    assert ("SENT", ["message_sent"]) == (only(store).state, spoken(store))


def test_given_a_claim_that_ran_out_when_its_delivery_failed_then_the_newer_claim_stands(store, mail):
    registered(store)
    first = claim(store, mail)
    second = claim(store, mail, NOW + timedelta(seconds=CLAIM_SECONDS))
    assert 0 == settle(store, first, settling.Outcome(trouble="late", failure=Failure.PERMANENT))
    assert ("QUEUED", second.id) == (only(store).state, only(store).claim_id)


def test_given_a_message_on_which_every_process_dies_when_tried_out_then_it_fails_and_others_leave(store, mail):
    registered(store)
    moment = NOW
    for _ in range(len(PAUSES) + 1):
        assert None is not claim(store, mail, moment)
        moment += timedelta(seconds=CLAIM_SECONDS)
    whistle(store)
    assert 1 == send(store, mail, moment)
    assert {("appeal_receipt", "FAILED"), ("whistle_task_assigned", "SENT")} == {
        (row.template, row.state) for row in messages(store)
    }
