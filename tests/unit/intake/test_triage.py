"""Before work begins."""

from __future__ import annotations

import pytest

from chassis.errors import Conflict, Forbidden, Invalid, NotFound, VersionMismatch
from contracts import samples
from contracts.intake.triage import AcceptAppeal, AnswerAppeal, DeclineAppeal, DivertAppeal, SignAppeal
from services.intake import triage
from services.intake.tables import Deadline
from tests.unit.intake.world import (
    CHEN,
    ELSEWHERE,
    LISHAN,
    LIU,
    MA,
    OTHER,
    WANG,
    assign,
    do,
    facts_of,
    names,
    register,
    stored,
)


def waiting(store, **more):
    """An appeal a resident registered; nobody has taken it up."""
    return register(store, CHEN, channel="WEB", **more)["number"]


def accept(store, number, who=WANG, **more):
    return do(store, triage.accept_appeal, AcceptAppeal, who, number=number, **more)


def sign(store, number, who=LISHAN):
    return do(store, triage.sign_appeal, SignAppeal, who, number=number)


def test_given_a_waiting_appeal_when_the_community_accepts_then_it_has_a_lead_unit(store):
    view = accept(store, waiting(store))
    assert ("ACCEPTED", "yinhong") == (view["state"], view["lead_unit"])
    assert "appeal_accepted" == names(store)[-1]


def test_given_an_accepted_appeal_when_assigned_and_signed_then_it_is_in_progress(store):
    number = waiting(store)
    accept(store, number)
    assert "ASSIGNED" == assign(store, number)["state"]
    view = sign(store, number)
    assert ("IN_PROGRESS", LISHAN.id) == (view["state"], view["handler"]["id"])
    assert ["appeal_assigned", "appeal_signed"] == names(store)[-2:]


def test_given_an_assignment_when_told_then_it_carries_the_deadline(store):
    number = waiting(store)
    accept(store, number)
    view = assign(store, number)
    (fact,) = facts_of(store, "appeal_assigned")
    assert view["due_at"].isoformat().replace("+00:00", "Z") == fact["data"]["due_at"]


def test_given_an_assignment_when_somebody_else_signs_then_it_is_forbidden(store):
    number = waiting(store)
    accept(store, number)
    assign(store, number)
    with pytest.raises(Forbidden):
        sign(store, number, MA)


def test_given_a_case_in_progress_when_reassigned_then_the_clock_does_not_start_anew(store):
    before = register(store)
    after = assign(store, before["number"], to=MA)
    assert ("ASSIGNED", MA.id, before["due_at"]) == (after["state"], after["handler"]["id"], after["due_at"])


def test_given_a_handler_without_post_when_assigned_then_it_is_invalid(store):
    number = register(store)["number"]
    with pytest.raises(Invalid):
        assign(store, number, to=OTHER)


@pytest.mark.rule("4")
def test_given_another_community_when_accepting_then_there_is_no_such_case(store):
    number = waiting(store)
    with pytest.raises(NotFound) as unseen:
        accept(store, number, OTHER)
    with pytest.raises(NotFound) as unknown:
        accept(store, samples.APPEAL_NO, OTHER)
    assert str(unknown.value) == str(unseen.value)
    assert [{"number": number}, {"number": samples.APPEAL_NO}] == [unseen.value.details, unknown.value.details]


def test_given_the_street_above_when_accepting_then_it_may(store):
    assert "ACCEPTED" == accept(store, waiting(store), LIU)["state"]


def test_given_an_accepted_appeal_when_accepted_again_then_the_conflict_names_the_states(store):
    number = waiting(store)
    accept(store, number)
    with pytest.raises(Conflict) as refusal:
        accept(store, number)
    assert ("ACCEPTED", ["REGISTERED"]) == (refusal.value.details["state"], refusal.value.details["allowed_states"])


def test_given_an_old_version_when_accepting_then_it_is_refused_and_nothing_changes(store):
    number = waiting(store)
    with pytest.raises(VersionMismatch):
        accept(store, number, expected_version=7)
    with stored(store, number) as appeal:
        assert ("REGISTERED", 1) == (appeal.state, appeal.version)


def test_given_an_unknown_number_when_accepting_then_it_is_not_found(store):
    with pytest.raises(NotFound):
        accept(store, "S202407050101000010")


def test_given_a_question_when_answered_on_the_spot_then_it_ends_answered(store):
    number = register(store, nature="CONSULT", calm=True)["number"]
    view = do(store, triage.answer_appeal, AnswerAppeal, LISHAN, number=number, answer_text="周一至周五办理")
    assert ("ANSWERED", "周一至周五办理", []) == (view["state"], view["result_text"], view["allowed_commands"])
    assert "appeal_answered" == names(store)[-1]


def test_given_a_complaint_when_answered_on_the_spot_then_it_is_a_conflict(store):
    number = register(store, nature="COMPLAINT")["number"]
    with pytest.raises(Conflict):
        do(store, triage.answer_appeal, AnswerAppeal, LISHAN, number=number)


def test_given_a_waiting_appeal_when_diverted_then_the_way_is_told(store):
    number = waiting(store)
    view = do(store, triage.divert_appeal, DivertAppeal, WANG, number=number)
    assert ("DIVERTED", "LITIGATION", "COURT") == (view["state"], view["reason_code"], view["where_to_go"])
    (fact,) = facts_of(store, "appeal_diverted")
    assert ("LITIGATION", "COURT") == (fact["data"]["reason_code"], fact["data"]["where_to_go_code"])


def test_given_a_waiting_appeal_when_declined_then_the_reason_is_told_and_no_clock_runs(store):
    number = waiting(store)
    view = do(store, triage.decline_appeal, DeclineAppeal, WANG, number=number)
    assert ("DECLINED", "NO_FACTS") == (view["state"], view["reason_code"])
    assert "NO_FACTS" == facts_of(store, "appeal_declined")[0]["data"]["reason_code"]
    with store.transaction() as session:
        assert [] == [row for row in session.query(Deadline) if row.is_open]


@pytest.mark.parametrize("operation", ["divert_appeal", "decline_appeal"])
def test_given_a_case_in_progress_when_sent_away_then_it_is_a_conflict(store, operation):
    number = register(store)["number"]
    contract = {"divert_appeal": DivertAppeal, "decline_appeal": DeclineAppeal}[operation]
    with pytest.raises(Conflict):
        do(store, getattr(triage, operation), contract, LISHAN, number=number)


def test_given_a_wrong_window_when_the_grid_worker_accepts_then_the_window_stays_first_responder(store):
    from tests.unit.intake.world import WINDOW

    number = register(store, WINDOW)["number"]
    view = accept(store, number, LISHAN)
    assert (WINDOW.id, "yinhong") == (view["first_responder"]["id"], view["lead_unit"])
    assert ELSEWHERE not in view["area_path"]
