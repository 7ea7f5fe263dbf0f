"""What mediation and whistles bring about in an appeal when they end, in any order of their facts."""

from __future__ import annotations

from uuid import uuid4

import pytest

from chassis.errors import Conflict
from contracts.dispatch.whistles import WhistleBlown, WhistleCancelled, WhistleClosed
from contracts.mediation.cases import MediationCaseClosed, MediationCaseOpened, MediationTerminated
from services.intake import outcomes
from services.intake.tables import AppealWhistle
from tests.support.delivering import deliver
from tests.unit.intake.test_outcomes import LATER, case, in_mediation, whistle
from tests.unit.intake.world import facts_of, register, solve, state


def test_given_mediation_when_it_succeeds_then_the_result_is_solved_with_its_case_as_evidence(store):
    view = in_mediation(store)
    deliver(store, outcomes.mediation_case_opened, case(MediationCaseOpened, view), LATER)
    deliver(store, outcomes.mediation_case_closed, case(MediationCaseClosed, view, result="SUCCESS"), LATER)
    (fact,) = facts_of(store, "appeal_result_reported")
    assert ("SOLVED", 1) == (fact["data"]["result_kind"], fact["data"]["evidence_count"])
    assert "RESULT_REPORTED" == state(store, view["number"])


def test_given_mediation_when_closing_is_heard_before_opening_then_the_result_stands(store):
    view = in_mediation(store)
    deliver(store, outcomes.mediation_case_closed, case(MediationCaseClosed, view, result="SUCCESS"), LATER)
    deliver(store, outcomes.mediation_case_opened, case(MediationCaseOpened, view), LATER)
    assert "RESULT_REPORTED" == state(store, view["number"])


def test_given_mediation_when_it_goes_to_court_then_the_handler_has_it_back(store):
    view = in_mediation(store)
    deliver(store, outcomes.mediation_case_closed, case(MediationCaseClosed, view, result="TO_COURT"), LATER)
    assert "IN_PROGRESS" == state(store, view["number"])


def test_given_another_mediation_when_it_ends_then_this_case_waits_on(store):
    view = in_mediation(store)
    deliver(store, outcomes.mediation_case_opened, case(MediationCaseOpened, view), LATER)
    deliver(store, outcomes.mediation_terminated, case(MediationTerminated, view, str(uuid4())), LATER)
    assert "IN_MEDIATION" == state(store, view["number"])


def refused(store):
    view = in_mediation(store)
    event = case(MediationTerminated, view, reason="PARTY_REFUSED")
    deliver(store, outcomes.mediation_terminated, event, LATER)
    return view["number"]


@pytest.mark.parametrize("kind", ["SOLVED", "PARTLY"])
def test_given_a_refusal_to_mediate_when_reported_solved_then_it_is_a_conflict(store, kind):
    number = refused(store)
    with pytest.raises(Conflict, match="拒绝调解"):
        solve(store, number, result_kind=kind, now=LATER)


@pytest.mark.parametrize("kind", ["EXPLAINED", "CANNOT", "GUIDED"])
def test_given_a_refusal_to_mediate_when_explained_then_it_is_reported(store, kind):
    assert "RESULT_REPORTED" == solve(store, refused(store), result_kind=kind, now=LATER)["state"]


def test_given_two_whistles_when_both_are_over_then_the_case_comes_back(store):
    view, first, second = register(store), uuid4(), uuid4()
    seen = []
    for handle, contract, key in (
        (outcomes.whistle_blown, WhistleBlown, first),
        (outcomes.whistle_blown, WhistleBlown, second),
        (outcomes.whistle_over, WhistleClosed, first),
        (outcomes.whistle_over, WhistleCancelled, second),
    ):
        deliver(store, handle, whistle(contract, view, key), LATER)
        seen.append(state(store, view["number"]))
    assert ["WHISTLED", "WHISTLED", "WHISTLED", "IN_PROGRESS"] == seen


def test_given_a_whistle_when_its_end_is_heard_first_then_it_does_not_hold_the_case(store):
    view, key = register(store), uuid4()
    deliver(store, outcomes.whistle_over, whistle(WhistleClosed, view, key), LATER)
    deliver(store, outcomes.whistle_blown, whistle(WhistleBlown, view, key), LATER)
    assert "IN_PROGRESS" == state(store, view["number"])


def test_given_a_case_in_mediation_when_a_whistle_is_blown_then_it_only_counts(store):
    view, key = in_mediation(store), uuid4()
    deliver(store, outcomes.whistle_blown, whistle(WhistleBlown, view, key), LATER)
    with store.transaction() as session:
        assert [(key, False)] == [(row.whistle_id, row.over) for row in session.query(AppealWhistle)]
    assert "IN_MEDIATION" == state(store, view["number"])
