"""Small quarrels are settled on the spot; what fails is a case of the community at once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from chassis.errors import Conflict, Forbidden
from services.mediation.tables import Base, Case
from tests.support.events import names_said, said
from tests.unit.mediation.listing import QUICK, furnish, quick
from tests.unit.mediation.people import LISHAN, STAIRWELL, STEWARD, WANG
from tests.unit.mediation.receiving import do


@pytest.fixture
def store(database):
    return database(Base.metadata)


def cases(store):
    with store.transaction() as session:
        return [(one.origin, one.state, one.mediation_number) for one in session.scalars(select(Case))]


@pytest.mark.row("S2.13", "S1.30")
def test_given_a_small_quarrel_when_settled_on_the_spot_then_one_record_and_no_case(store):
    number = quick(store)
    shown = do(store, "get_quick_mediation", WANG, number=number)
    assert ("SETTLED", LISHAN.id, []) == (shown["state"], shown["maker"]["id"], cases(store))


@pytest.mark.row("S2.13", "S1.30")
def test_given_a_quarrel_that_does_not_settle_when_recorded_then_the_community_has_a_case_and_the_ledger_an_entry(
    store,
):
    number = quick(store, settled=False)
    shown = do(store, "get_quick_mediation", WANG, number=number)
    assert [("GRID", "ACCEPTED", shown["mediation_number"])] == cases(store)
    with store.transaction() as session:
        assert {"quick_mediation_handed_on", "mediation_case_opened", "dispute_listed"} <= set(names_said(session))


@pytest.mark.row("S1.30")
def test_given_a_settled_quarrel_that_breaks_out_again_when_handed_on_then_it_becomes_a_case_once(store):
    number = quick(store)
    do(store, "hand_on_quick_mediation", WANG, number=number)
    with pytest.raises(Conflict):
        do(store, "hand_on_quick_mediation", LISHAN, number=number)
    assert ["FOUND"] == [origin for origin, _, _ in cases(store)]


@pytest.mark.row("S4.22")
def test_given_a_steward_when_a_quarrel_at_her_door_settles_on_the_spot_then_she_is_its_mediator(store):
    furnish(store)
    number = do(store, "record_quick_mediation", STEWARD, **QUICK)["number"]
    shown = do(store, "get_quick_mediation", STEWARD, number=number)
    assert ("SETTLED", STEWARD.id) == (shown["state"], shown["maker"]["id"])


@pytest.mark.row("S4.22")
def test_given_a_steward_when_it_does_not_settle_then_the_community_has_a_case(store):
    furnish(store)
    shown = do(store, "record_quick_mediation", STEWARD, **{**QUICK, "settled": False})
    assert ("HANDED_ON", [("FOUND", "ACCEPTED", shown["mediation_number"])]) == (shown["state"], cases(store))


def test_given_a_party_of_the_quarrel_when_handing_it_on_then_forbidden(store):
    furnish(store)
    with pytest.raises(Forbidden):
        do(store, "record_quick_mediation", STEWARD, **{**QUICK, "respondent": {"name": "肖兰"}, "settled": False})
    assert [] == cases(store)


@pytest.mark.row("S4.22")
def test_given_a_steward_of_another_door_when_recorded_there_then_forbidden(store):
    furnish(store)
    with pytest.raises(Forbidden):
        do(store, "record_quick_mediation", STEWARD, **{**QUICK, "area_path": f"{STAIRWELL[:-1]}9"})


def test_given_another_grid_when_recorded_there_then_forbidden(store):
    furnish(store)
    elsewhere = STAIRWELL.replace(".g3.", ".g1.")
    with pytest.raises(Forbidden):
        do(store, "record_quick_mediation", LISHAN, **{**QUICK, "area_path": elsewhere})


def test_given_what_was_said_when_told_then_no_event_names_anybody(store):
    quick(store, settled=False)
    with store.transaction() as session:
        told = str(said(session))
    assert [] == [word for word in ("何大勇", "田二喜", "停车位") if word in told]
