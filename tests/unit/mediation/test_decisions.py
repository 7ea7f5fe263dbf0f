"""四议两公开 and 四民: strict stages, a quorum each, two publications, and the residents' word at the end."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from chassis.errors import Conflict, Invalid
from services.mediation import decisions
from services.mediation.rules import rules
from tests.support.events import names_said
from tests.unit.mediation.meeting import QINGHE, decision, do, moment, tick
from tests.unit.mediation.people import NOW

FOUR_TWO = ["PROPOSED", "DISCUSSED", "EXAMINED", "DECIDED"]
OVER = NOW + timedelta(days=10)
MEETING = ("entitled", "attended", "yes", "no", "abstain")


@pytest.fixture
def store(world):
    return world.store


def seen(store, number):
    return do(store, "get_decision", number=number)


def publish(store, number, stage, now=NOW):
    do(store, "publish_stage", number=number, stage=stage, now=now)
    tick(store, decisions.end_decision_publications, now + timedelta(days=10))


@pytest.mark.row("S3.12")
def test_given_every_stage_passed_in_order_when_both_publications_are_over_then_it_is_closed(store):
    number = decision(store, *FOUR_TWO)
    publish(store, number, "DECISION_PUBLISHED")
    do(store, "report_decision_work", number=number, stage="IMPLEMENTED", now=OVER)
    publish(store, number, "RESULT_PUBLISHED", OVER)
    found = seen(store, number)
    until = [each["until"] for each in found["history"] if each["until"]]
    assert ("CLOSED", 7, 2) == (found["state"], len(found["history"]), len(until))
    assert timedelta(days=7) <= moment(until[0]) - NOW
    with store.transaction() as session:
        assert "decision_closed" == names_said(session)[-1]


@pytest.mark.row("S3.12")
@pytest.mark.parametrize("stage", ["DISCUSSED", "EXAMINED", "DECIDED", "DECISION_PUBLISHED", "IMPLEMENTED"])
def test_given_the_first_stage_when_a_later_one_is_held_then_the_conflict_names_the_present_one(store, stage):
    number = decision(store)
    with pytest.raises(Conflict) as refused:
        do(store, "hold_stage", number=number, stage=stage)
    assert "PROPOSED" == refused.value.details["stage"]


@pytest.mark.row("S3.12")
@pytest.mark.parametrize(
    ("votes", "stage"),
    [
        ((30, 20, 16, 4, 0), "DECIDED"),
        ((30, 19, 19, 0, 0), "DISCUSSED"),
        ((30, 30, 15, 0, 15), "DISCUSSED"),
        ((3, 2, 2, 0, 0), "DECIDED"),
    ],
)
def test_given_the_party_meeting_when_two_thirds_came_and_more_than_half_of_all_agreed_then_it_passes_else_goes_back(
    store, votes, stage
):
    number = decision(store, "PROPOSED", "DISCUSSED")
    found = do(store, "hold_stage", number=number, stage="EXAMINED", **dict(zip(MEETING, votes, strict=True)))
    outcome = "PASSED" if stage == "DECIDED" else "FAILED"
    assert (stage, outcome) == (found["stage"], found["history"][-1]["outcome"])


def test_given_a_failed_stage_when_it_passes_later_then_both_tries_stand_in_the_history(store):
    number = decision(store, "PROPOSED")
    do(store, "hold_stage", number=number, stage="DISCUSSED", yes=3)
    for stage in FOUR_TWO[:2]:
        do(store, "hold_stage", number=number, stage=stage)
    outcomes = [each["outcome"] for each in seen(store, number)["history"]]
    assert ["PASSED", "FAILED", "PASSED", "PASSED"] == outcomes


def test_given_an_objection_when_unanswered_then_it_waits_and_upheld_it_goes_back(store):
    number = decision(store, *FOUR_TWO)
    do(store, "publish_stage", number=number, stage="DECISION_PUBLISHED")
    do(store, "object_to_decision", number=number)
    tick(store, decisions.end_decision_publications, OVER)
    waiting = seen(store, number)
    (objection,) = waiting["objections"]
    answered = do(store, "answer_decision_objection", number=number, objection_id=objection["id"], upheld=True)
    assert ("PUBLISHED", "MEETING", "DECIDED", "SENT_BACK") == (
        waiting["state"], answered["state"], answered["stage"], answered["history"][-1]["outcome"]
    )  # fmt: skip
    assert timedelta(days=3) <= moment(objection["due_at"]) - NOW < timedelta(days=5)


@pytest.mark.row("S1.29")
@pytest.mark.parametrize(("satisfied", "state"), [(36, "CLOSED"), (19, "WORK")])
def test_given_the_four_by_people_when_the_residents_judge_then_it_is_closed_or_done_again(store, satisfied, state):
    number = decision(store, "RAISED", "TALKED", "DECIDED", template="FOUR_BY_PEOPLE")
    do(store, "report_decision_work", number=number, stage="IMPLEMENTED")
    before = seen(store, number)
    after = do(store, "review_decision", number=number, stage="JUDGED", satisfied=satisfied)
    assert ("REVIEW", state) == (before["state"], after["state"])


@pytest.mark.parametrize(("field", "votes"), [("attended", {"attended": 31}), ("yes", {"yes": 21})])
def test_given_numbers_that_cannot_be_when_held_then_the_field_says_so(store, field, votes):
    with pytest.raises(Invalid) as refused:
        do(store, "hold_stage", number=decision(store), stage="PROPOSED", **votes)
    assert [field] == list(refused.value.details["fields"])


def test_given_a_template_nobody_has_when_proposed_then_those_there_are_are_named(store):
    with pytest.raises(Invalid) as refused:
        decision(store, template="NONE")
    assert "FOUR_TWO" in refused.value.details["fields"]["template"][0]


def test_given_another_district_s_template_when_its_pack_is_used_then_it_runs_without_code(store, monkeypatch):
    monkeypatch.setenv("POLICY_PACK", "jinan-like")
    number = decision(store, "PROPOSED", "RESOLVED", template="VILLAGE")
    publish(store, number, "PUBLISHED")
    assert ("村级民主议事", "CLOSED") == (seen(store, number)["template_name"], seen(store, number)["state"])


def test_given_a_running_decision_when_the_template_changes_then_it_keeps_its_own(store, monkeypatch):
    number = decision(store)
    monkeypatch.setenv("POLICY_PACK", "jinan-like")
    assert "DISCUSSED" == do(store, "hold_stage", number=number, stage="PROPOSED")["stage"]


COUNTS = some.sampled_from([(30, 20), (30, 19), (30, 30), (30, 15), (30, 14), (3, 2), (1, 1), (1, 0)])
"""Entitled and present, about the quorums of a half and of two thirds."""
MEETINGS = [stage for template in rules(NOW).pack.value(decisions.TEMPLATES).values()
            for stage in template["stages"] if stage["kind"] == "MEETING"]  # fmt: skip


def parts(share):
    above, _, below = str(share).partition("/")
    return int(above), int(below or 1)


@given(some.sampled_from(MEETINGS), some.integers(1, 60), some.integers(0, 30), some.integers(0, 10))
def test_given_any_meeting_when_it_passes_then_its_quorum_was_there_and_its_majority_agreed(stage, entitled, away, no):
    attended = max(entitled - away, 0)
    yes = max(attended - no, 0)
    of = {"ENTITLED": entitled, "PRESENT": attended}[stage["of"]]
    (least, whole), (more, than) = (parts(stage[share]) for share in ("quorum", "majority"))
    expected = attended * whole >= least * entitled and yes * than > more * of
    figures = {"entitled": entitled, "attended": attended, "yes": yes, "no": attended - yes, "abstain": 0}
    assert expected == decisions.passes(stage, **figures)


WHICH = some.sampled_from(["NOW", "NOW", "NOW", "NEXT", "LAST"])
TRIES = some.lists(some.tuples(WHICH, COUNTS, some.sampled_from([60, 60, 60, 16, 15, 10, 0])), max_size=25)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TRIES)
def test_given_any_tries_when_stages_pass_then_they_do_so_in_order_each_with_its_quorum(store, tries):
    number = decision(store)
    stages = [each["code"] for each in rules(NOW).pack.value(decisions.TEMPLATES)["FOUR_TWO"]["stages"]]
    at = 0
    for which, (entitled, present), yes in tries:
        if at >= len(FOUR_TWO):
            break
        asked = {"NOW": at, "NEXT": at + 1, "LAST": len(stages) - 1}[which]
        votes = {"entitled": entitled, "attended": present, "yes": min(yes, present), "no": 0, "abstain": 0}
        try:
            do(store, "hold_stage", number=number, stage=stages[asked], **votes)
        except Conflict:
            assert asked != at
            continue
        assert asked == at
        need = Fraction(2, 3) if stages[at] == "EXAMINED" else Fraction(1, 2)
        of = present if stages[at] == "DECIDED" else entitled
        passed = present >= need * entitled and min(yes, present) > Fraction(of, 2)
        at = at + 1 if passed else max(at - 1, 0)
        assert stages[at] == seen(store, number)["stage"]


def test_given_a_stairwell_when_it_goes_its_four_steps_then_in_their_order_and_none_is_left_out(store):
    number = decision(store, template="STAIRWELL", subject="1号楼1单元", area_path=f"{QINGHE}.g1")
    with pytest.raises(Conflict):
        do(store, "report_decision_work", number=number, stage="CIVIL")
    for stage in ("CLEAN", "BEAUTIFUL", "CIVIL", "HARMONIOUS"):
        do(store, "report_decision_work", number=number, stage=stage)
    passed = [each["name"] for each in seen(store, number)["history"]]
    assert ("CLOSED", ["洁净楼门", "美化楼门", "文明楼门", "和谐楼门"]) == (seen(store, number)["state"], passed)


def test_given_the_policy_when_the_ways_of_deciding_are_listed_then_each_names_its_stages_in_order(store):
    items = do(store, "list_decision_templates")["items"]
    assert {"FOUR_TWO", "FOUR_BY_PEOPLE", "STAIRWELL"} == {each["code"] for each in items}
    stairwell = next(each for each in items if each["code"] == "STAIRWELL")
    assert ["洁净楼门", "美化楼门", "文明楼门", "和谐楼门"] == [
        name for each in stairwell["stages"] if (name := each["name"])[-2:] == "楼门"
    ]
