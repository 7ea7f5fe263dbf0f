"""Secret reporters are told, and nobody learns who they are; those complained of are told nothing."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from chassis.errors import Invalid, NotFound
from chassis.identity import Grant, Principal
from contracts import samples
from contracts.intake.working import AppealResultReported
from services.notify import areas, desk, follow_ups, sending
from services.notify import messages as queue
from services.notify.messages import HIDDEN, HIDDEN_ID
from tests.support.events import said
from tests.unit.notify.facts import (
    GRID,
    HE_JING,
    NOW,
    NUMBER,
    SERVICE,
    fact,
    messages,
    only_follow_up,
    registered,
    tell,
)
from tests.unit.notify.posting import PHONE, Intake

SECRET = {"secret": True, "reporter": None}
UNKNOWN = {"secret": False, "reporter": None, "anonymous": True}
CLERK = Principal("u-clerk", "回访员", (Grant("FOLLOWUP", "yinchuan.xingqing", "yinhong"),))


def result(store, **data):
    blank = {"resident": None, "contact_preference": None, **data}
    tell(store, fact(AppealResultReported, blank, 10), NOW)


@pytest.mark.rule("2")
@pytest.mark.parametrize("order", [("registered", "result"), ("result", "registered")])
def test_given_a_secret_reporter_when_told_then_receipt_and_result_wait_under_a_sealed_address(store, order):
    acts = {"registered": lambda: registered(store, **SECRET), "result": lambda: result(store)}
    for act in order:
        acts[act]()
    rows = messages(store, "appeal_receipt", "appeal_result")
    assert {("appeal_receipt", HIDDEN_ID, HIDDEN), ("appeal_result", HIDDEN_ID, HIDDEN)} == {
        (row.template, row.recipient_id, row.recipient_name) for row in rows
    }


@pytest.mark.rule("2")
def test_given_a_secret_reporter_when_sent_then_intake_is_asked_by_the_number_and_no_trace_is_left(store, mail):
    registered(store, **SECRET)
    peer = Intake({"masked_name": None, "phone": PHONE, "contact_preference": "CALL"})
    sending.send_due(store, SERVICE, NOW, peer, [mail[1]])
    assert ([f"{PHONE}@sms.local"], [NUMBER]) == (mail[0].recipients, peer.asked)
    with store.transaction() as session:
        facts = str(said(session))
    assert [] == [word for word in (PHONE, samples.RESIDENT, "陈") if word in facts]


@pytest.mark.rule("2")
def test_given_a_secret_reporter_without_texts_when_sent_then_the_first_responder_tells_in_person(store, mail):
    registered(store, **SECRET)
    peer = Intake({"masked_name": None, "phone": None, "contact_preference": "VISIT"})
    sending.send_due(store, SERVICE, NOW, peer, [mail[1]])
    assert [f"{samples.LI_SHAN['id']}@staff.local"] == mail[0].recipients


@pytest.mark.rule("2")
def test_given_nobody_known_when_registered_then_nobody_is_told(store):
    registered(store, **UNKNOWN)
    assert [] == messages(store)


@pytest.mark.rule("2")
@pytest.mark.parametrize(("given", "closes"), [({"anonymous": False}, False), ({"anonymous": True}, True)])
def test_given_a_result_when_closed_as_anonymous_then_only_where_nobody_is_known(store, given, closes):
    registered(store, **(UNKNOWN if closes else SECRET))
    result(store, **given)
    row = only_follow_up(store)
    command = {"follow_up_id": row.id, "reason_code": "ANONYMOUS"}
    with nullcontext() if closes else pytest.raises(Invalid), store.transaction() as session:
        assert "INVALID" == follow_ups.close_invalid(session, HE_JING, command, NOW).state


@pytest.mark.rule("1")
def test_given_a_complaint_of_the_clerks_unit_when_she_looks_then_there_is_nothing(store):
    registered(store, against=["yinhong"])
    result(store, handler_unit="lijingjie")
    row = only_follow_up(store)
    blank = {"state": [], "cursor": None, "limit": 50}
    attempt = {"follow_up_id": row.id, "method": "CALL", "reached": True}
    with store.transaction() as session:
        assert [] == desk.list_page(session, CLERK, blank, NOW)["items"]
        assert [] == queue.list_of_case(session, CLERK, {"case_number": NUMBER}, NOW)["items"]
        for act, command in ((desk.get, {"case_number": NUMBER}), (follow_ups.attempt, attempt)):
            with pytest.raises(NotFound):
                act(session, CLERK, command, NOW)
        assert [row.id] == [item["id"] for item in desk.list_page(session, HE_JING, blank, NOW)["items"]]


@pytest.mark.rule("1")
def test_given_a_case_of_the_street_when_a_community_should_be_told_then_the_street_is(store):
    street, district = GRID.rsplit(".", 2)[0], "yinchuan.xingqing"
    with store.transaction() as session:
        told = [areas.group(session, role, place).id for role, place in (("COMMUNITY", street), ("STREET", district))]
    assert ["street-lijingjie", "district-xingqing"] == told


@pytest.mark.rule("4")
def test_given_a_case_elsewhere_when_follow_up_or_messages_are_asked_for_then_they_do_not_exist(store):
    registered(store)
    result(store)
    away = Principal("u-far", "远方", (Grant("FOLLOWUP", "yinchuan.jinfeng", "far"),))
    with store.transaction() as session:
        with pytest.raises(NotFound):
            desk.get(session, away, {"case_number": NUMBER}, NOW)
        assert [] == queue.list_of_case(session, away, {"case_number": NUMBER}, NOW)["items"]
