"""A call comes in (A1 step 1, A18)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chassis.errors import Conflict, Forbidden, Invalid
from contracts.intake.views import AppealView
from kernel.numbers import check
from services.intake.tables import Appeal, Deadline, Person
from tests.unit.intake.world import (
    CALLER,
    CHEN,
    ELSEWHERE,
    LISHAN,
    MA,
    NIGHT,
    NOW,
    STREET,
    WANG,
    WINDOW,
    ZHANG,
    facts_of,
    names,
    register,
    stored,
)


def test_given_the_grid_worker_of_the_place_when_registering_then_the_case_is_hers_and_in_progress(store):
    view = register(store)
    assert ("IN_PROGRESS", LISHAN.id, "yinhong") == (view["state"], view["handler"]["id"], view["lead_unit"])
    assert ["appeal_registered", "appeal_accepted", "appeal_assigned", "appeal_signed"] == names(store)


def test_given_a_registration_when_said_then_versions_count_the_facts(store):
    view = register(store)
    assert [1, 2, 3, 4] == [fact["aggregateversion"] for fact in facts_of(store)]
    assert 4 == view["version"]


def test_given_running_damage_when_registered_then_it_is_an_emergency_due_in_two_hours(store):
    view = register(store, danger_flags=[], title="卫生间漏水", content="水渗到楼下，木地板起来了。")
    assert ("EMERGENCY", ["损失仍在扩大"]) == (view["urgency"], view["urgency_reasons"])
    assert (NOW + timedelta(hours=2), NOW + timedelta(minutes=15)) == (view["promise_at"], view["first_contact_due"])


@pytest.mark.row("S1.9")
def test_given_a_registration_when_it_is_told_then_the_receipt_names_number_first_responder_and_promise(store):
    view = register(store)
    (fact,) = facts_of(store, "appeal_registered")
    data = fact["data"]
    assert (view["number"], LISHAN.id, "2024-07-05T03:00:00Z") == (
        data["number"],
        data["first_responder"]["id"],
        data["promise_at"],
    )
    assert view["number"] == fact["casenumber"]
    assert check(view["number"])


def test_given_a_registration_when_it_is_told_then_no_name_telephone_or_words_leave(store):
    register(store)
    text = str(facts_of(store))
    assert [] == [word for word in ("陈阿姨", "陈小华", "1390000", "301室", "污水", "西安") if word in text]


def test_given_a_registration_when_stored_then_people_and_words_are_ciphertext(store):
    register(store)
    with store.engine.connect() as connection:
        raw = connection.exec_driver_sql("select name, phone from person union all select title, content from appeal")
        stored_text = str([[bytes(value) for value in row] for row in raw])
    assert [] == [word for word in ("13900000001", "陈阿姨".encode().hex(), "陈") if word in stored_text]


def test_given_a_registration_when_answered_then_the_view_keeps_its_contract(store):
    view = AppealView().dump(register(store))
    assert "陈*姨" == view["reporter"]["masked_name"]
    assert "139****0001" == view["reporter"]["masked_phone"]
    assert {"record_contact", "report_result", "extend_appeal"} <= set(view["allowed_commands"])


def test_given_the_same_person_when_calling_again_then_no_second_person_is_kept(store):
    register(store)
    register(store)
    with store.transaction() as session:
        assert 2 == session.query(Person).count()


def test_given_somebody_without_telephone_when_registered_then_they_are_visited(store):
    view = register(
        store, reporter={"name": "王奶奶", "phone": None, "contact_preference": "VISIT"}, contact_person=None
    )
    assert ("VISIT", None) == (view["reporter"]["contact_preference"], view["reporter"]["masked_phone"])


def test_given_an_anonymous_call_when_registered_then_there_is_no_reporter(store):
    view = register(store, reporter=None, contact_person=None)
    assert (True, None) == (view["anonymous"], view["reporter"])


def test_given_an_anonymous_call_when_somebody_speaks_for_it_then_it_is_invalid(store):
    with pytest.raises(Invalid):
        register(store, reporter=None)


@pytest.mark.row("S1.10")
def test_given_the_wrong_window_when_asked_then_it_registers_and_stays_first_responder(store):
    view = register(store, WINDOW)
    assert ("REGISTERED", WINDOW.id, None) == (view["state"], view["first_responder"]["id"], view["handler"])
    assert ["appeal_registered"] == names(store)


def test_given_the_community_when_registering_by_day_then_the_grid_worker_gets_it_to_sign(store):
    view = register(store, WANG)
    assert ("ASSIGNED", LISHAN.id, WANG.id) == (view["state"], view["handler"]["id"], view["first_responder"]["id"])


@pytest.mark.row("S1.6")
def test_given_the_community_when_registering_on_saturday_night_then_the_duty_roster_gets_it(store):
    view = register(store, WANG, NIGHT)
    assert ZHANG.id == view["handler"]["id"]


def test_given_the_grid_worker_when_registering_at_night_then_an_emergency_does_not_wait(store):
    view = register(store, now=NIGHT)
    assert ("IN_PROGRESS", NIGHT + timedelta(hours=2)) == (view["state"], view["due_at"])


def test_given_the_deputy_when_the_holder_is_present_then_the_case_goes_to_the_holder(store):
    view = register(store, MA)
    assert ("ASSIGNED", LISHAN.id, MA.id) == (view["state"], view["handler"]["id"], view["first_responder"]["id"])


def test_given_a_resident_when_registering_then_it_waits_and_the_one_on_duty_answers_for_it(store):
    view = register(store, CHEN, channel="WEB")
    assert ("REGISTERED", LISHAN.id, ["raise_urgency", "withdraw_appeal"]) == (
        view["state"],
        view["first_responder"]["id"],
        view["allowed_commands"],
    )


def test_given_a_place_nobody_answers_for_when_a_resident_registers_then_it_is_a_conflict(store):
    with pytest.raises(Conflict):
        register(store, CHEN, area_path=f"{ELSEWHERE}.g1")


def test_given_a_role_that_takes_no_calls_when_registering_then_it_is_forbidden(store):
    with pytest.raises(Forbidden):
        register(store, CALLER)


def test_given_an_unknown_place_when_registering_then_it_is_invalid_and_nothing_remains(store):
    with pytest.raises(Invalid) as refusal:
        register(store, area_path=f"{STREET}.nowhere")
    assert ["area_path"] == list(refusal.value.details["fields"])
    with store.transaction() as session:
        assert (0, 0) == (session.query(Appeal).count(), session.query(Deadline).count())


def test_given_an_unknown_category_when_registering_then_it_is_invalid(store):
    with pytest.raises(Invalid):
        register(store, category="no.such")


def test_given_a_secret_reporter_when_registered_then_no_fact_names_them(store):
    register(store, secret=True)
    (fact,) = facts_of(store, "appeal_registered")
    assert (None, True) == (fact["data"]["reporter"], fact["data"]["secret"])


def test_given_a_secret_resident_when_registering_alone_then_the_account_is_not_the_actor(store):
    register(store, CHEN, secret=True)
    assert [] == [fact for fact in facts_of(store) if CHEN.id in str(fact)]


def test_given_every_clock_when_stored_then_it_says_by_which_policy(store):
    register(store, calm=True)
    with store.transaction() as session:
        rows = session.query(Deadline).order_by(Deadline.stage).all()
        assert [("FEEDBACK", "intake.feedback", "24h"), ("FIRST_CONTACT", "intake.first_contact", "2h")] == [
            (row.stage, row.policy_key, row.limit_text) for row in rows
        ]
        assert {"default/2026.1"} == {row.policy_version for row in rows}


def test_given_a_registration_when_it_is_counted_then_it_took_few_statements(store):
    from sqlalchemy import event

    register(store)
    statements = []
    event.listen(store.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    register(store)
    assert 9 >= len(statements)


@pytest.mark.row("S1.10")
def test_given_first_responder_when_changed_in_code_then_it_is_refused(store):
    view = register(store)
    with stored(store, view["number"]) as appeal, pytest.raises(ValueError, match="never changes"):
        appeal.first_responder_id = MA.id
