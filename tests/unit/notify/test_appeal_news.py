"""Who is told what when something happens to an appeal, in whatever order the facts come."""

from __future__ import annotations

import pytest

from contracts import samples
from contracts.intake.appeals import AppealRegistered
from contracts.intake.endings import AppealClosed, AppealMerged
from contracts.intake.triage import AppealAssigned, AppealDeclined, AppealReopened
from contracts.intake.working import AppealOverdue
from tests.unit.notify.facts import APPEAL, NOW, fact, messages, registered, tell, told, with_follow_up

REPORTER = samples.RESIDENT
SECOND = samples.uid(31)


def test_given_a_registration_when_heard_then_the_reporter_gets_number_first_responder_and_promise(store):
    registered(store)
    (receipt,) = messages(store)
    words = (samples.APPEAL_NO, "李珊", "7月6日（周六）11:00")
    assert ("appeal_receipt", REPORTER, True) == (receipt.template, receipt.recipient_id, receipt.breaks_quiet)
    assert [] == [word for word in words if word not in receipt.body]


def test_given_no_reporter_when_registered_then_nobody_is_told(store):
    registered(store, reporter=None)
    assert [] == messages(store)


def test_given_an_ordinary_appeal_when_registered_then_the_receipt_waits_for_the_morning(store):
    registered(store, urgency="NORMAL")
    assert [False] == [row.breaks_quiet for row in messages(store)]


def test_given_an_assignment_by_another_when_heard_then_the_handler_is_told(store):
    tell(store, fact(AppealAssigned, actor="u-wangfang"), NOW)
    assert {("appeal_assigned", "u-lishan")} == told(store)


def test_given_a_handler_who_took_it_on_when_heard_then_nothing_is_told(store):
    tell(store, fact(AppealAssigned, actor="u-lishan"), NOW)
    assert [] == messages(store)


def test_given_two_assignments_when_the_older_comes_last_then_only_the_newer_handler_is_told(store):
    older = {"handler": {"id": "u-first", "name": "先前"}}
    tell(store, fact(AppealAssigned, version=5, actor="u-x"), NOW)
    tell(store, fact(AppealAssigned, older, version=3, actor="u-x"), NOW)
    assert {("appeal_assigned", "u-lishan")} == told(store)


@pytest.mark.parametrize(
    ("level", "told_to"),
    [
        (1, "u-lishan"),
        (2, "community-yinhong"),
        (3, "street-lijingjie"),
        (4, "district-xingqing"),
        (9, "district-xingqing"),
    ],
)
def test_given_an_overdue_appeal_when_raised_then_the_holder_of_the_level_is_told(store, level, told_to):
    registered(store, reporter=None)
    tell(store, fact(AppealOverdue, {"level": level}, version=4), NOW)
    assert {("appeal_overdue", told_to)} == told(store, "appeal_overdue")


def test_given_an_unknown_appeal_when_overdue_then_the_community_is_told(store):
    tell(store, fact(AppealOverdue, version=4), NOW)
    assert {("appeal_overdue", "community-yinhong")} == told(store, "appeal_overdue")


@pytest.mark.parametrize("contract", [AppealRegistered, AppealAssigned, AppealOverdue])
def test_given_a_closed_appeal_when_an_older_fact_is_heard_late_then_nobody_is_told_of_it(store, contract):
    tell(store, fact(AppealClosed, version=12), NOW)
    before = told(store)
    tell(store, fact(contract, version=3, actor="u-x"), NOW)
    assert {template for template, _ in before} == {template for template, _ in told(store)}


def test_given_a_closing_when_heard_then_first_responder_and_reporter_get_the_last_word(store):
    registered(store)
    tell(store, fact(AppealClosed, version=12), NOW)
    (note,) = messages(store, "appeal_closed_first_responder")
    assert {("appeal_closed_first_responder", "u-lishan"), ("appeal_closed", REPORTER)} == told(
        store, "appeal_closed_first_responder", "appeal_closed"
    )
    assert ("已解决" in note.body, "满意" in note.body) == (True, True)


def test_given_a_closing_without_answers_when_told_then_the_note_says_so(store):
    unanswered = {"solved": None, "satisfied": None}
    tell(store, fact(AppealClosed, unanswered, version=12), NOW)
    assert 2 == messages(store, "appeal_closed_first_responder")[0].body.count("未填")


def test_given_a_reopening_when_heard_then_lead_unit_and_reporter_are_told(store):
    registered(store)
    tell(store, fact(AppealReopened, version=11), NOW)
    expected = {("appeal_reopened_unit", "yinhong"), ("appeal_reopened", REPORTER)}
    assert expected == told(store, "appeal_reopened_unit", "appeal_reopened")


def test_given_a_refusal_before_its_registration_when_that_is_heard_then_the_reporter_gets_it(store):
    tell(store, fact(AppealDeclined, version=2), NOW)
    assert {("appeal_declined", None)} == told(store)
    registered(store)
    assert {("appeal_declined", REPORTER)} == told(store)


def test_given_a_refusal_before_an_anonymous_registration_when_that_is_heard_then_nothing_waits(store):
    tell(store, fact(AppealDeclined, version=2), NOW)
    registered(store, reporter=None)
    assert [] == messages(store)


@pytest.mark.parametrize("late_registration", [False, True])
def test_given_a_merged_appeal_when_the_other_goes_on_then_both_reporters_are_told(store, late_registration):
    merged = {"appeal_id": SECOND, "number": samples.MERGED_NO}
    second = {**merged, "reporter": {"person_id": samples.uid(32), "masked_name": "陈*"}}
    steps = [
        fact(AppealRegistered, second, subject=SECOND),
        fact(AppealMerged, {**merged, "into_id": APPEAL}, 3, subject=SECOND),
    ]
    registered(store)
    for event in reversed(steps) if late_registration else steps:
        tell(store, event, NOW)
    tell(store, fact(AppealClosed, version=12), NOW)
    expected = {("appeal_closed", REPORTER), ("appeal_closed", samples.uid(32)), ("appeal_merged", samples.uid(32))}
    assert expected == told(store, "appeal_closed", "appeal_merged")


def test_given_a_result_when_reported_then_the_reporter_hears_that_a_follow_up_will_come(store):
    with_follow_up(store)
    (news,) = messages(store, "appeal_result")
    assert ("已解决" in news.body, "是否满意" in news.body) == (True, True)
