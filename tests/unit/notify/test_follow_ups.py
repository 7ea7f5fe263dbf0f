"""A follow-up is opened by a result and made by somebody who has no part in the case."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import text

from chassis.errors import Conflict, Forbidden, Invalid, NotFound, VersionMismatch
from contracts.intake.triage import AppealReopened
from contracts.intake.working import AppealResultReported
from kernel.numbers import parse
from tests.unit.notify.facts import (
    COLLEAGUE,
    ELSEWHERE,
    LI_SHAN_AS_CLERK,
    NOW,
    NUMBER,
    RESIDENT,
    WANG_FANG,
    all_follow_ups,
    everything,
    fact,
    messages,
    only_follow_up,
    registered,
    shanghai,
    tell,
    told,
    with_follow_up,
)
from tests.unit.notify.following import attempt, close, complete, spoken


def test_given_a_result_when_reported_then_a_follow_up_is_due_within_one_working_day(store):
    with_follow_up(store, now=shanghai(5, 16))  # a Friday
    row = only_follow_up(store)
    assert ("DUE", shanghai(9, 0), "default") == (row.state, row.start_by, row.policy_version.split("/")[0])


def test_given_a_result_when_reported_then_the_follow_up_says_who_may_not_make_it(store):
    with_follow_up(store)
    (envelope,) = spoken(store, "follow_up_opened")
    assert ({"id": "u-lishan", "name": "李珊"}, "yinhong") == (
        envelope["data"]["handler"], envelope["data"]["handler_unit"],
    )  # fmt: skip


def test_given_two_results_of_a_day_when_reported_then_their_numbers_follow_each_other(store):
    with_follow_up(store)
    tell(store, fact(AppealResultReported, version=20), NOW)
    assert [("F", "0101", 1), ("F", "0101", 2)] == [
        (number.kind, number.area4, number.seq) for number in (parse(row.number) for row in all_follow_ups(store))
    ]


def test_given_a_result_when_reported_then_the_clerks_are_told_now_and_again_when_it_is_late(store):
    with_follow_up(store)
    late = messages(store, "follow_up_late")[0]
    assert {("follow_up_due", "followup-xingqing"), ("follow_up_late", "followup-xingqing")} == told(
        store, "follow_up_due", "follow_up_late"
    )
    assert only_follow_up(store).start_by < late.send_after


def test_given_an_open_follow_up_when_tried_then_the_late_reminder_falls_away(store):
    with_follow_up(store)
    attempt(store)
    assert set() == told(store, "follow_up_due", "follow_up_late")


def test_given_the_told_case_when_the_resident_is_reached_then_the_answers_are_told(store):
    with_follow_up(store)
    attempt(store, reached=True)
    complete(store)
    assert ["follow_up_opened", "follow_up_attempted", "follow_up_completed"] == spoken(store)
    (envelope,) = spoken(store, "follow_up_completed")
    answers = {"contacted": True, "solved": "YES", "satisfied": "SATISFIED", "valid": True, "method": "CALL"}
    assert answers == {name: envelope["data"][name] for name in answers}
    assert (NUMBER, 3, "u-hejing") == (envelope["casenumber"], envelope["aggregateversion"], envelope["actor"])


@pytest.mark.parametrize(
    ("solved", "satisfied", "dissatisfied"),
    [("YES", "SATISFIED", 0), ("PARTLY", "BASICALLY", 0), ("NO", "SATISFIED", 1), ("YES", "UNSATISFIED", 1)],
)
def test_given_answers_when_unsolved_or_unsatisfied_then_dissatisfaction_is_told(
    store, solved, satisfied, dissatisfied
):
    with_follow_up(store)
    attempt(store, reached=True)
    complete(store, solved, satisfied)
    assert dissatisfied == len(spoken(store, "dissatisfaction_recorded"))


def test_given_words_of_the_resident_when_stored_then_they_are_sealed(store):
    with_follow_up(store)
    attempt(store, reached=True, note="她说楼上又漏了")
    complete(store)
    with store.engine.connect() as connection:
        stored = [bytes(value) for value in connection.execute(text("select comment from follow_up")).scalars()]
        stored += [bytes(value) for value in connection.execute(text("select note from attempt")).scalars()]
    assert [] == [value for value in stored if "谢谢".encode() in value or "漏".encode() in value]
    assert "谢谢社区" == only_follow_up(store).comment


def test_given_nobody_was_reached_when_completing_then_it_is_refused(store):
    with_follow_up(store)
    attempt(store, reached=False)
    with pytest.raises(Conflict):
        complete(store)


def test_given_no_try_at_all_when_completing_then_the_state_stands_against_it(store):
    with_follow_up(store)
    with pytest.raises(Conflict) as refusal:
        complete(store)
    assert ("DUE", ["TRYING"]) == (refusal.value.details["state"], refusal.value.details["allowed_states"])


@pytest.mark.parametrize("who", [LI_SHAN_AS_CLERK, COLLEAGUE, WANG_FANG], ids=lambda who: f"{who.id}-{len(who.units)}")
def test_given_somebody_with_a_part_in_it_or_no_post_here_when_acting_then_forbidden(store, who):
    with_follow_up(store)
    before = everything(store)
    for act in (attempt, complete, partial(close, reason="NO_ANSWER")):
        with pytest.raises(Forbidden, match="承办单位的人员不得回访本单位办理的诉求"):
            act(store, who=who)
    assert before == everything(store)


@pytest.mark.rule("4")
@pytest.mark.parametrize("who", [ELSEWHERE, RESIDENT], ids=lambda who: who.id)
def test_given_somebody_of_another_place_when_acting_then_not_found(store, who):
    with_follow_up(store)
    for act in (attempt, complete, partial(close, reason="NO_ANSWER")):
        with pytest.raises(NotFound):
            act(store, who=who)


def test_given_a_first_responder_who_is_not_the_handler_when_acting_then_forbidden(store):
    with_follow_up(store, handler={"id": "u-other", "name": "别人"}, handler_unit="other")
    with pytest.raises(Forbidden):
        attempt(store, who=LI_SHAN_AS_CLERK)


def test_given_another_version_when_acting_then_it_is_refused(store):
    with_follow_up(store)
    with pytest.raises(VersionMismatch):
        attempt(store, expected_version=7)


def test_given_three_missed_calls_on_two_half_days_when_closing_then_it_is_invalid(store):
    with_follow_up(store)
    for moment in (shanghai(8, 10), shanghai(8, 11), shanghai(8, 15)):
        attempt(store, moment)
    close(store, "NO_ANSWER")
    (envelope,) = spoken(store, "follow_up_invalid")
    assert ("NO_ANSWER", 3) == (envelope["data"]["reason_code"], envelope["data"]["attempts"])
    assert "INVALID" == only_follow_up(store).state


@pytest.mark.parametrize(
    "moments",
    [
        [shanghai(8, 10), shanghai(8, 15)],
        [shanghai(8, 9), shanghai(8, 10), shanghai(8, 11)],
        [shanghai(8, 10), shanghai(8, 11), shanghai(8, 20, 30)],
        [shanghai(8, 10), shanghai(8, 11), shanghai(9, 7)],
    ],
    ids=["two", "one-half-day", "late-at-night", "before-nine"],
)
def test_given_too_few_tries_that_count_when_closing_then_it_is_refused(store, moments):
    with_follow_up(store)
    for moment in moments:
        attempt(store, moment)
    with pytest.raises(Invalid):
        close(store, "NO_ANSWER")
    assert "TRYING" == only_follow_up(store).state


@pytest.mark.parametrize(
    ("reached", "reason", "fits"),
    [
        (False, "EMPTY_NUMBER", True),
        (True, "EMPTY_NUMBER", False),
        (True, "REFUSED", True),
        (False, "REFUSED", False),
        (True, "ASKED_NOT_TO", True),
        (False, "ANONYMOUS", False),
    ],
)
def test_given_one_try_when_closing_then_the_reason_must_be_borne_out(store, reached, reason, fits):
    with_follow_up(store)
    attempt(store, reached=reached)
    if fits:
        assert "INVALID" == close(store, reason).state
    else:
        with pytest.raises(Invalid):
            close(store, reason)


def test_given_an_anonymous_appeal_when_closing_then_no_try_is_asked_for(store):
    with_follow_up(store, resident=None, anonymous=True)
    assert ("INVALID", "ANONYMOUS") == (close(store, "ANONYMOUS").state, only_follow_up(store).reason_code)


def test_given_a_reopened_appeal_when_a_result_comes_again_then_a_new_follow_up_opens(store):
    with_follow_up(store, version=10)
    attempt(store, reached=True)
    complete(store, "NO", "UNSATISFIED")
    tell(store, fact(AppealReopened, version=11), NOW)
    tell(store, fact(AppealResultReported, version=15), NOW)
    assert [("COMPLETED", 10), ("DUE", 15)] == [(row.state, row.cycle) for row in all_follow_ups(store)]


def test_given_an_open_follow_up_when_the_appeal_is_reopened_then_nobody_may_go_on_with_it(store):
    with_follow_up(store, version=10)
    tell(store, fact(AppealReopened, version=11), NOW)
    with pytest.raises(Conflict):
        attempt(store)
    assert ("SUPERSEDED", ["follow_up_opened", "follow_up_superseded"]) == (only_follow_up(store).state, spoken(store))


def test_given_a_follow_up_when_superseded_then_it_waits_for_nobody_and_the_clerks_are_not_reminded(store):
    with_follow_up(store, version=10)
    tell(store, fact(AppealReopened, version=11), NOW)
    (envelope,) = spoken(store, "follow_up_superseded")
    assert ("SUPERSEDED", {"waits", "due"}) == (envelope["state"], {"waits", "due"} - envelope.keys())
    assert set() == told(store, "follow_up_due", "follow_up_late")


def test_given_a_reopened_appeal_when_the_older_result_is_heard_late_then_no_follow_up_opens(store):
    registered(store)
    tell(store, fact(AppealReopened, version=11), NOW)
    tell(store, fact(AppealResultReported, version=10), NOW)
    assert [] == all_follow_ups(store)


def test_given_a_follow_up_when_an_older_result_is_heard_late_then_it_stays_as_it_is(store):
    with_follow_up(store, version=15)
    tell(store, fact(AppealResultReported, version=10), NOW)
    assert [(15, "DUE")] == [(row.cycle, row.state) for row in all_follow_ups(store)]
