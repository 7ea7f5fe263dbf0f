"""A part of what was recorded as solved is asked again by somebody else; what does not agree is told, and counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from chassis.errors import Forbidden
from chassis.identity import Grant, Principal
from services.notify import follow_ups, re_calls
from services.notify.tables import FollowUp
from tests.unit.notify.facts import COLLEAGUE, HE_JING, NOW, SERVICE, all_follow_ups, messages, with_follow_up
from tests.unit.notify.following import attempt, complete, spoken
from tests.unit.notify.wishing import do

LATER = NOW + timedelta(days=3)
OTHER = Principal("u-other", "另一位", (Grant("FOLLOWUP", "yinchuan.xingqing", "huifang"),))
AUDITOR = Principal("u-audit", "范正", (Grant("AUDITOR", "yinchuan"),))


def answered(store, lot=0, **told):
    """A follow-up that was completed, with its lot."""
    with_follow_up(store)
    attempt(store, reached=True)
    complete(store, **told)
    with store.transaction() as session:
        session.execute(update(FollowUp).values(lot=lot))


def draw(store, now=LATER):
    for _ in range(2):
        with store.transaction() as session:
            re_calls.draw(session, SERVICE, now)


def sample(store):
    (found,) = (row for row in all_follow_ups(store) if row.occasion == "SAMPLE")
    return found


def ask_again(store, solved="YES", satisfied="SATISFIED", who=OTHER):
    about = {"follow_up_id": sample(store).id, "expected_version": None}
    with store.transaction() as session:
        follow_ups.attempt(session, who, {**about, "reached": True, "method": "CALL"}, LATER)
    with store.transaction() as session:
        follow_ups.complete(session, who, {**about, "solved": solved, "satisfied": satisfied, "comment": None}, LATER)


def occasions(store):
    return [(row.occasion, row.state) for row in all_follow_ups(store)]


def test_given_a_lot_below_the_percentage_when_days_have_passed_then_one_sample_opens_and_the_clerks_are_told(store):
    answered(store)
    draw(store)
    assert [("RESULT", "COMPLETED"), ("SAMPLE", "DUE")] == occasions(store)
    assert ["follow_up_sample"] == [row.template for row in messages(store, "follow_up_sample")]


@pytest.mark.parametrize(
    ("lot", "days", "told"),
    [(5, 3, {}), (0, 1, {}), (0, 10, {}), (0, 3, {"solved": "PARTLY"})],
    ids=["not drawn", "too early", "too late", "not called solved"],
)
def test_given_another_follow_up_when_the_clock_ticks_then_nobody_is_asked_again(store, lot, days, told):
    answered(store, lot, **told)
    draw(store, NOW + timedelta(days=days))
    assert [("RESULT", "COMPLETED")] == occasions(store)


@pytest.mark.parametrize("who", [HE_JING, COLLEAGUE], ids=["who asked first", "of the unit that did the work"])
def test_given_a_sample_when_somebody_with_a_part_in_it_asks_then_it_is_refused(store, who):
    answered(store)
    draw(store)
    with pytest.raises(Forbidden):
        ask_again(store, who=who)


def test_given_the_same_answer_when_asked_again_then_it_agrees_and_nothing_is_told(store):
    answered(store)
    draw(store)
    ask_again(store, satisfied="BASICALLY")
    assert (True, []) == (sample(store).agrees, spoken(store, "follow_up_contradicted"))


@pytest.mark.parametrize("told", [{"solved": "NO"}, {"solved": "PARTLY"}, {"satisfied": "UNSATISFIED"}])
def test_given_another_answer_when_asked_again_then_it_is_told_as_a_contradiction_and_reopens_nothing(store, told):
    answered(store)
    draw(store)
    ask_again(store, **told)
    (fact,) = spoken(store, "follow_up_contradicted")
    assert (False, "YES") == (sample(store).agrees, fact["data"]["was_solved"])
    assert [] == spoken(store, "dissatisfaction_recorded")
    assert ["follow_up_contradicted"] == [row.template for row in messages(store, "follow_up_contradicted")]


def test_given_samples_when_reported_then_the_share_that_agrees_is_of_those_reached_and_rates_leave_them_out(store):
    answered(store)
    draw(store)
    ask_again(store, solved="NO")
    with store.transaction() as session:
        session.execute(update(FollowUp).values(updated_at=LATER))
    asked = {"area_path": "yinchuan.xingqing", "month": "2024-07", "period": "CALENDAR"}
    figures = do(store, "report_re_calls", AUDITOR, LATER, **asked)["figures"]
    assert (0, 1) == (figures[0]["part"], figures[0]["whole"])
    (row,) = do(store, "list_re_calls", AUDITOR, LATER, **asked)["items"]
    assert (False, "NO") == (row["agrees"], row["solved"])
    assert [1] == [one["whole"] for one in do(store, "report_rates", AUDITOR, LATER, **asked)["figures"][:1]]
