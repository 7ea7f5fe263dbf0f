"""Errands (A7): one first responder, papers asked for once, nothing kept that is not ours, no word of it on the bus."""

from __future__ import annotations

from datetime import timedelta

import pytest
from marshmallow import ValidationError
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from contracts import registry
from kernel.codes.errands import ErrandState as S
from kernel.numbers import check
from services.intake import residents
from services.intake.errands import ENDED, LIFE
from services.intake.policy import due
from services.intake.tables import Errand
from tests.support.events import names_said, said
from tests.unit.intake.erranding import DESK, HELPER, NAME, OUTSIDE, PHONE, do, errand, state_of
from tests.unit.intake.world import CHEN, NOTIFY, NOW, OTHER, WINDOW

ARROWS = """
REQUESTED accept_errand ACCEPTED | ESCALATED accept_errand ACCEPTED
ACCEPTED ask_supplement SUPPLEMENT_ASKED | MATERIALS_COMPLETE ask_supplement SUPPLEMENT_ASKED
ACCEPTED materials_complete MATERIALS_COMPLETE | SUPPLEMENT_ASKED materials_complete MATERIALS_COMPLETE
MATERIALS_COMPLETE submit_errand SUBMITTED | SUBMITTED record_decision DECIDED | DECIDED confirm_delivery DELIVERED
DELIVERED close_errand CLOSED
REQUESTED book_hall ACCEPTED | ESCALATED book_hall ACCEPTED | REQUESTED escalate_errand ESCALATED
"""
"""Domain §3.4; each open state may also end as FAILED."""


def test_given_the_life_when_compared_with_the_domain_then_the_arrows_are_the_same():
    told = {tuple(arrow.split()) for line in ARROWS.strip().splitlines() for arrow in line.split("|")}
    told |= {(str(state), "fail_errand", "FAILED") for state in set(S) - ENDED}
    moves = {(str(source), name, str(target)) for source, name, target in LIFE.arrows() if source != target}
    assert told == moves


@pytest.mark.row("S1.13")
@pytest.mark.row("S2.26")
def test_given_an_errand_when_it_goes_its_way_then_every_step_is_told(store):
    number = errand(store, "CLOSED")
    steps = ["requested", "accepted", "materials_received", "materials_completed", "submitted", "decided"]
    steps += ["delivery_arranged", "delivered", "originals_returned", "closed"]
    with store.transaction() as session:
        assert (steps, True, "D") == ([name[7:] for name in names_said(session)], check(number), number[0])


@pytest.mark.row("S2.14")
def test_given_a_grid_worker_who_registers_when_the_desk_accepts_then_she_stays_first_responder_and_it_is_handler(
    store,
):
    view = do(store, "get_errand", number=errand(store, "ACCEPTED", matter="ELDER_CARD"))
    assert (HELPER.id, DESK.id) == (view["first_responder"]["id"], view["handler"]["id"])


def test_given_an_errand_when_its_first_responder_is_updated_by_sql_then_the_store_refuses(store):
    errand(store)
    with pytest.raises(IntegrityError, match="first responder"), store.transaction() as session:
        session.execute(text("update errand set first_responder_id = 'other'"))


def test_given_an_errand_when_registered_then_the_promise_of_the_policy_stands_on_it_and_the_fact(store):
    view = do(store, "register_errand", HELPER)
    promised = due("errand.promise", NOW, NOW).isoformat().replace("+00:00", "Z")
    with store.transaction() as session:
        assert [promised] * 2 == [view["promise_at"], said(session, "errand_requested")[0]["data"]["promise_at"]]


def test_given_an_errand_when_told_then_nothing_personal_and_nothing_written_is_on_the_bus(store):
    number = errand(store, "CLOSED", proxy={**SON, "authorised": True})
    do(store, "register_errand", HELPER)
    with store.transaction() as session:
        told = str(said(session))
    words = (NAME, PHONE, "4321", OUTSIDE, "同意补卡", "EA123456789CN", "李小明")
    assert ([], True) == ([word for word in words if word in told], number in told)


def test_given_an_errand_when_stored_then_its_words_are_sealed(store):
    number = errand(store, "DELIVERED")
    do(store, "record_authority_contact", number=number)
    with store.transaction() as session:
        rows = session.execute(text("select details, decision, tracking from errand")).one()
        contact = session.execute(text("select person_named, outcome from errand_contact")).one()
    assert [bytes] * 5 == [type(value) for value in (*rows, *contact)]


SON = {"name": "李小明", "phone": "13900000702", "relation": "FAMILY"}


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("authority_name", {"authority_name": None}),
        ("proxy", {"proxy": {**SON, "authorised": False}}),
        ("authorisation", {"proxy": {**SON, "relation": "AGENT", "authorised": True}}),
        ("area_path", {"area_path": "nowhere"}),
    ],
)
def test_given_what_no_errand_may_be_when_registered_then_the_field_says_why(store, field, given):
    with pytest.raises(Invalid) as refused:
        do(store, "register_errand", HELPER, **given)
    assert [field] == list(refused.value.details["fields"])


