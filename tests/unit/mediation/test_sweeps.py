"""Two sweeps and one analysis: begun by the month, counted beside the month before."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from services.mediation import sweeps
from services.mediation.tables import Analysis, Base, Sweep
from tests.support.events import said
from tests.unit.mediation.listing import FOUND, furnish, swept
from tests.unit.mediation.people import COMMUNITY, ELSEWHERE, LISHAN, WANG
from tests.unit.mediation.receiving import SERVICE, do

AUGUST = datetime.fromisoformat("2024-08-01T08:00:00+08:00")
JUNE, JULY = AUGUST - timedelta(days=40), AUGUST - timedelta(days=10)


@pytest.fixture
def store(database):
    return database(Base.metadata)


def tick(store, now=AUGUST):
    with store.transaction() as session:
        sweeps.each_month(session, SERVICE, now)


def of_place(store, model):
    with store.transaction() as session:
        return session.scalars(select(model.case_number).where(model.area_path == COMMUNITY)).all()


@pytest.mark.row("S4.10")
def test_given_a_new_month_when_the_timer_runs_twice_then_one_sweep_and_one_analysis_of_each_place(store):
    furnish(store)
    tick(store)
    tick(store)
    assert (1, 1) == (len(of_place(store, Sweep)), len(of_place(store, Analysis)))


@pytest.mark.row("S4.10")
def test_given_a_focused_sweep_when_finished_then_it_says_how_many_disputes_it_found(store):
    number = swept(store)
    for _ in range(2):
        do(store, "enter_dispute", LISHAN, **FOUND, sweep_number=number)
    do(store, "finish_sweep", WANG, number=number, conclusion="两户装修扰邻，已列入清单")
    with store.transaction() as session:
        assert [("FOCUSED", 2)] == [
            (one["data"]["kind"], one["data"]["found"]) for one in said(session, "sweep_finished")
        ]


@pytest.mark.row("S4.10")
def test_given_two_months_when_analysed_then_types_and_grids_stand_beside_the_month_before(store):
    furnish(store)
    for moment, kind in (
        (JUNE, "NEIGHBOUR"),
        (JUNE, "DEBT"),
        (JULY, "NEIGHBOUR"),
        (JULY, "NEIGHBOUR"),
        (JULY, "FAMILY"),
    ):
        do(store, "enter_dispute", LISHAN, moment, **{**FOUND, "dispute_type": kind})
    tick(store)
    (number,) = of_place(store, Analysis)
    shown = do(store, "get_dispute_analysis", WANG, AUGUST, number=number)
    rows = [(row["what"], row["before"], row["now"], row["change"]) for row in shown["trends"]]
    assert ("2024-07-01", 3, 0) == (shown["month"], shown["entered"], shown["struck_off"])
    assert [
        ("婚姻家庭", 0, 1, "增1"),
        ("邻里纠纷", 1, 2, "增1"),
        ("借贷纠纷", 1, 0, "减1"),
        (f"{COMMUNITY}.g3", 2, 3, "增1"),
    ] == rows


def test_given_an_analysis_when_concluded_then_the_trend_is_published_with_who_says_so(store):
    furnish(store)
    tick(store)
    (number,) = of_place(store, Analysis)
    shown = do(store, "conclude_analysis", WANG, AUGUST, number=number, conclusion="邻里噪声增多，入户宣讲")
    with store.transaction() as session:
        published = [one["data"]["number"] for one in said(session, "dispute_trend_published")]
    assert ("CONCLUDED", WANG.id, [number]) == (shown["state"], shown["concluded_by"]["id"], published)


@pytest.mark.row("S4.10")
@pytest.mark.parametrize(("who", "found"), [(LISHAN, True), (ELSEWHERE, False)], ids=["grid in it", "elsewhere"])
def test_given_a_sweep_of_a_community_when_listed_then_the_grids_in_it_find_what_to_look_for(store, who, found):
    number = swept(store)
    listed = [row["number"] for row in do(store, "list_sweeps", who)["items"]]
    assert found == (number in listed)


def test_given_a_sweep_finished_before_its_time_when_its_time_comes_then_nobody_is_reminded_of_it(store):
    number = swept(store)
    shown = do(store, "finish_sweep", WANG, number=number, conclusion="未查出")
    with store.transaction() as session:
        sweeps.LIFE.warn(session, SERVICE, AUGUST)
        assert (None, []) == (shown["due_at"], said(session, "mediation_deadline_approaching"))
