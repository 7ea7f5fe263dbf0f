"""A plan brings a patrol on its days; all points seen and all that is found raised, it is done, else it is missed."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from services.intake.patrol_plans import LIFE as PLANS
from services.intake.patrol_plans import PatrolPlan, drawn
from services.intake.patrols import LIFE
from tests.unit.intake import campaigning as at
from tests.unit.intake import patrolling as walk
from tests.unit.intake.campaigning import GE, QINYUAN, YU, ZOU
from tests.unit.intake.patrolling import DAY, MONDAY, POINTS, do
from tests.unit.intake.world import STRANGER, facts_of, names

ARROWS = """
OPEN record_patrol OPEN | MISSED record_patrol MISSED | OPEN patrol_to_appeal OPEN | MISSED patrol_to_appeal MISSED
OPEN patrol_to_hazard OPEN | MISSED patrol_to_hazard MISSED | OPEN settled DONE | MISSED settled DONE
OPEN missed MISSED | OPEN call_off_patrol CALLED_OFF
"""
PLAN_ARROWS = "ACTIVE end_patrol_plan ENDED"


def told(arrows):
    return {tuple(arrow.split()) for line in arrows.strip().splitlines() for arrow in line.split("|")}


@pytest.fixture
def place(store):
    with store.transaction() as session:
        at.furnish(session)
    return store


@pytest.mark.parametrize(("life", "arrows"), [(LIFE, ARROWS), (PLANS, PLAN_ARROWS)])
def test_given_the_life_when_compared_with_the_told_one_then_the_arrows_are_the_same(life, arrows):
    assert told(arrows) == {(str(source), name, str(target)) for source, name, target in life.arrows()}


@pytest.mark.row("S2.12")
def test_given_a_plan_when_twenty_timers_tick_at_once_then_there_is_one_patrol_for_who_holds_the_post(place):
    walk.plan(place)
    threads = [Thread(target=walk.tick, args=(place,)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (number,) = walk.numbers(place)
    patrol, (told,) = do(place, "get_patrol", number=number), facts_of(place, "patrol_opened")
    assert ([ZOU.id], patrol["walkers"]) == ([one["id"] for one in told["data"]["walkers"]], told["data"]["walkers"])
    assert ([ZOU.id], POINTS) == ([one["id"] for one in patrol["walkers"]], [one["name"] for one in patrol["points"]])


def test_given_a_plan_when_it_is_early_or_another_day_then_no_patrol_is_opened(place):
    walk.plan(place, MONDAY - 3 * DAY, from_day="2024-07-08")
    for now in (MONDAY - timedelta(hours=3), MONDAY + DAY):
        walk.tick(place, now)
    assert [] == walk.numbers(place)


@pytest.mark.parametrize(
    ("rhythm", "days"),
    [({"weekdays": ["MONDAY", "THURSDAY"]}, [8, 11, 15, 18]), ({"every_days": 4, "weekdays": []}, [8, 12, 16, 20])],
)
def test_given_a_regular_plan_when_two_weeks_pass_then_it_falls_on_its_days(rhythm, days):
    plan = PatrolPlan(**{"weekdays": [], "every_days": None, **rhythm}, from_day=date(2024, 7, 8))
    assert days == [day for day in range(1, 21) if plan.falls_on(date(2024, 7, day))]


@given(st.text(min_size=1), st.dates(date(2024, 1, 1), date(2100, 1, 1)), st.integers(1, 20))
def test_given_irregular_days_when_drawn_twice_then_they_are_the_same_and_as_many_as_planned(secret, day, times):
    days = drawn(secret, day, times)
    again = drawn(secret, day.replace(day=1), times)
    assert (days, times, {day.month}) == (again, len(set(days)), {one.month for one in days})


@pytest.mark.row("S2.12")
def test_given_an_irregular_plan_when_read_by_anybody_then_nothing_tells_its_days_before(place):
    number = walk.plan(place, weekdays=[], times_a_month=4)
    with place.transaction() as session:
        secret = session.query(PatrolPlan.draw).scalar()
    shown = [str(do(place, "get_patrol_plan", who, number=number)) for who in (GE, ZOU, at.STREET_OFFICER)]
    assert (False, 32) == (any(secret in each for each in [*shown, str(facts_of(place))]), len(secret))


def test_given_residents_and_others_when_asking_for_a_patrol_then_it_is_not_found(place):
    number = walk.opened(place)
    for who in (STRANGER, YU, at.STEWARD):
        with pytest.raises(NotFound):
            do(place, "get_patrol", who, number=number)
    assert [] == do(place, "list_patrols", STRANGER)["items"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"weekdays": []}, "weekdays"), ({"every_days": 3}, "weekdays"), ({"area_path": QINYUAN}, "area_path"),
        ({"from_day": "2024-07-01"}, "from_day"),
    ],
)  # fmt: skip
def test_given_a_plan_that_cannot_be_when_sent_then_the_field_says_why(place, asked, field):
    with pytest.raises(Invalid) as refused:
        walk.plan(place, **asked)
    assert [field] == list(refused.value.details["fields"])


@pytest.mark.row("S2.12")
def test_given_something_found_when_raised_then_the_patrol_is_done_and_keeps_the_number(place):
    number = walk.opened(place)
    do(place, "record_patrol", number=number, open_points=POINTS[1:])
    do(place, "record_patrol", number=number, open_points=POINTS[:1], result="FOUND", note="堆着纸箱")
    waiting = do(place, "get_patrol", number=number)["state"]
    done = do(place, "patrol_to_hazard", number=number, found_point=POINTS[0])
    raised = [fact["data"]["raised"] for fact in facts_of(place, "patrol_led_to")]
    assert ("OPEN", "DONE", [done["points"][0]["came_of"]], True) == (
        waiting, done["state"], raised, "hazard_reported" in names(place),
    )  # fmt: skip


def test_given_something_found_when_raised_as_an_appeal_then_its_source_is_proactive(place):
    number = walk.opened(place)
    do(place, "record_patrol", number=number, open_points=POINTS[:1], result="FOUND", note="老人独居")
    patrol = do(place, "patrol_to_appeal", number=number, found_point=POINTS[0])
    assert "PROACTIVE" == do(place, "get_appeal", number=patrol["points"][0]["came_of"])["source"]


def test_given_a_point_nobody_has_recorded_when_raised_then_it_is_recorded_in_the_same_step(place):
    number = walk.opened(place)
    patrol = do(place, "patrol_to_hazard", number=number, found_point=POINTS[0])
    point = patrol["points"][0]
    assert ("FOUND", "台阶断裂", "1/6") == (point["result"], point["note"], patrol["progress"])
    with pytest.raises(Invalid):
        do(place, "patrol_to_hazard", number=number, found_point=POINTS[0])


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"open_points": ["没有这一项"]}, "open_points"), ({"open_points": POINTS[:1]}, "open_points"),
        ({"open_points": POINTS[1:2], "result": "FOUND"}, "note"),
    ],
)  # fmt: skip
def test_given_a_point_unknown_or_seen_or_unexplained_when_recorded_then_the_field_says_why(place, asked, field):
    number = walk.opened(place)
    do(place, "record_patrol", number=number, open_points=POINTS[:1])
    with pytest.raises(Invalid) as refused:
        do(place, "record_patrol", number=number, **asked)
    assert [field] == list(refused.value.details["fields"])


@pytest.mark.row("S2.12")
def test_given_a_day_that_ends_when_the_patrol_is_open_then_it_is_missed_once_and_may_be_made_up_for(place):
    number = walk.opened(place)
    for _ in range(2):
        walk.end(place, MONDAY + DAY)
    missed = do(place, "get_patrol", number=number)["state"]
    done = do(place, "record_patrol", now=MONDAY + DAY, number=number, open_points=POINTS)
    assert ("MISSED", 1, "DONE", True) == (missed, names(place).count("patrol_missed"), done["state"], done["late"])


def test_given_a_patrol_long_past_when_recorded_then_it_is_too_late(place):
    number = walk.opened(place)
    walk.end(place, MONDAY + DAY)
    with pytest.raises(Conflict):
        do(place, "record_patrol", now=MONDAY + 9 * DAY, number=number, open_points=POINTS)


def test_given_a_patrol_called_off_when_the_day_ends_then_it_is_not_missed(place):
    number = walk.opened(place)
    do(place, "call_off_patrol", GE, number=number)
    walk.end(place, MONDAY + DAY)
    assert "CALLED_OFF" == do(place, "get_patrol", number=number)["state"]


def test_given_an_ended_plan_when_its_day_comes_then_no_patrol_is_opened(place):
    do(place, "end_patrol_plan", GE, number=walk.plan(place))
    walk.tick(place)
    assert [] == walk.numbers(place)


def test_given_what_was_seen_when_stored_then_it_is_sealed_and_nowhere_on_the_bus(place):
    number = walk.opened(place)
    do(place, "record_patrol", number=number, open_points=POINTS[:1], result="FOUND", note="301室堆着纸箱")
    with place.transaction() as session:
        kept = session.execute(text("select note from patrol_point where note is not null")).scalar_one()
    assert (bytes, False) == (type(kept), "纸箱" in str(facts_of(place)))


@pytest.mark.row("S2.12")
def test_given_a_month_of_patrols_when_coverage_is_asked_then_every_grid_says_planned_done_missed_and_found(place):
    walk.finds(place, walk.opened(place))
    walk.tick(place, MONDAY + 3 * DAY)
    walk.end(place, MONDAY + 4 * DAY)
    rows = do(place, "list_patrol_coverage", GE)["items"]
    counts = [tuple(row[name] for name in ("planned", "done", "late", "missed", "found", "before")) for row in rows]
    assert [(2, 1, 0, 1, 1, 0), (0,) * 6, (0,) * 6, (0,) * 6] == counts
    assert 1 == do(place, "list_patrol_coverage", GE, day="2024-08-01")["items"][0]["before"]


def test_given_a_grid_worker_when_asking_for_coverage_then_it_is_forbidden(place):
    with pytest.raises(Forbidden):
        do(place, "list_patrol_coverage", ZOU)


@pytest.mark.row("S2.22")
def test_given_findings_that_rise_when_the_patrol_is_done_then_it_is_told_once(place):
    walk.finds(place, walk.opened(place), points=1)
    for weeks, points in ((1, 1), (2, 1), (3, 1)):
        now = MONDAY + weeks * 7 * DAY
        walk.tick(place, now)
        walk.finds(place, walk.numbers(place)[0], now, points)
    assert [(3, 0)] == [
        (one["data"]["recent"], one["data"]["before"]) for one in facts_of(place, "patrol_findings_rose")
    ]