@pytest.mark.parametrize(
    ("method", "field"),
    [
        ("register_errand", "details"),
        ("record_authority_contact", "outcome"),
        ("record_home_visit", "note"),
        ("record_decision", "decision"),
        ("arrange_delivery", "tracking"),
    ],
)
@pytest.mark.parametrize(
    "secret",
    ["6212261234567890123", "６２１２ 2612 3456 7890 123", "640104198501011234", "密码是 abc123", "验证码：8842"],
)
def test_given_a_password_or_a_whole_number_when_written_anywhere_then_the_field_refuses_it(method, field, secret):
    command = registry.command("intake", method)
    with pytest.raises(ValidationError) as refused:
        command().load({**command.example, field: secret})
    assert [field] == list(refused.value.messages)


@pytest.mark.parametrize(
    "harmless", ["原卡后四位 4321", "密码忘了，要重置", "对方电话 0991-1234567", "2024年7月8日10:30"]
)
def test_given_last_digits_a_telephone_or_a_day_when_written_then_they_may_stand(store, harmless):
    view = do(store, "register_errand", HELPER, details=harmless)
    assert harmless == view["details"]


def test_given_a_proxy_with_the_applicants_word_when_shown_then_both_are_masked(store):
    view = do(store, "register_errand", HELPER, proxy={**SON, "authorised": True})
    assert ("李*国", "李*明", "FAMILY") == (
        view["applicant"]["masked_name"], view["proxy"]["masked_name"], view["proxy"]["relation"],
    )  # fmt: skip


def test_given_papers_missing_when_some_are_handed_in_then_the_rest_is_counted_and_with_the_last_they_are_complete(
    store,
):
    number = errand(store, "ACCEPTED")
    first = do(store, "receive_materials", number=number, received=["PHOTO"])
    last = do(store, "receive_materials", number=number, received=["ID_CARD"])
    with store.transaction() as session:
        missing = [fact["data"]["missing"] for fact in said(session, "errand_materials_received")]
    assert ("ACCEPTED", "MATERIALS_COMPLETE", [1, 0]) == (first["state"], last["state"], missing)


def test_given_nothing_needed_when_accepted_then_no_papers_complete_it(store):
    number = errand(store)
    do(store, "accept_errand", number=number, materials=[])
    assert "MATERIALS_COMPLETE" == do(store, "receive_materials", number=number, received=[])["state"]


@pytest.mark.parametrize("received", [[], ["FORM"], ["PHOTO", "FORM"]])
def test_given_what_the_checklist_does_not_want_when_received_then_it_is_refused(store, received):
    number = errand(store, "ACCEPTED")
    with pytest.raises(Invalid) as refused:
        do(store, "receive_materials", number=number, received=received)
    assert ["received"] == list(refused.value.details["fields"])


def test_given_a_paper_that_stands_twice_when_accepted_then_it_is_refused(store):
    with pytest.raises(Invalid):
        do(store, "accept_errand", number=errand(store), materials=[{"kind": "PHOTO", "form": "COPY"}] * 2)


def test_given_a_supplement_when_something_missing_is_not_listed_then_it_is_named(store):
    number = errand(store, "ACCEPTED")
    with pytest.raises(Invalid) as refused:
        do(store, "ask_supplement", number=number, materials=[{"kind": "ID_CARD", "form": "ORIGINAL"}])
    assert {"materials": ["要一次写全，还缺：证件照片"]} == refused.value.details["fields"]


def test_given_papers_complete_when_one_more_is_asked_for_once_then_it_waits_for_that_alone(store):
    number = errand(store, "MATERIALS_COMPLETE")
    do(store, "ask_supplement", number=number, materials=[{"kind": "FORM", "form": "COPY"}])
    view = do(store, "receive_materials", number=number, received=["FORM"])
    supplements = [paper["kind"] for paper in view["materials"] if paper["supplement"]]
    assert ("MATERIALS_COMPLETE", ["FORM"]) == (view["state"], supplements)


def test_given_a_supplement_asked_for_when_a_second_is_then_it_is_refused_and_no_button_offers_it(store):
    number = errand(store, "SUPPLEMENT_ASKED")
    view = do(store, "receive_materials", number=number, received=["ID_CARD", "PHOTO", "FORM"])
    with pytest.raises(Conflict, match="只能要求一次"):
        do(store, "ask_supplement", number=number)
    assert ("MATERIALS_COMPLETE", False) == (view["state"], "ask_supplement" in view["allowed_commands"])


