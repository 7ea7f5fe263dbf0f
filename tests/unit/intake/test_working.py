"""Work on an appeal, up to the reported result (A1 step 2)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from marshmallow import ValidationError

from chassis.errors import Conflict, Forbidden, NotFound
from contracts import samples
from contracts.intake.working import ExtendAppeal, RaiseUrgency, RecordContact, RecordHandling
from services.intake import working
from services.intake.tables import Deadline
from tests.unit.intake.world import (
    CHEN,
    LISHAN,
    MA,
    NOW,
    OTHER,
    STRANGER,
    WANG,
    do,
    facts_of,
    names,
    register,
    solve,
    state,
    stored,
)

SOON = NOW + timedelta(minutes=10)
LATE = NOW + timedelta(hours=3)


def contact(store, number, who=LISHAN, now=SOON):
    return do(store, working.record_contact, RecordContact, who, now, number=number)


def handle(store, number, who=LISHAN, now=SOON, **more):
    given = {"attachments": [samples.PHOTO], **more}
    return do(store, working.record_handling, RecordHandling, who, now, number=number, **given)


def extend(store, number, now=SOON, **more):
    return do(store, working.extend_appeal, ExtendAppeal, LISHAN, now, number=number, **more)


def clocks_of(store):
    with store.transaction() as session:
        return [
            (row.stage, row.limit_text, row.in_time) for row in session.query(Deadline).order_by(Deadline.started_at)
        ]


def test_given_a_case_when_the_citizen_is_reached_then_the_first_contact_is_in_time(store):
    view = contact(store, register(store)["number"])
    assert SOON == view["first_contacted_at"]
    assert [True] == [fact["data"]["in_time"] for fact in facts_of(store, "appeal_first_contacted")]
    assert ("FIRST_CONTACT", "15min", True) in clocks_of(store)


def test_given_a_case_when_the_citizen_is_reached_late_then_that_is_said(store):
    contact(store, register(store)["number"], now=LATE)
    assert [False] == [fact["data"]["in_time"] for fact in facts_of(store, "appeal_first_contacted")]


def test_given_a_second_contact_when_recorded_then_the_first_stays(store):
    number = register(store)["number"]
    contact(store, number)
    assert SOON == contact(store, number, now=LATE)["first_contacted_at"]


def test_given_an_emergency_when_the_danger_is_removed_in_time_then_its_clock_is_met_and_the_case_stays_open(store):
    number = register(store)["number"]
    view = handle(store, number)
    assert ("IN_PROGRESS", True) == (view["state"], view["due_at"] > NOW + timedelta(days=14))
    (fact,) = facts_of(store, "appeal_handling_recorded")
    assert ("DANGER_REMOVED", 1, True) == tuple(fact["data"][key] for key in ("stage", "attachment_count", "in_time"))
    assert ("FEEDBACK", "2h", True) in clocks_of(store)
    assert ("FEEDBACK", "15d", None) in clocks_of(store)


def test_given_an_emergency_when_the_danger_is_removed_twice_then_the_rest_keeps_its_clock(store):
    number = register(store)["number"]
    due = handle(store, number)["due_at"]
    assert due == handle(store, number, now=LATE)["due_at"]


def test_given_an_emergency_when_work_comes_late_then_that_is_said(store):
    handle(store, register(store)["number"], now=LATE)
    assert [False] == [fact["data"]["in_time"] for fact in facts_of(store, "appeal_handling_recorded")]


def test_given_work_the_citizen_was_told_of_when_recorded_then_it_is_the_first_contact_too(store):
    view = handle(store, register(store)["number"], told_citizen=True)
    assert SOON == view["first_contacted_at"]
    assert ["appeal_first_contacted", "appeal_handling_recorded"] == names(store)[-2:]


def test_given_work_the_citizen_was_not_told_of_when_recorded_then_nobody_was_contacted(store):
    assert handle(store, register(store)["number"], told_citizen=False)["first_contacted_at"] is None


def test_given_records_when_shown_then_words_stay_and_no_fact_holds_them(store):
    view = handle(store, register(store)["number"], content="已联系管道工")
    assert ["已联系管道工"] == [row["content"] for row in view["handling"]]
    assert "管道工" not in str(facts_of(store))


@pytest.mark.rule("4")
def test_given_a_stranger_when_recording_work_then_there_is_no_such_case(store):
    with pytest.raises(NotFound):
        handle(store, register(store)["number"], who=OTHER)


def test_given_the_reporter_when_recording_work_then_it_is_forbidden(store):
    number = register(store, CHEN, channel="WEB")["number"]
    with pytest.raises(Forbidden):
        handle(store, number, who=CHEN)


def test_given_the_deputy_and_the_community_when_recording_work_then_they_may(store):
    number = register(store)["number"]
    assert 2 == len([handle(store, number, who=who) for who in (MA, WANG)])


def test_given_a_complex_case_when_extended_before_it_is_due_then_old_and_new_date_and_reason_are_told(store):
    before = register(store, calm=True, category="old.lift")
    after = extend(store, before["number"])
    (fact,) = facts_of(store, "appeal_extended")
    assert "THIRD_PARTY" == fact["data"]["reason_code"]
    assert (before["due_at"], after["due_at"]) == (
        after["extensions"][0]["old_due_at"],
        after["extensions"][0]["new_due_at"],
    )
    assert after["due_at"] > before["due_at"]


def test_given_an_extended_case_when_extended_again_then_it_is_a_conflict(store):
    number = register(store, calm=True, category="old.lift")["number"]
    extend(store, number)
    with pytest.raises(Conflict, match="最多延长1次"):
        extend(store, number)


@pytest.mark.rule("20")
@pytest.mark.parametrize("span", [{"days": 1, "hours": None}, {"days": None, "hours": 24}, {"days": None, "hours": 6}])
def test_given_a_limit_in_hours_when_extended_up_to_its_own_length_then_it_moves_by_hours(store, span):
    before = register(store, calm=True)
    after = extend(store, before["number"], **span)
    assert timedelta(hours=span["hours"] or 24) == after["due_at"] - before["due_at"]


@pytest.mark.rule("20")
@pytest.mark.parametrize("span", [{"days": 2, "hours": None}, {"days": None, "hours": 25}])
def test_given_a_limit_in_hours_when_extended_beyond_its_own_length_then_it_is_a_conflict(store, span):
    number = register(store, calm=True)["number"]
    with pytest.raises(Conflict):
        extend(store, number, **span)


@pytest.mark.rule("20")
def test_given_the_clock_of_a_danger_when_extended_by_hours_then_it_is_a_conflict(store):
    number = register(store)["number"]
    with pytest.raises(Conflict, match="不得延长"):
        extend(store, number, days=None, hours=1)


@pytest.mark.rule("20")
@pytest.mark.parametrize("span", [{"days": 1, "hours": 1}, {"days": None, "hours": None}])
def test_given_both_or_neither_span_when_extending_then_it_is_refused(store, span):
    with pytest.raises(ValidationError):
        extend(store, register(store, calm=True)["number"], **span)


@pytest.mark.rule("12")
def test_given_a_date_that_has_passed_when_extended_then_it_is_a_conflict_for_nobody_could_be_told_before(store):
    before = register(store, calm=True, category="old.lift")
    with pytest.raises(Conflict):
        extend(store, before["number"], now=before["due_at"] + timedelta(seconds=1))
    assert [] == facts_of(store, "appeal_extended")


def test_given_an_emergency_when_extended_by_days_then_it_is_longer_than_the_limit_and_a_conflict(store):
    with pytest.raises(Conflict, match="不得延长"):
        extend(store, register(store)["number"])


def test_given_a_passed_date_when_extended_then_it_is_too_late(store):
    number = register(store, calm=True, category="old.lift")["number"]
    with pytest.raises(Conflict, match="期限已过"):
        extend(store, number, now=NOW + timedelta(days=40))


def test_given_evidence_when_reported_solved_then_the_follow_up_is_asked_for(store):
    view = solve(store, register(store)["number"])
    (fact,) = facts_of(store, "appeal_result_reported")
    assert ("RESULT_REPORTED", "SOLVED") == (view["state"], view["result_kind"])
    assert ("yinhong", 1, "CALL") == tuple(
        fact["data"][key] for key in ("handler_unit", "evidence_count", "contact_preference")
    )


def test_given_no_evidence_when_reported_solved_then_it_is_a_conflict_and_nothing_changes(store):
    number = register(store)["number"]
    with pytest.raises(Conflict, match="佐证"):
        solve(store, number, attachments=[])
    assert "IN_PROGRESS" == state(store, number)


def test_given_photos_of_the_work_when_reported_solved_without_more_then_they_are_the_evidence(store):
    number = register(store)["number"]
    handle(store, number)
    assert "RESULT_REPORTED" == solve(store, number, attachments=[])["state"]


def test_given_a_secret_reporter_when_the_result_is_told_then_nobody_is_named(store):
    solve(store, register(store, secret=True)["number"])
    (fact,) = facts_of(store, "appeal_result_reported")
    assert (None, None) == (fact["data"]["resident"], fact["data"]["contact_preference"])


def test_given_a_result_when_reported_then_no_clock_runs(store):
    number = register(store)["number"]
    solve(store, number)
    with store.transaction() as session:
        assert [] == [row for row in session.query(Deadline) if row.is_open]
    with stored(store, number) as appeal:
        assert NOW + timedelta(hours=1) == appeal.result_at


@pytest.mark.rule("14")
def test_given_an_ordinary_case_when_a_danger_is_noticed_later_then_its_clocks_are_those_of_an_emergency(store):
    number = register(store, calm=True)["number"]
    later = NOW + timedelta(minutes=30)
    view = do(store, working.raise_urgency, RaiseUrgency, LISHAN, later, number=number, danger_flag="GAS")
    assert ("EMERGENCY", ["GAS"], later + timedelta(hours=2)) == (view["urgency"], view["danger_flags"], view["due_at"])
    (fact,) = facts_of(store, "appeal_urgency_raised")
    assert ("EMERGENCY", "GAS") == (fact["data"]["urgency"], fact["data"]["danger_flag"])


@pytest.mark.rule("14")
def test_given_an_emergency_when_another_danger_is_noticed_then_no_clock_becomes_longer(store):
    before = register(store)
    later = NOW + timedelta(minutes=30)
    view = do(store, working.raise_urgency, RaiseUrgency, LISHAN, later, number=before["number"], danger_flag="GAS")
    assert (before["due_at"], before["first_contact_due"]) == (view["due_at"], view["first_contact_due"])
    with pytest.raises(Conflict):
        do(store, working.raise_urgency, RaiseUrgency, LISHAN, later, number=before["number"], danger_flag="GAS")


@pytest.mark.rule("14")
def test_given_the_resident_who_reported_when_it_gets_worse_then_the_own_case_may_be_raised_and_no_other(store):
    number = register(store, CHEN, calm=True)["number"]
    with pytest.raises((Forbidden, NotFound)):
        do(store, working.raise_urgency, RaiseUrgency, STRANGER, number=number, danger_flag="FIRE")
    view = do(store, working.raise_urgency, RaiseUrgency, CHEN, number=number, danger_flag="FIRE")
    assert "EMERGENCY" == view["urgency"]
