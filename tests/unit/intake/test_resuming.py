"""Withdrawing for a citizen, endings that come too late, and objections against either."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from contracts import samples
from contracts.intake.endings import MergeAppeal, ObjectEnding, WithdrawAppeal
from contracts.intake.triage import AnswerAppeal, DeclineAppeal, DivertAppeal, SignAppeal
from contracts.notify.follow_ups import FollowUpCompleted
from services.intake import endings, outcomes, resuming, triage
from tests.support.delivering import deliver
from tests.support.events import hear
from tests.unit.intake.world import (
    CHEN,
    LISHAN,
    NOW,
    STRANGER,
    WANG,
    ZHANG,
    about,
    assign,
    do,
    facts_of,
    names,
    register,
    solve,
    state,
    stored,
)

DAY = timedelta(days=1)
PICTURE = [{**samples.PHOTO, "kind": "PHOTO"}]


def withdraw(store, number, who=WANG, now=NOW, **more):
    return do(store, endings.withdraw_appeal, WithdrawAppeal, who, now, number=number, **more)


def object_to(store, number, who=ZHANG, now=NOW + DAY):
    return do(store, resuming.object_ending, ObjectEnding, who, now, number=number)


def decline(store, number, now=NOW):
    return do(store, triage.decline_appeal, DeclineAppeal, WANG, now, number=number)


@pytest.mark.rule("10")
@pytest.mark.parametrize(("kind", "taken"), [("AUDIO", True), ("DOCUMENT", True), ("PHOTO", False), ("VIDEO", False)])
def test_given_staff_when_withdrawing_for_the_citizen_then_only_voice_or_signed_sheet_will_do(store, kind, taken):
    number, evidence = register(store)["number"], [{**samples.PHOTO, "kind": kind}]
    if taken:
        assert "WITHDRAWN" == withdraw(store, number, evidence=evidence)["state"]
    else:
        with pytest.raises(Invalid):
            withdraw(store, number, evidence=evidence)


@pytest.mark.rule("10")
def test_given_the_handler_when_withdrawing_for_the_citizen_then_it_is_forbidden_and_not_offered(store):
    view = register(store)
    with pytest.raises(Forbidden):
        withdraw(store, view["number"], LISHAN)
    assert "withdraw_appeal" not in view["allowed_commands"]


@pytest.mark.rule("10")
def test_given_a_withdrawal_by_staff_when_told_then_it_says_until_when_the_citizen_may_object(store):
    withdraw(store, register(store)["number"])
    (fact,) = facts_of(store, "appeal_withdrawn")
    assert (False, True) == (fact["data"]["by_complainant"], fact["data"]["object_until"] > (NOW + 6 * DAY).isoformat())


@pytest.mark.rule("10")
def test_given_the_complainants_own_withdrawal_when_told_then_there_is_nothing_to_object_to(store):
    number = register(store, CHEN, channel="WEB")["number"]
    withdraw(store, number, CHEN, evidence=[])
    (fact,) = facts_of(store, "appeal_withdrawn")
    assert (True, None) == (fact["data"]["by_complainant"], fact["data"]["object_until"])
    with pytest.raises(Conflict):
        object_to(store, number)


@pytest.mark.rule("10")
def test_given_a_withdrawal_by_staff_when_objected_in_time_then_it_is_taken_up_with_its_old_date(store):
    view = register(store)
    withdraw(store, view["number"])
    object_to(store, view["number"])
    with stored(store, view["number"]) as appeal:
        assert ("ASSIGNED", LISHAN.id, view["due_at"]) == (appeal.state, appeal.handler_id, appeal.due_at)
    assert ["appeal_resumed", "appeal_accepted", "appeal_assigned"] == names(store)[-3:]


@pytest.mark.rule("10")
def test_given_a_withdrawn_result_when_objected_then_it_is_worked_on_with_a_fresh_date(store):
    number = register(store)["number"]
    solve(store, number)
    withdraw(store, number, now=NOW + DAY)
    object_to(store, number, now=NOW + 2 * DAY)
    with stored(store, number) as appeal:
        assert ("ASSIGNED", None, True) == (appeal.state, appeal.result_kind, appeal.due_at > NOW + 2 * DAY)


@pytest.mark.rule("10")
def test_given_a_withdrawal_by_staff_when_objected_too_late_then_it_is_a_conflict(store):
    number = register(store)["number"]
    withdraw(store, number)
    with pytest.raises(Conflict, match="期限已过"):
        object_to(store, number, now=NOW + 9 * DAY)


@pytest.mark.rule("10")
def test_given_another_resident_when_objecting_then_there_is_no_such_case(store):
    number = register(store, CHEN, channel="WEB")["number"]
    withdraw(store, number, WANG)
    with pytest.raises(NotFound):
        object_to(store, number, STRANGER)


@pytest.mark.rule("10")
def test_given_a_refusal_when_reviewed_then_once_and_no_more(store):
    number = register(store, ZHANG)["number"]
    decline(store, number)
    object_to(store, number)
    decline(store, number, NOW + 2 * DAY)
    with pytest.raises(Conflict):
        object_to(store, number, now=NOW + 3 * DAY)


def reopened(store):
    view = register(store, ZHANG, nature="CONSULT")
    do(store, triage.sign_appeal, SignAppeal, LISHAN, number=view["number"])
    solve(store, view["number"])
    event = hear(FollowUpCompleted, {"subject": about(view), "solved": "NO"}, time=NOW + DAY)
    deliver(store, outcomes.follow_up_completed, event, NOW + DAY)
    return view["number"]


LATE = {
    "divert": (triage.divert_appeal, DivertAppeal, {}),
    "decline": (triage.decline_appeal, DeclineAppeal, {}),
    "answer": (triage.answer_appeal, AnswerAppeal, {}),
    "merge": (endings.merge_appeal, MergeAppeal, {}),
}


@pytest.mark.rule("10")
@pytest.mark.parametrize("name", sorted(LATE))
def test_given_a_reopened_case_when_it_would_end_without_a_follow_up_then_it_is_a_conflict(store, name):
    number, other = reopened(store), register(store)["number"]
    operation, contract, more = LATE[name]
    more = {"into_number": other} if name == "merge" else more
    with pytest.raises(Conflict, match="重新办理"):
        do(store, operation, contract, WANG, NOW + DAY, number=number, **more)
    assert "ASSIGNED" == state(store, number)


@pytest.mark.rule("10")
@pytest.mark.parametrize("name", ["divert", "decline"])
def test_given_work_that_has_begun_when_reassigned_then_it_can_no_longer_be_refused(store, name):
    number = register(store)["number"]
    view = assign(store, number)
    operation, contract, _ = LATE[name]
    with pytest.raises(Conflict, match="已经签收"):
        do(store, operation, contract, WANG, NOW, number=number)
    assert f"{name}_appeal" not in view["allowed_commands"]