@pytest.mark.parametrize("method", ["close_errand", "fail_errand"])
def test_given_an_original_with_us_when_it_should_end_then_it_must_be_given_back_first(store, method):
    number = errand(store, "DELIVERED")
    with pytest.raises(Conflict, match="原件"):
        do(store, method, number=number)
    do(store, "return_originals", number=number)
    do(store, method, number=number)
    assert state_of(store, number) in ENDED


def test_given_a_copy_when_given_back_then_it_is_no_original(store):
    with pytest.raises(Invalid):
        do(store, "return_originals", number=errand(store, "SUBMITTED"), returned=["PHOTO"])


def test_given_a_contact_with_a_body_outside_when_recorded_then_body_person_time_and_outcome_are_kept(store):
    number, at = errand(store, "SUBMITTED"), (NOW - timedelta(hours=1)).isoformat()
    (contact,) = do(store, "record_authority_contact", number=number, contacted_at=at)["contacts"]
    told = (contact["body"], contact["person_named"], contact["outcome"], contact["by"]["id"], contact["at"])
    assert (OUTSIDE, "古丽", "同意邮寄到家", DESK.id, "2024-07-05T00:00:00Z") == told


def test_given_a_contact_in_the_future_when_recorded_then_it_is_refused(store):
    later = (NOW + timedelta(hours=1)).isoformat()
    with pytest.raises(Invalid):
        do(store, "record_authority_contact", number=errand(store, "SUBMITTED"), contacted_at=later)


@pytest.mark.parametrize("given", [None, {"tracking": None}])
def test_given_no_way_or_no_tracking_when_delivered_then_it_is_refused(store, given):
    number = errand(store, "DECIDED")
    if given:
        do(store, "arrange_delivery", number=number, **given)
    with pytest.raises(Conflict):
        do(store, "confirm_delivery", number=number)


def test_given_somebody_bedridden_when_nobody_went_there_then_it_waits_for_the_community_and_cannot_close(store):
    number = errand(store, "DELIVERED", at_home=True)
    do(store, "return_originals", number=number)
    with pytest.raises(Conflict, match="上门"):
        do(store, "close_errand", number=number)
    with store.transaction() as session:
        assert "role:COMMUNITY" in said(session)[-1]["waits"]


def test_given_somebody_bedridden_when_visited_then_the_certification_is_on_record(store):
    number = errand(store, "ACCEPTED", at_home=True)
    (visit,) = do(store, "record_home_visit", HELPER, number=number)["visits"]
    assert ("CERTIFIED", HELPER.id, 1) == (visit["result"], visit["by"]["id"], len(visit["photos"]))


def test_given_somebody_who_can_come_when_a_visit_is_recorded_then_it_is_refused(store):
    with pytest.raises(Conflict):
        do(store, "record_home_visit", number=errand(store, "ACCEPTED"))


def test_given_the_desk_that_is_neither_when_closing_then_only_first_responder_and_handler_may(store):
    number = errand(store, "DELIVERED")
    do(store, "return_originals", number=number)
    with pytest.raises(NotFound):
        do(store, "close_errand", WINDOW, number=number)
    assert "CLOSED" == do(store, "close_errand", HELPER, number=number)["state"]


def test_given_a_resident_when_registering_then_staff_do_it_for_them(store):
    with pytest.raises(Forbidden):
        do(store, "register_errand", CHEN)


def test_given_an_errand_of_elsewhere_when_looked_for_then_it_is_not_there(store):
    number = errand(store)
    with pytest.raises(NotFound):
        do(store, "get_errand", OTHER, number=number)
    assert [] == do(store, "list_errands", OTHER)["items"]


def test_given_an_errand_alone_when_its_applicant_is_to_be_told_then_notify_learns_the_telephone(store):
    errand(store)
    asked = {"purpose": "NOTIFY"}
    with store.transaction() as session:
        person = session.query(Errand).one().applicant_id
        contact = residents.reveal(session, NOTIFY, {**asked, "person_id": person}, NOW)
        assert (PHONE, "SMS") == (contact["phone"], contact["contact_preference"])
        with pytest.raises(NotFound):
            residents.reveal(session, OTHER, {**asked, "person_id": person}, NOW)


@pytest.mark.parametrize(("state", "key"), [("REQUESTED", "errand.accept"), ("SUBMITTED", "errand.step")])
def test_given_an_errand_when_nothing_happens_until_its_limit_then_that_is_told_once_a_limit(store, state, key):
    errand(store, state)
    after = due(key, NOW, NOW) + timedelta(minutes=1)
    for _ in range(2):
        with store.transaction() as session:
            LIFE.end_due(session, DESK, after)
    with store.transaction() as session:
        assert [state] == [fact["data"]["state"] for fact in said(session, "errand_overdue")]
