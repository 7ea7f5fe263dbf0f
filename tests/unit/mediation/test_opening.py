"""Cases that mediation opens itself: who may, who is on duty, what both sides are asked."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from chassis.errors import Conflict, Forbidden, Invalid
from services.mediation import reference
from services.mediation.tables import Base
from tests.unit.mediation.people import DISTRICT, ELSEWHERE, STATION_AREA, WALK_IN, number, staff
from tests.unit.mediation.station import Station

MONDAY = datetime.fromisoformat("2024-07-08T10:00:00+08:00")
YANG = staff("u-yanggendi", "杨根娣", "MEDIATOR", STATION_AREA)
JIANG = staff("u-jiangweidong", "姜维东", "COMMUNITY", STATION_AREA)
WEI = staff("u-weijunjie", "魏俊杰", "GRID", f"{STATION_AREA}.g1")


@pytest.fixture
def world(database):
    world = Station(database(Base.metadata), furnish=False)
    with world.store.transaction() as session:
        reference.load(session, DISTRICT, world.now)
    world.now = MONDAY
    return world


@pytest.mark.row("S3.10")
def test_given_somebody_walks_in_when_registered_then_the_case_is_a_root_and_the_one_on_duty_has_it(world):
    world.walk_in(YANG)
    (opened,) = world.envelopes()[:1]
    told = opened["data"]
    assert ("ACCEPTED", "WALK_IN", "MEDIATION", told["mediation_number"], "") == (
        world.state(), told["origin"], told["source"]["kind"], opened["casenumber"], opened.get("parent", ""),
    )  # fmt: skip
    assert ["mediation_case_opened", "party_willingness_recorded", "mediator_assigned"] == world.names_said()
    (assigned,) = world.said("mediator_assigned")
    assert ("u-yanggendi", "ON_DUTY") == (assigned["mediator"]["id"], assigned["how_chosen"])


@pytest.mark.parametrize(
    ("days", "account"),
    [(0, "u-yanggendi"), (1, "u-dingyucheng"), (2, "u-cuixiulan"), (3, "u-fangzhenguo"), (6, "u-dingyucheng")],
)
def test_given_the_rota_when_a_case_is_opened_then_whoever_has_that_weekday_mediates(world, days, account):
    world.now = MONDAY + timedelta(days=days)
    world.walk_in(JIANG)
    assert [account] == [told["mediator"]["id"] for told in world.said("mediator_assigned")]


def test_given_the_one_on_duty_is_a_namesake_of_a_party_when_opened_then_nobody_is_in_charge_yet(world):
    world.walk_in(JIANG, claimant={"name": "杨根娣"})
    assert [] == world.said("mediator_assigned")


def test_given_a_party_of_the_dispute_when_registering_it_then_forbidden(world):
    with pytest.raises(Forbidden):
        world.walk_in(YANG, respondent={"name": "杨根娣"})


def test_given_the_other_side_agrees_when_the_one_on_duty_is_there_then_mediation_begins_at_once(world):
    world.walk_in(YANG)
    world.willing(world.party("RESPONDENT"), who=YANG)
    assert "MEDIATING" == world.state()


def test_given_the_parties_want_another_mediator_when_assigned_then_the_one_on_duty_is_replaced(world):
    world.walk_in(YANG)
    world.willing(world.party("RESPONDENT"), who=YANG)
    world.assign("u-dingyucheng", JIANG, how_chosen="CHOSEN")
    assert ["u-dingyucheng"] == [told["mediator"]["id"] for told in world.said("mediator_replaced")]


@pytest.mark.row("S1.15")
@pytest.mark.parametrize(("origin", "who"), [("FOUND", JIANG), ("GRID", WEI)])
def test_given_own_motion_when_a_party_clearly_refuses_then_it_ends(world, origin, who):
    world.walk_in(who, origin=origin)
    assert [] == world.said("party_willingness_recorded")
    world.willing(world.party("RESPONDENT"), "NO", who)
    assert ("TERMINATED", ["PARTY_REFUSED"]) == (
        world.state(), [told["reason"] for told in world.said("mediation_terminated")],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("who", "wrong", "field"),
    [
        (JIANG, {"origin": "APPEAL"}, "origin"),
        (JIANG, {"origin": "GRID"}, "origin"),
        (JIANG, {"respondent": {"name": WALK_IN["claimant"]["name"]}}, "respondent"),
        (staff("u-jin", "金凤", "COMMUNITY", "yinchuan.jinfeng"), {"area_path": "yinchuan.jinfeng.other"}, "area_path"),
    ],
)
def test_given_what_cannot_be_when_registered_then_the_field_is_named_and_nothing_is_kept(world, who, wrong, field):
    with pytest.raises(Invalid) as refused:
        world.walk_in(who, **wrong)
    assert ([field], []) == (list(refused.value.details["fields"]), world.names_said())


def test_given_what_people_said_when_told_then_no_event_holds_a_name_a_telephone_or_a_word_of_it(world):
    world.walk_in(YANG)
    told = str(world.envelopes())
    given = [WALK_IN["claimant"]["name"], WALK_IN["respondent"]["name"], WALK_IN["claimant"]["phone"], "地板"]
    assert [] == [each for each in given if each in told]


@pytest.mark.row("S3.15")
def test_given_who_may_choose_when_the_case_is_looked_at_then_mediators_are_offered_with_their_dialects(world):
    world.walk_in(YANG)
    world.willing(world.party("RESPONDENT"), who=YANG)
    offered = {one["name"]: (one["dialects"], one["weekdays"]) for one in world.view(JIANG)["available"]}
    assert (["普通话", "上海话"], [1, 6], 5) == (*offered["杨根娣"], len(offered))


def test_given_somebody_already_in_charge_when_assigned_again_then_conflict(world):
    world.walk_in(YANG)
    world.willing(world.party("RESPONDENT"), who=YANG)
    with pytest.raises(Conflict):
        world.assign("u-yanggendi", JIANG)


def test_given_two_cases_of_a_day_when_numbered_then_each_has_its_own_number_of_the_place(world):
    world.walk_in(YANG)
    world.walk_in(YANG)
    numbers = [told["mediation_number"] for told in world.said("mediation_case_opened")]
    assert [number(seq, "M", "0901", MONDAY) for seq in (1, 2)] == numbers


def test_given_cases_of_several_places_when_listed_then_each_reader_finds_those_of_their_own(world):
    world.walk_in(YANG)
    (told,) = world.said("mediation_case_opened")
    found = [world.lines(who, numbers=[told["mediation_number"]]) for who in (YANG, WEI, ELSEWHERE)]
    line = {"number": told["mediation_number"], "dispute_type": "NEIGHBOUR", "cause_text": WALK_IN["cause_text"]}
    assert [[line], [line], []] == found


def test_given_a_party_among_the_staff_when_listed_then_the_words_of_the_other_side_are_not_told(world):
    world.walk_in(JIANG, respondent={"name": "杨根娣"})
    assert [None] == [line["cause_text"] for line in world.lines(YANG)]
