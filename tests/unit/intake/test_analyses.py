"""Once a month a community's figures are gathered; people conclude, and everybody reads the minutes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from chassis.errors import Conflict, Forbidden, NotFound
from contracts import registry
from services.intake import analyses
from tests.unit.intake.campaigning import do
from tests.unit.intake.world import CHEN, COMMUNITY, INTAKE, LISHAN, NOW, WANG, ZHANG, facts_of, names, register

AUGUST = NOW + timedelta(days=30)
CALM = {"calm": True}
SAID = {"conclusions": "下水堵塞较多，下月集中疏通", "attended": 9}


def reported(store, count=6, now=NOW, **more):
    for _ in range(count):
        register(store, LISHAN, now, **{**CALM, **more})


def opened(store, now=AUGUST):
    with store.transaction() as session:
        analyses.open_month(session, INTAKE, now)
    return [fact["data"]["number"] for fact in facts_of(store, "analysis_opened")]


def figure(name, count, before):
    return {"name": name, "count": count, "before": before, "change": f"{count - before:+d}"}


def test_given_the_life_when_compared_then_the_arrows_are_the_told_ones():
    told = {("OPEN", "record_analysis", "HELD"), ("HELD", "publish_analysis", "PUBLISHED")}
    assert told == {(str(source), name, str(target)) for source, name, target in analyses.LIFE.arrows()}


@pytest.mark.row("S1.23")
@pytest.mark.row("S2.22")
def test_given_two_months_when_the_next_begins_then_figures_stand_by_category_and_grid_against_the_month_before(store):
    reported(store, 2, NOW - timedelta(days=10))
    reported(store, 6)
    reported(store, 1, category="other.advice")
    (number,) = opened(store)
    view = do(store, "get_analysis", WANG, AUGUST, number=number)
    expected = [figure("housing.drain.blocked", 6, 2), figure("other.advice", 1, 0)]
    assert ("2024-07", expected, [figure("第3网格", 7, 2)], "role:COMMUNITY") == (
        view["month"], view["categories"], view["grids"], facts_of(store, "analysis_opened")[0]["waits"],
    )  # fmt: skip


def test_given_many_timers_when_they_tick_at_once_then_it_is_opened_once(store):
    reported(store, 1)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: opened(store), range(8)))
    assert 1 == names(store).count("analysis_opened")


def test_given_a_month_without_appeals_when_it_is_over_then_there_is_nothing_to_analyse(store):
    assert [] == opened(store)


def board(store):
    return do(store, "list_minutes", CHEN, AUGUST, area_path=COMMUNITY)["items"]


@pytest.mark.row("S1.23")
def test_given_conclusions_when_published_then_everybody_reads_them_without_small_figures(store):
    reported(store, 6)
    reported(store, 1, category="other.advice")
    (number,) = opened(store)
    do(store, "record_analysis", WANG, AUGUST, number=number, **SAID)
    before = board(store)
    do(store, "publish_analysis", WANG, AUGUST, number=number)
    (minutes,) = board(store)
    shown = [each["name"] for each in minutes["shown"]]
    assert ([], SAID["conclusions"], ["housing.drain.blocked"], False) == (
        before, minutes["conclusions"], shown, "grids" in minutes,
    )  # fmt: skip


def test_given_a_telephone_in_the_conclusions_when_recorded_then_the_field_refuses_it():
    command = registry.command("intake", "record_analysis")
    wrong = command().validate({"number": "B" + "0" * 18, "conclusions": "请打13900000001", "attended": 3})
    assert "conclusions" in wrong


@pytest.mark.parametrize(("who", "error"), [(LISHAN, Forbidden), (CHEN, NotFound)])
def test_given_who_does_not_hold_the_meeting_when_recording_then_it_is_refused(store, who, error):
    reported(store, 1)
    (number,) = opened(store)
    with pytest.raises(error):
        do(store, "record_analysis", who, AUGUST, number=number, **SAID)


def test_given_minutes_not_held_when_published_then_it_is_a_conflict(store):
    reported(store, 1)
    (number,) = opened(store)
    with pytest.raises(Conflict):
        do(store, "publish_analysis", ZHANG, AUGUST, number=number)
