"""The need list: an appeal waits for the joint meeting, goes on as it decides, and is met once it is solved (A6)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chassis.errors import Conflict, Forbidden, Invalid
from contracts import registry
from contracts.dispatch.conferences import (
    ConferenceCancelled,
    ConferenceItemDecided,
    ConferenceItemListed,
    JointMeetingHeld,
)
from contracts.intake.working import RaiseUrgency
from contracts.mediation.councils import CouncilItemEnded
from services.intake import needs, overdue, plainly, working
from tests.support.events import hear
from tests.unit.intake.world import (
    CHEN,
    INTAKE,
    LISHAN,
    NOW,
    WANG,
    do,
    facts_of,
    names,
    register,
    solve,
    stored,
)

LATER = NOW + timedelta(days=7)
ENTER, DECIDE = (registry.command("intake", name) for name in ("enter_need", "decide_need"))


def listed(store, now=NOW, **more):
    number = register(store, calm=True, category="other.advice")["number"]
    return do(store, needs.enter_need, ENTER, LISHAN, now, number=number, need="单元门口装扶手", **more)


def decide(store, number, who=WANG, now=LATER, **more):
    given = {"decision": "DO", "until": None, "reason": None, **more}
    return do(store, needs.decide_need, DECIDE, who, now, number=number, **given)


def day(view):
    return view["due_at"].date().isoformat()


@pytest.mark.row("S3.2")
def test_given_what_cannot_be_solved_on_the_spot_when_listed_then_it_waits_for_the_meeting_and_its_date_is_told(store):
    view = listed(store)
    (fact,) = facts_of(store, "need_listed")
    expected = ("LISTED", "role:COMMUNITY role:STREET", "2024-08-05", view["need"]["meeting_by"])
    assert expected == (view["state"], fact["waits"], day(view), view["due_at"])


def test_given_a_listed_need_when_told_then_its_words_stay_home(store):
    listed(store)
    assert "扶手" not in str(facts_of(store))


def test_given_an_emergency_when_listed_then_it_is_refused(store):
    number = register(store)["number"]
    with pytest.raises(Conflict):
        do(store, needs.enter_need, ENTER, LISHAN, number=number, need="装扶手")


def test_given_a_meeting_when_it_decides_to_act_then_the_appeal_goes_on_with_a_feedback_clock_of_its_own(store):
    number = listed(store)["number"]
    view = decide(store, number)
    assert ("IN_PROGRESS", "DO", "王芳") == (
        view["state"],
        view["need"]["decision"],
        view["need"]["decided_by"]["name"],
    )
    assert LATER < view["due_at"] < view["need"]["meeting_by"]


def test_given_a_meeting_when_it_puts_the_need_off_then_the_appeal_is_due_on_that_day(store):
    number = listed(store)["number"]
    view = decide(store, number, decision="LATER", until="2024-10-10")
    assert ("2024-10-10", view["due_at"]) == (day(view), facts_of(store, "need_decided") and view["need"]["until"])


@pytest.mark.parametrize(
    ("field", "given"),
    [("until", {"decision": "LATER"}), ("reason", {"decision": "CANNOT"})],
)
def test_given_a_decision_that_tells_too_little_when_sent_then_the_field_says_why(field, given):
    assert [field] == list(DECIDE().validate({"number": "S" + "0" * 18, **given}))


def test_given_a_day_gone_by_when_decided_then_it_is_refused(store):
    number = listed(store)["number"]
    with pytest.raises(Invalid):
        decide(store, number, until="2024-07-12")


@pytest.mark.parametrize("who", [LISHAN, CHEN])
def test_given_who_does_not_hold_the_meeting_when_deciding_then_it_is_forbidden(store, who):
    number = register(store, CHEN, calm=True, channel="APP")["number"] if who is CHEN else listed(store)["number"]
    with pytest.raises(Forbidden):
        decide(store, number, who)


def test_given_a_need_decided_when_the_appeal_is_solved_then_it_is_met(store):
    number = listed(store)["number"]
    decide(store, number)
    solve(store, number, now=LATER)
    with stored(store, number) as appeal:
        assert ("need_met", LATER) == (names(store)[-1], appeal.needs[-1].met_at)


@pytest.mark.parametrize(("decision", "result"), [("CANNOT", "SOLVED"), ("DO", "EXPLAINED")])
def test_given_a_need_that_was_not_met_when_the_result_comes_then_nobody_says_so(store, decision, result):
    number = listed(store)["number"]
    decide(store, number, decision=decision, reason="不符合条件")
    solve(store, number, now=LATER, result_kind=result)
    assert "need_met" not in names(store)


def test_given_a_danger_noticed_while_listed_when_decided_then_its_clock_is_not_put_off(store):
    number = listed(store)["number"]
    raised = do(store, working.raise_urgency, RaiseUrgency, WANG, LATER, number=number, danger_flag="FALLING_OBJECT")
    view = decide(store, number, until="2024-10-10")
    assert (LATER + timedelta(hours=2), raised["due_at"]) == (raised["due_at"], view["due_at"])


def test_given_no_meeting_when_its_date_has_passed_then_that_stage_is_overdue(store):
    listed(store)
    with store.transaction() as session:
        overdue.raise_due(session, INTAKE, NOW + timedelta(days=40))
    stages = {fact["data"]["stage"] for fact in facts_of(store, "appeal_overdue")}
    assert "JOINT_MEETING" in stages
    assert "FEEDBACK" not in stages


def plain(store, number):
    given = {"number": number, "phone_tail": "0001"}
    with store.transaction() as session:
        return plainly.check_resident(session, INTAKE, given, NOW)


def test_given_each_step_of_a_need_when_who_asked_looks_then_it_is_told_in_plain_words(store):
    number = listed(store)["number"]
    waiting = plain(store, number)
    decide(store, number, until="2024-08-31")
    solve(store, number, now=LATER)
    told = [step["text"] for step in plain(store, number)["steps"]]
    need = ["当场办不了，列入需求清单", "联席会决定：办理，8月31日（周六）24:00前办好", "需求清单上的这一项已经办好"]
    assert ("8月5日（周一）24:00前开联席会研究", need) == (
        waiting["next_text"],
        [text for text in told if text in need],
    )


def test_given_what_cannot_be_done_when_who_asked_looks_then_the_reason_is_told(store):
    number = listed(store)["number"]
    decide(store, number, decision="CANNOT", reason="楼体结构不允许")
    assert "原因：楼体结构不允许" in [step["text"] for step in plain(store, number)["steps"]]


def heard(store, contract, handler, case, twice=True, **more):
    with stored(store, case) as appeal:
        known = {"appeal_id": str(appeal.id), "item": case} if "appeal_id" in contract().fields else {}
        event = hear(contract, {**known, **more})
    for _ in range(1 + twice):
        with store.transaction() as session:
            handler(session, INTAKE, event, LATER)


@pytest.mark.row("S3.2")
def test_given_a_need_on_an_agenda_when_heard_then_whoever_asked_is_told_the_day(store):
    number = listed(store)["number"]
    heard(store, ConferenceItemListed, needs.on_agenda, number, twice=False, held_at="2024-07-18T07:00:00Z")
    (fact,) = facts_of(store, "need_on_agenda")
    assert ("2024-07-18T07:00:00Z", "LISTED") == (fact["data"]["held_at"], fact["state"])


@pytest.mark.row("S3.2")
def test_given_a_meeting_s_decision_when_heard_twice_then_the_appeal_goes_on_once_to_its_day(store):
    number = listed(store)["number"]
    heard(store, ConferenceItemDecided, needs.conference_decided, number, decision="DO", until="2024-08-31")
    told = facts_of(store, "need_decided")
    assert [("IN_PROGRESS", "DO")] == [(fact["state"], fact["data"]["decision"]) for fact in told]


def test_given_a_consultation_s_conclusion_when_heard_then_the_need_waits_on(store):
    number = listed(store)["number"]
    heard(store, ConferenceItemDecided, needs.conference_decided, number, decision=None)
    with stored(store, number) as appeal:
        assert ("LISTED", []) == (appeal.state, facts_of(store, "need_decided"))


@pytest.mark.parametrize("over", [JointMeetingHeld, ConferenceCancelled])
def test_given_a_need_on_an_agenda_when_decided_beside_the_meeting_then_it_is_refused_until_the_meeting_is_over(
    store, over
):
    number, meeting = listed(store)["number"], ConferenceItemListed.example["number"]
    heard(store, ConferenceItemListed, needs.on_agenda, number, twice=False, kind="JOINT", number=meeting)
    with pytest.raises(Conflict) as refused:
        decide(store, number)
    heard(store, over, needs.meeting_over, number, number=meeting)
    assert (meeting, "IN_PROGRESS") == (refused.value.details["meeting"], decide(store, number)["state"])


def council_ended(store, number, outcome="NEED_LIST"):
    event = hear(CouncilItemEnded, {"outcome": outcome, "source_number": number})
    for _ in range(2):
        with store.transaction() as session:
            needs.council_listed(session, INTAKE, event, NOW)


@pytest.mark.row("S1.24")
@pytest.mark.parametrize(("outcome", "state"), [("NEED_LIST", "LISTED"), ("SOLVED", "IN_PROGRESS")])
def test_given_an_appeal_on_an_agenda_when_the_council_lists_it_then_it_waits_for_the_joint_meeting_once(
    store, outcome, state
):
    number = register(store, calm=True, category="other.advice")["number"]
    council_ended(store, number, outcome)
    with stored(store, number) as appeal:
        assert (state, state == "LISTED") == (appeal.state, len(facts_of(store, "need_listed")) == 1)


def test_given_an_emergency_on_an_agenda_when_the_council_lists_it_then_it_does_not_wait(store):
    council_ended(store, register(store)["number"])
    assert [] == facts_of(store, "need_listed")
