"""Delivering: who is asked, what leaves when, and what failed is told."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from chassis.errors import DeadlineExceeded, Forbidden, NotFound, Unavailable
from contracts import samples
from contracts.intake.triage import AppealDeclined
from contracts.mediation.cases import MediationTerminated
from contracts.mediation.sessions import MediationSessionScheduled
from services.notify import sending
from services.notify.delivery import delivering
from services.notify.settling import PAUSES
from tests.unit.notify.facts import NIGHT, NOW, NUMBER, SERVICE, fact, messages, registered, shanghai, tell
from tests.unit.notify.posting import PHONE, Intake, claim, only, send, spoken, whistle


def test_given_a_receipt_when_due_then_it_reaches_the_telephone_intake_names(store, mail):
    registered(store)
    peer = Intake()
    assert 1 == send(store, mail, ask=peer)
    assert ([f"{PHONE}@sms.local"], [NUMBER]) == (mail[0].recipients, peer.asked)
    assert ("SENT", "SMS", NOW, 1, None) == tuple(
        getattr(only(store), name) for name in ("state", "channel", "sent_at", "attempts", "claim_id")
    )


def test_given_a_sent_message_when_told_then_the_event_is_masked_and_names_its_cause(store, mail):
    registered(store)
    send(store, mail)
    (envelope,) = spoken(store, "message_sent")
    assert ({"id": samples.RESIDENT, "name": "陈*"}, "SMS") == (
        envelope["data"]["recipient"], envelope["data"]["channel"],
    )  # fmt: skip
    assert (only(store).caused_by, samples.APPEAL_NO) == (envelope["causationid"], envelope["casenumber"])
    assert [] == [envelope for envelope in spoken(store, "message_sent") if PHONE in str(envelope)]


def test_given_a_secret_reporter_when_sent_then_the_event_says_nothing_of_them(store, mail):
    registered(store, secret=True)
    send(store, mail)
    (envelope,) = spoken(store, "message_sent")
    assert {"id": "secret", "name": "保密"} == envelope["data"]["recipient"]


def test_given_a_sent_message_when_the_timer_runs_again_then_it_is_not_sent_again(store, mail):
    registered(store)
    assert [1, 0] == [send(store, mail), send(store, mail)]
    assert 1 == len(mail[0].letters)


def test_given_more_letters_than_a_moment_brings_when_the_timer_runs_then_one_run_sends_all_of_them(
    store, mail, monkeypatch
):
    monkeypatch.setattr(sending, "RUN_SECONDS", float("inf"))
    for _ in range(60):
        registered(store, appeal_id=uuid4())
    assert [60, 0] == [send(store, mail), send(store, mail)]
    assert ({"SENT"}, 60) == ({row.state for row in messages(store)}, len(spoken(store, "message_sent")))


def test_given_a_run_that_lasts_when_its_time_is_over_then_it_settles_what_it_sent_and_claims_no_more(
    store, mail, monkeypatch
):
    monkeypatch.setattr(sending, "RUN_SECONDS", 0.0)
    for _ in range(2):
        registered(store, appeal_id=uuid4())
    assert [1, 1, 0] == [send(store, mail) for _ in range(3)]
    assert [1, 1] == [row.attempts for row in messages(store)]


def test_given_staff_when_due_then_nobody_is_asked_for_an_address(store, mail):
    whistle(store)
    peer = Intake(error=AssertionError("intake must not be asked"))
    send(store, mail, ask=peer)
    assert ([f"{samples.RECEIVER['id']}@staff.local"], "EMAIL") == (mail[0].recipients, only(store).channel)


def test_given_no_gateway_when_the_timer_runs_then_nothing_claims_to_be_sent(store):
    registered(store)
    assert 0 == sending.send_due(store, SERVICE, NOW, Intake(), [])
    assert ("QUEUED", 0, []) == (only(store).state, only(store).attempts, spoken(store))
    with store.transaction() as session:
        shown = delivering.backlog(session, NOW + timedelta(minutes=5), 0)
    assert {"gateways": 0, "due": 1, "oldest_seconds": 300.0} == shown


def test_given_the_night_when_the_timer_runs_then_only_the_emergency_leaves(store, mail):
    whistle(store, NIGHT, "APPEAL")
    registered(store, NIGHT)
    assert 1 == send(store, mail, NIGHT)
    assert [f"{PHONE}@sms.local"] == mail[0].recipients
    assert 1 == send(store, mail, shanghai(9, 8))


def test_given_the_night_when_asked_then_what_is_held_back_is_not_overdue(store):
    whistle(store, NIGHT)
    with store.transaction() as session:
        assert 0 == delivering.backlog(session, NIGHT, 1)["due"]


@pytest.mark.parametrize("error", [Unavailable("x"), DeadlineExceeded("x")], ids=lambda error: error.code)
def test_given_intake_away_when_due_then_it_is_tried_later_and_later(store, mail, error):
    registered(store)
    now = NOW
    for number, pause in enumerate(PAUSES, 1):
        assert 0 == send(store, mail, now, Intake(error=error))
        assert ("QUEUED", number, error.code) == (only(store).state, only(store).attempts, only(store).trouble)
        assert 0 == send(store, mail, now + pause - timedelta(seconds=1))
        now += pause
        now = max(now, shanghai(8, 10))
    assert 1 == send(store, mail, now)


def test_given_intake_away_when_many_are_due_then_a_run_soon_stops_asking(store, mail, monkeypatch):
    monkeypatch.setattr(sending, "AT_ONCE", 2)
    for _ in range(12):
        registered(store, appeal_id=uuid4())
    away = Intake(error=DeadlineExceeded("x"))
    assert 0 == send(store, mail, ask=away)
    assert len(away.asked) in range(sending.TROUBLES, sending.TROUBLES + 2)
    assert 12 - len(away.asked) == send(store, mail)


def test_given_every_try_failed_when_the_last_does_then_the_message_has_failed_and_it_is_told(store, mail):
    registered(store)
    now = NOW
    for pause in (*PAUSES, timedelta()):
        send(store, mail, now, Intake(error=Unavailable("x")))
        now += pause
    assert ("FAILED", ["message_failed"]) == (only(store).state, spoken(store))
    assert 0 == send(store, mail, now + timedelta(days=1))


@pytest.mark.parametrize(
    "peer",
    [Intake(error=NotFound("x")), Intake(error=Forbidden("x")), Intake(answer={"name": "陈桂芳", "phone": None})],
    ids=["unknown", "refused", "no-telephone"],
)
def test_given_no_address_when_due_then_the_message_fails_at_once(store, mail, peer):
    registered(store)
    send(store, mail, ask=peer)
    assert ("FAILED", ["message_failed"]) == (only(store).state, spoken(store))


def test_given_a_mail_server_that_refuses_for_good_when_due_then_the_message_fails(store, mail):
    mail[0].refuse_rcpt = "550 nobody"
    whistle(store)
    send(store, mail)
    assert ("FAILED", "smtp_550") == (only(store).state, only(store).trouble)


def test_given_who_prefers_a_visit_when_due_then_the_community_is_asked_to_go(store, mail):
    registered(store)
    send(store, mail, ask=Intake({"masked_name": "陈*芳", "phone": PHONE, "contact_preference": "VISIT"}))
    (letter,) = mail[0].letters
    assert ["community-yinhong@staff.local"] == mail[0].recipients
    assert (True, False) == ("陈*" in letter.get_content(), PHONE in letter.as_string())
    (envelope,) = spoken(store, "message_sent")
    assert ("STAFF", "EMAIL") == (envelope["data"]["audience"], envelope["data"]["channel"])


@pytest.mark.rule("21")
@pytest.mark.parametrize("phone", ["09516012345", "09516012345转801", "4007001234", "+85221234567"])
def test_given_a_number_no_sms_reaches_when_due_then_the_community_calls_and_no_sms_counts_as_sent(store, mail, phone):
    registered(store)
    send(store, mail, ask=Intake({"name": "陈桂芳", "phone": phone, "contact_preference": "CALL"}))
    assert ["community-yinhong@staff.local"] == mail[0].recipients
    (envelope,) = spoken(store, "message_sent")
    assert ("STAFF", "EMAIL") == (envelope["data"]["audience"], envelope["data"]["channel"])


@pytest.mark.rule("21")
def test_given_a_secret_reporter_with_a_landline_when_due_then_the_first_responder_alone_calls(store, mail):
    registered(store, secret=True)
    send(store, mail, ask=Intake({"name": "陈桂芳", "phone": "09516012345", "contact_preference": "CALL"}))
    assert (["u-lishan@staff.local"], "SENT") == (mail[0].recipients, only(store).state)


def test_given_a_reminder_when_its_session_has_begun_then_it_is_not_sent(store, mail):
    soon = {"starts_at": (NOW + timedelta(hours=3)).isoformat()}
    tell(store, fact(MediationSessionScheduled, soon), NOW)
    assert 0 == send(store, mail, NOW + timedelta(hours=3))
    assert ({"FAILED"}, []) == ({row.state for row in messages(store)}, mail[0].letters)


def test_given_a_message_being_sent_when_its_reason_falls_away_then_that_delivery_goes_on(store, mail):
    soon = {"starts_at": (NOW + timedelta(hours=3)).isoformat(), "helper_units": ["one"]}
    tell(store, fact(MediationSessionScheduled, soon), NOW)
    taken = claim(store, mail)
    tell(store, fact(MediationTerminated, version=9), NOW)
    left = messages(store, "mediation_session_helper", "mediation_reminder_helper")
    assert [taken.message.id] == [row.id for row in left]


def test_given_news_without_a_known_reporter_when_the_timer_runs_then_it_waits(store, mail):
    tell(store, fact(AppealDeclined, version=2), NOW)
    assert (0, "QUEUED") == (send(store, mail), only(store).state)
