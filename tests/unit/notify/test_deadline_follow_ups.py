"""The date of an appeal passed without a result: the resident is asked all the same (条例 art. 23)."""

from __future__ import annotations

import pytest

from contracts.intake.working import AppealOverdue
from tests.unit.notify.facts import (
    NOW,
    all_follow_ups,
    fact,
    messages,
    only_follow_up,
    registered,
    tell,
    with_follow_up,
)
from tests.unit.notify.following import attempt, complete, spoken


def overdue(store, version=8, **data):
    tell(store, fact(AppealOverdue, data, version), NOW)


@pytest.mark.rule("20")
def test_given_a_passed_feedback_date_without_result_when_heard_then_a_follow_up_opens_and_the_clerks_are_told(store):
    registered(store)
    overdue(store)
    (opened,) = spoken(store, "follow_up_opened")
    assert ("DEADLINE", "DEADLINE") == (only_follow_up(store).occasion, opened["data"]["occasion"])
    sent = [row.template for row in messages(store, "follow_up_deadline", "follow_up_due")]
    assert ["follow_up_deadline"] == sent


@pytest.mark.rule("20")
@pytest.mark.parametrize("data", [{"stage": "FIRST_CONTACT"}, {"level": 2}, {"handler_unit": None}])
def test_given_another_clock_or_a_further_level_when_heard_then_no_follow_up_opens(store, data):
    registered(store)
    overdue(store, **data)
    assert [] == all_follow_ups(store)


@pytest.mark.rule("20")
def test_given_a_result_when_the_passed_date_is_heard_late_then_only_the_result_is_followed_up(store):
    with_follow_up(store)
    overdue(store)
    assert "RESULT" == only_follow_up(store).occasion


@pytest.mark.rule("20")
def test_given_a_follow_up_at_the_deadline_when_a_result_comes_then_it_takes_its_place(store):
    registered(store)
    overdue(store)
    with_follow_up(store)
    assert [("DEADLINE", "SUPERSEDED"), ("RESULT", "DUE")] == [
        (row.occasion, row.state) for row in all_follow_ups(store)
    ]


@pytest.mark.rule("20")
def test_given_a_follow_up_at_the_deadline_when_answered_then_the_answer_says_so(store):
    registered(store)
    overdue(store)
    attempt(store, reached=True)
    complete(store, solved="NO", satisfied="UNSATISFIED")
    (fact_told,) = spoken(store, "follow_up_completed")
    assert "DEADLINE" == fact_told["data"]["occasion"]
