"""An old squad leader whistles and volunteers come: nobody is in two places, confirmed hours are told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from services.dispatch.turnouts import LIFE
from tests.support.events import said
from tests.unit.dispatch import turning_out
from tests.unit.dispatch.turning_out import BAIXUE, LEADER, WUQI, blown, do, joined
from tests.unit.dispatch.world import LIUWEI, NOW, WANGFANG, WHISTLER

pytestmark = pytest.mark.row("S2.7")
ARROWS = """JOINED sign_in PRESENT | PRESENT sign_out LEFT | JOINED mark_absent ABSENT | LEFT confirm_hours CONFIRMED"""


@pytest.fixture
def store(store):
    turning_out.furnish(store)
    return store


def served(store, minutes=90, who=BAIXUE):
    number = joined(store, who=who)
    do(store, "sign_in", who, number=number)
    do(store, "sign_out", who, NOW + timedelta(minutes=minutes), number=number)
    return number


def test_given_the_life_when_compared_with_the_told_one_then_the_arrows_are_the_same():
    told = {tuple(arrow.split()) for arrow in ARROWS.split("|")}
    assert told == {(str(source), name, str(target)) for source, name, target in LIFE.arrows()}


def test_given_a_whistle_for_volunteers_when_drafted_then_nobody_need_approve(store):
    assert "BLOWN" == blown(store, WHISTLER)["state"]


@pytest.mark.parametrize(("kind", "units"), [("VOLUNTEER", ["sifasuo"]), ("VOLUNTEER", ["zhiyuandui", "sifasuo"])])
def test_given_others_than_teams_when_volunteers_are_whistled_for_then_it_is_refused(store, kind, units):
    with pytest.raises(Invalid) as error:
        blown(store, WHISTLER, kind=kind, units=units)
    assert ["recipients"] == list(error.value.details["fields"])


def test_given_a_volunteer_who_joins_twice_at_once_then_one_turnout_stands(store):
    whistle = blown(store)["number"]

    def join(_):
        try:
            return do(store, "join_turnout", BAIXUE, whistle=whistle)["state"]
        except Conflict:
            return "CONFLICT"

    with ThreadPoolExecutor(2) as both:
        assert ["CONFLICT", "JOINED"] == sorted(both.map(join, range(2)))


def test_given_another_kind_of_whistle_when_joined_then_it_is_not_found(store):
    whistle = blown(store, LIUWEI, kind="KEY", units=["sifasuo"], level="STREET")["number"]
    with pytest.raises(NotFound):
        do(store, "join_turnout", BAIXUE, whistle=whistle)


def test_given_somebody_present_elsewhere_when_signing_in_then_the_other_whistle_is_named(store):
    first, second = joined(store), joined(store)
    do(store, "sign_in", BAIXUE, number=first)
    with pytest.raises(Conflict) as error:
        do(store, "sign_in", BAIXUE, number=second)
    assert do(store, "get_turnout", BAIXUE, number=first)["whistle"] == error.value.details["whistle"]


def test_given_who_joined_when_the_leader_calls_the_roll_then_who_is_not_there_is_absent(store):
    here, away = joined(store, who=BAIXUE), joined(store, who=WUQI)
    do(store, "sign_in", LEADER, number=here)
    do(store, "mark_absent", LEADER, number=away)
    states = {each["volunteer"]["name"]: each["state"] for each in do(store, "list_turnouts", LEADER)["items"]}
    assert {BAIXUE.name: "PRESENT", WUQI.name: "ABSENT"} == states


@pytest.mark.parametrize(("asked", "counted"), [(None, 90), (60, 60)])
def test_given_signed_out_when_confirmed_then_these_minutes_count(store, asked, counted):
    assert counted == do(store, "confirm_hours", WANGFANG, number=served(store), minutes=asked)["minutes"]


def test_given_more_than_was_served_when_confirmed_then_it_is_refused(store):
    with pytest.raises(Invalid):
        do(store, "confirm_hours", WANGFANG, number=served(store), minutes=91)


def test_given_the_volunteer_when_confirming_their_own_hours_then_it_is_forbidden(store):
    with pytest.raises(Forbidden):
        do(store, "confirm_hours", BAIXUE, number=served(store))


def test_given_confirmed_hours_when_told_then_the_record_of_service_has_all_it_needs(store):
    do(store, "confirm_hours", WANGFANG, number=served(store))
    with store.transaction() as session:
        (told,) = said(session, "volunteer_hours_logged")
    data = told["data"]
    assert (BAIXUE.id, 90, WANGFANG.id) == (data["volunteer"]["id"], data["minutes"], data["confirmed_by"]["id"])
    assert NOW == datetime.fromisoformat(data["began_at"])
