"""A safe courtyard has a team; its rounds are patrols of those who stand in the rota."""

from __future__ import annotations

import pytest

from chassis.errors import Conflict, Forbidden, Invalid
from services.intake.courtyards import LIFE
from tests.unit.intake import campaigning as at
from tests.unit.intake import patrolling as walk
from tests.unit.intake.campaigning import GE, ZOU
from tests.unit.intake.patrolling import DAY, MONDAY, WU, XU, do

ARROWS = """
ACTIVE join_courtyard ACTIVE | ACTIVE leave_courtyard ACTIVE | ACTIVE arrange_member ACTIVE | ACTIVE plan_rounds ACTIVE
ACTIVE disband_courtyard DISBANDED
"""
FRIDAY = MONDAY + 4 * DAY
POINTS = ["单元门能关锁", "监控完好", "无可疑张贴", "出租房已登记"]


@pytest.fixture
def place(store):
    with store.transaction() as session:
        at.furnish(session)
    return store


@pytest.fixture
def team(place):
    """Wu goes round on Fridays, Xu on no day of her own."""
    number = do(place, "found_courtyard", ZOU)["number"]
    do(place, "join_courtyard", WU, number=number, weekdays=["FRIDAY"])
    do(place, "join_courtyard", XU, number=number)
    return number


def test_given_the_life_when_compared_with_the_told_one_then_the_arrows_are_the_same():
    told = {tuple(arrow.split()) for line in ARROWS.strip().splitlines() for arrow in line.split("|")}
    assert told == {(str(source), name, str(target)) for source, name, target in LIFE.arrows()}


def walkers(place, now):
    walk.tick(place, now)
    return [one["id"] for one in do(place, "get_patrol", GE, number=walk.numbers(place)[0])["walkers"]]


@pytest.mark.row("S4.12")
def test_given_a_rota_when_a_round_is_opened_then_it_is_for_who_stands_in_it_that_day(place, team):
    do(place, "plan_rounds", GE, number=team, weekdays=["FRIDAY", "SATURDAY"])
    assert ([WU.id], [WU.id, XU.id]) == (walkers(place, FRIDAY), walkers(place, FRIDAY + DAY))


@pytest.mark.row("S4.12")
def test_given_a_round_when_volunteers_find_something_then_the_grid_worker_raises_it(place, team):
    do(place, "plan_rounds", GE, number=team)
    walk.tick(place, FRIDAY)
    (number,) = walk.numbers(place)
    do(place, "record_patrol", WU, FRIDAY, number=number, open_points=POINTS[1:])
    found = {"open_points": POINTS[:1], "result": "FOUND", "note": "门锁坏了"}
    do(place, "record_patrol", WU, FRIDAY, number=number, **found)
    with pytest.raises(Forbidden):
        do(place, "patrol_to_hazard", WU, FRIDAY, number=number, found_point=POINTS[0])
    assert "DONE" == do(place, "patrol_to_hazard", ZOU, FRIDAY, number=number, found_point=POINTS[0])["state"]


@pytest.mark.row("S4.12")
def test_given_a_team_when_members_come_are_arranged_and_go_then_it_says_who_is_in_it(place, team):
    do(place, "arrange_member", GE, number=team, member_id=XU.id, duty="LEADER", weekdays=["MONDAY"])
    members = do(place, "leave_courtyard", WU, number=team)["members"]
    assert [(XU.id, "LEADER", ["MONDAY"])] == [(one["person"]["id"], one["duty"], one["weekdays"]) for one in members]


def test_given_a_member_when_joining_again_then_it_is_forbidden(place, team):
    with pytest.raises(Forbidden):
        do(place, "join_courtyard", WU, number=team)


def test_given_somebody_who_is_no_member_when_arranged_then_the_field_says_so(place, team):
    with pytest.raises(Invalid) as refused:
        do(place, "arrange_member", GE, number=team, member_id=ZOU.id, duty="LEADER")
    assert ["member_id"] == list(refused.value.details["fields"])


def test_given_a_team_when_disbanded_then_its_rounds_end_and_nobody_joins(place, team):
    do(place, "plan_rounds", GE, number=team)
    do(place, "disband_courtyard", GE, number=team)
    walk.tick(place, FRIDAY)
    assert [] == walk.numbers(place)
    with pytest.raises(Conflict):
        do(place, "join_courtyard", at.STEWARD, number=team)
