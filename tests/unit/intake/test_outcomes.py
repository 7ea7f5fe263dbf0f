"""What other services' facts do to an appeal: once, whatever the order, and never a step back."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from chassis.standing import standing_of
from contracts.dispatch.whistles import WhistleBlown, WhistleClosed
from contracts.intake.disputes import IdentifyDispute
from contracts.intake.endings import WithdrawAppeal
from contracts.intake.triage import SignAppeal
from contracts.mediation.cases import MediationCaseClosed, MediationCaseOpened, MediationTerminated
from contracts.notify.follow_ups import FollowUpCompleted, FollowUpInvalid
from services.intake import disputes, endings, outcomes, overdue
from services.intake.tables import Appeal, AppealWhistle
from tests.support.delivering import deliver, failing, twice
from tests.support.events import hear
from tests.unit.intake.world import (
    INTAKE,
    LISHAN,
    NOW,
    WANG,
    about,
    do,
    facts_of,
    names,
    register,
    solve,
    state,
    stored,
)

LATER = NOW + timedelta(days=1)
CASE = str(uuid4())


def reported(store):
    view = register(store)
    solve(store, view["number"])
    return view


def in_mediation(store):
    view = register(store)
    do(store, disputes.identify_dispute, IdentifyDispute, LISHAN, number=view["number"])
    return view


def followed_up(view, time=LATER, **more):
    return hear(FollowUpCompleted, {"subject": about(view), **more}, time=time)


def case(contract, view, case_id=CASE, **more):
    return hear(contract, {"source": about(view), "case_id": case_id, **more}, time=LATER)


def whistle(contract, view, whistle_id):
    return hear(contract, {"source": about(view), "whistle_id": str(whistle_id)}, time=LATER)


def handlers(store):
    """Every handler with an event that changes something."""
    one, two, three = reported(store), in_mediation(store), register(store)
    return {
        "completed": (outcomes.follow_up_completed, followed_up(one), one),
        "unsolved": (outcomes.follow_up_completed, followed_up(one, solved="NO", satisfied="UNSATISFIED"), one),
        "invalid": (outcomes.follow_up_invalid, hear(FollowUpInvalid, {"subject": about(one)}, time=LATER), one),
        "opened": (outcomes.mediation_case_opened, case(MediationCaseOpened, two), two),
        "closed": (outcomes.mediation_case_closed, case(MediationCaseClosed, two, result="SUCCESS"), two),
        "terminated": (outcomes.mediation_terminated, case(MediationTerminated, two), two),
        "blown": (outcomes.whistle_blown, whistle(WhistleBlown, three, uuid4()), three),
        "over": (outcomes.whistle_over, whistle(WhistleClosed, three, uuid4()), three),
    }


NAMES = ["completed", "unsolved", "invalid", "opened", "closed", "terminated", "blown", "over"]


def snapshot(store, view):
    with stored(store, view["number"]) as appeal:
        columns = {column.name: getattr(appeal, column.name) for column in Appeal.__table__.columns}
    with store.transaction() as session:
        return columns, names(store), session.query(AppealWhistle).count()


@pytest.mark.parametrize("name", NAMES)
def test_given_a_fact_when_it_comes_twice_then_it_has_one_effect(store, name):
    handle, event, view = handlers(store)[name]
    deliver(store, handle, event, LATER)
    once = snapshot(store, view)
    assert deliver(store, handle, event, LATER) is False
    assert once == snapshot(store, view)


@pytest.mark.parametrize("name", NAMES)
def test_given_a_fact_when_the_inbox_is_asked_then_the_second_delivery_does_nothing(store, name):
    handle, event, _ = handlers(store)[name]
    twice(store, handle, event, LATER)


@pytest.mark.parametrize("name", NAMES)
def test_given_a_fact_when_the_commit_fails_then_nothing_remains(store, name):
    handle, event, view = handlers(store)[name]
    before = snapshot(store, view)
    failing(store, handle, event, LATER)
    assert before == snapshot(store, view)
    assert deliver(store, handle, event, LATER) is True


@pytest.mark.parametrize("name", NAMES)
def test_given_the_same_words_in_another_event_when_heard_then_state_does_not_step_back(store, name):
    handle, event, view = handlers(store)[name]
    deliver(store, handle, event, LATER)
    once = state(store, view["number"])
    again = event.__class__(**{**event.__dict__, "id": str(uuid4())})
    deliver(store, handle, again, LATER)
    assert once == state(store, view["number"])


@pytest.mark.parametrize("name", NAMES)
def test_given_a_withdrawn_case_when_a_late_fact_comes_then_it_stays_withdrawn(store, name):
    handle, event, view = handlers(store)[name]
    do(store, endings.withdraw_appeal, WithdrawAppeal, WANG, number=view["number"])
    deliver(store, handle, event, LATER)
    assert "WITHDRAWN" == state(store, view["number"])


@pytest.mark.parametrize("satisfied", ["SATISFIED", "BASICALLY"])
def test_given_solved_and_satisfied_when_followed_up_then_the_case_is_closed(store, satisfied):
    view = reported(store)
    deliver(store, outcomes.follow_up_completed, followed_up(view, satisfied=satisfied), LATER)
    (fact,) = facts_of(store, "appeal_closed")
    assert (satisfied, "YES", LISHAN.id) == (
        fact["data"]["satisfied"],
        fact["data"]["solved"],
        fact["data"]["first_responder"]["id"],
    )
    assert "CLOSED" == state(store, view["number"])


@pytest.mark.parametrize(
    ("solved", "satisfied", "reason"),
    [("NO", "SATISFIED", "UNSOLVED"), ("PARTLY", "BASICALLY", "UNSOLVED"), ("YES", "UNSATISFIED", "DISSATISFIED")],
)
def test_given_unsolved_or_unsatisfied_when_followed_up_then_it_is_reopened_and_assigned(
    store, solved, satisfied, reason
):
    view = reported(store)
    deliver(store, outcomes.follow_up_completed, followed_up(view, solved=solved, satisfied=satisfied), LATER)
    assert ["appeal_reopened", "appeal_assigned"] == names(store)[-2:]
    assert reason == facts_of(store, "appeal_reopened")[0]["data"]["reason_code"]
    with stored(store, view["number"]) as appeal:
        assert ("ASSIGNED", 1, None) == (appeal.state, appeal.reopen_count, appeal.result_kind)
        assert appeal.due_at > LATER


def test_given_a_reopened_case_when_unsolved_again_then_it_stays_and_needs_supervision(store):
    view = reported(store)
    unhappy = {"solved": "NO", "satisfied": "UNSATISFIED"}
    deliver(store, outcomes.follow_up_completed, followed_up(view, **unhappy), LATER)
    sign_and_solve(store, view["number"])
    last = LATER + timedelta(days=3)
    deliver(store, outcomes.follow_up_completed, followed_up(view, time=last, **unhappy), last)
    with stored(store, view["number"]) as appeal:
        assert ("RESULT_REPORTED", 1, last) == (appeal.state, appeal.reopen_count, appeal.supervision_needed_at)


def sign_and_solve(store, number):
    from services.intake import triage

    do(store, triage.sign_appeal, SignAppeal, LISHAN, LATER, number=number)
    solve(store, number, now=LATER + timedelta(days=1))


def test_given_an_answer_to_an_earlier_result_when_it_comes_late_then_it_does_not_close_the_new_one(store):
    view = reported(store)
    deliver(store, outcomes.follow_up_completed, followed_up(view, solved="NO", satisfied="UNSATISFIED"), LATER)
    sign_and_solve(store, view["number"])
    deliver(store, outcomes.follow_up_completed, followed_up(view, time=LATER), LATER + timedelta(days=2))
    assert "RESULT_REPORTED" == state(store, view["number"])


def test_given_nobody_to_ask_when_the_follow_up_is_invalid_then_it_is_closed_without_an_answer(store):
    view = reported(store)
    deliver(store, outcomes.follow_up_invalid, hear(FollowUpInvalid, {"subject": about(view)}, time=LATER), LATER)
    (fact,) = facts_of(store, "appeal_closed")
    assert (None, None) == (fact["data"]["satisfied"], fact["data"]["solved"])


def test_given_an_unsatisfied_first_round_when_nobody_can_be_asked_in_the_second_then_it_closes_without_an_answer(
    store,
):
    view = reported(store)
    deliver(store, outcomes.follow_up_completed, followed_up(view, solved="NO"), LATER)
    sign_and_solve(store, view["number"])
    last = LATER + timedelta(days=3)
    invalid = hear(FollowUpInvalid, {"subject": about(view)}, time=last)
    deliver(store, outcomes.follow_up_invalid, invalid, last)
    (fact,) = facts_of(store, "appeal_closed")
    assert (None, None) == (fact["data"]["satisfied"], fact["data"]["solved"])


def test_given_a_follow_up_of_a_hazard_when_heard_then_no_appeal_moves(store):
    view = reported(store)
    event = hear(FollowUpCompleted, {"subject": {**about(view), "kind": "HAZARD"}}, time=LATER)
    deliver(store, outcomes.follow_up_completed, event, LATER)
    assert "RESULT_REPORTED" == state(store, view["number"])


def kept(store, view):
    with stored(store, view["number"]) as appeal:
        return [row.content for row in appeal.handlings]


@pytest.mark.rule("20")
@pytest.mark.parametrize("answer", [("YES", "SATISFIED"), ("NO", "UNSATISFIED")])
def test_given_a_follow_up_at_a_deadline_when_answered_then_it_is_recorded_once_and_nothing_ends(store, answer):
    view = register(store)
    before = state(store, view["number"])
    event = followed_up(view, solved=answer[0], satisfied=answer[1], occasion="DEADLINE")
    twice(store, outcomes.follow_up_completed, event, LATER)
    told = [words for words in kept(store, view) if "尚无结果时的回访" in words]
    assert (before, 1) == (state(store, view["number"]), len(told))


@pytest.mark.rule("20")
def test_given_a_reported_result_when_the_answer_of_the_deadline_comes_late_then_it_closes_nothing(store):
    view = reported(store)
    deliver(store, outcomes.follow_up_completed, followed_up(view, occasion="DEADLINE"), LATER)
    invalid = hear(FollowUpInvalid, {"subject": about(view), "occasion": "DEADLINE"}, time=LATER)
    deliver(store, outcomes.follow_up_invalid, invalid, LATER)
    assert "RESULT_REPORTED" == state(store, view["number"])


@pytest.mark.rule("20")
def test_given_a_passed_feedback_date_when_raised_then_it_says_whom_a_follow_up_is_about(store):
    view = register(store, calm=True)
    with store.transaction() as session:
        overdue.raise_due(session, INTAKE, LATER + timedelta(seconds=1))
    told = [fact["data"] for fact in facts_of(store, "appeal_overdue") if fact["data"]["stage"] == "FEEDBACK"]
    assert [(1, "yinhong", LISHAN.id, True)] == [
        (one["level"], one["handler_unit"], one["handler"]["id"], one["resident"] is not None) for one in told
    ]
    assert view["state"] == state(store, view["number"])


def tally(store, view):
    with stored(store, view["number"]) as appeal:
        told = standing_of(appeal).tally
        return told["channel"], told["way"], told["reopened"]


def test_given_an_appeal_when_whistled_and_mediated_then_its_tally_says_the_one_way_it_took(store):
    view = register(store)
    told = [tally(store, view)[1]]
    deliver(store, outcomes.whistle_blown, whistle(WhistleBlown, view, uuid4()), LATER)
    told.append(tally(store, view)[1])
    other = in_mediation(store)
    told.append(tally(store, other)[1])
    deliver(store, outcomes.whistle_blown, whistle(WhistleBlown, other, uuid4()), LATER)
    assert ["SELF", "WHISTLE", "MEDIATION", "BOTH"] == [*told, tally(store, other)[1]]


def test_given_an_appeal_when_withdrawn_then_that_is_its_way_and_by_channel_and_again_it_is_counted(store):
    view = register(store)
    do(store, endings.withdraw_appeal, WithdrawAppeal, WANG, number=view["number"])
    unsolved = reported(store)
    answer = followed_up(unsolved, solved="NO", satisfied="UNSATISFIED")
    deliver(store, outcomes.follow_up_completed, answer, LATER)
    assert (("WITHDRAWN", "no"), ("SELF", "yes")) == (tally(store, view)[1:], tally(store, unsolved)[1:])
