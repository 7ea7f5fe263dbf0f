"""One active steward a stairwell: nominated, reviewed, appointed, evaluated, retired; nothing is left behind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from chassis.errors import Conflict, Forbidden, Invalid
from services.notify import seats as stairwell_seats
from services.notify.stewards import LIFE
from tests.support.events import names_said, said
from tests.unit.notify.facts import NOW, messages
from tests.unit.notify.stewarding import (
    DOOR,
    GRID_WORKER,
    OFFICER,
    OTHER_DOOR,
    XIAO_LAN,
    active,
    end_due,
    kept,
    nominated,
    seats,
    step,
)
from tests.unit.notify.wishing import CLERK, RESIDENT, do, posted

ARROWS = """
NOMINATED approve_steward REVIEWED | NOMINATED refuse_steward REFUSED | REVIEWED refuse_steward REFUSED
REVIEWED appoint_steward ACTIVE | ACTIVE evaluate_steward ACTIVE | ACTIVE care_for_steward ACTIVE
ACTIVE equip_steward ACTIVE | ACTIVE missed ACTIVE | ACTIVE retire_steward RETIRED | ACTIVE remove_steward REMOVED
"""
"""Domain §3.4."""
LATER = timedelta(days=40)


def arrows(life):
    return {(str(source), name, str(target)) for source, name, target in life.arrows()}


def test_given_the_lives_when_compared_with_the_domain_then_the_arrows_are_the_same():
    told = {tuple(arrow.split()) for line in ARROWS.strip().splitlines() for arrow in line.split("|")}
    seat = {("VACANT", "fill", "FILLED"), ("FILLED", "vacate", "VACANT"), ("VACANT", "late", "VACANT")}
    assert (told, seat) == (arrows(LIFE), arrows(stairwell_seats.LIFE))


@pytest.mark.row("S4.18")
def test_given_a_nomination_when_approved_and_appointed_then_the_stairwell_has_its_steward(store):
    number = active(store)
    with store.transaction() as session:
        assert [
            "steward_nominated", "seat_vacant", "steward_approved", "seat_filled", "steward_appointed",
        ] == names_said(session)  # fmt: skip
    assert [("FILLED", number)] == seats(store)


@pytest.mark.row("S4.19")
@pytest.mark.parametrize(("nomination", "who"), [("HOUSEHOLDS", GRID_WORKER), ("SELF", RESIDENT), ("COMMUNITY", CLERK)])
def test_given_each_of_the_three_sources_when_nominated_then_it_waits_for_review(store, nomination, who):
    assert "NOMINATED" == kept(store, nominated(store, who, nomination=nomination))["state"]


@pytest.mark.row("S4.18")
def test_given_a_stairwell_with_a_steward_when_a_second_is_appointed_then_it_is_named(store):
    first, second = active(store), nominated(store, name="马建国")
    step(store, second, "approve_steward")
    with pytest.raises(Conflict) as refused:
        step(store, second, "appoint_steward", account=None)
    assert first == refused.value.details["steward"]


@pytest.mark.row("S4.18")
def test_given_two_candidates_when_appointed_at_once_then_one_wins_and_the_other_hears_why(store):
    numbers = [nominated(store), nominated(store, name="马建国")]
    for number in numbers:
        step(store, number, "approve_steward")

    def appoint(number):
        try:
            return step(store, number, "appoint_steward", account=None)["state"]
        except Conflict as refused:
            return refused.message

    with ThreadPoolExecutor(2) as pool:
        ends = sorted(pool.map(appoint, numbers))
    assert ["ACTIVE", "这个楼门已经有管家，先办荣退或解聘"] == ends


def test_given_who_nominated_when_approving_then_it_is_for_somebody_else(store):
    number = nominated(store, CLERK)
    with pytest.raises(Forbidden):
        step(store, number, "approve_steward", CLERK)
    assert "REVIEWED" == step(store, number, "approve_steward", OFFICER)["state"]


@pytest.mark.parametrize(
    ("field", "given"), [("agreed", {"agreed": False}), ("area_path", {"area_path": DOOR.rpartition(".")[0]})]
)
def test_given_something_wrong_when_nominated_then_it_is_named_and_nothing_is_kept(store, field, given):
    with pytest.raises(Invalid) as refused:
        nominated(store, **given)
    assert [field] == list(refused.value.details["fields"])
    with store.transaction() as session:
        assert (0, []) == (session.scalar(text("select count(*) from steward")), names_said(session))


@pytest.mark.row("S4.19")
def test_given_a_month_when_evaluated_twice_then_the_first_score_stands(store):
    number = active(store)
    step(store, number, "evaluate_steward")
    with pytest.raises(Conflict):
        step(store, number, "evaluate_steward", score=10)
    with store.transaction() as session:
        assert [95] == list(session.scalars(text("select score from steward_evaluation")))


@pytest.mark.parametrize("month", ["2024-06", "2024-08"])
def test_given_a_month_before_or_beyond_when_evaluated_then_it_is_refused(store, month):
    number = active(store)
    with pytest.raises(Invalid) as refused:
        step(store, number, "evaluate_steward", month=month)
    assert ["month"] == list(refused.value.details["fields"])


@pytest.mark.row("S4.19")
def test_given_no_evaluation_when_its_clock_ends_then_it_is_told_once_and_begins_anew(store):
    number = active(store)
    for _ in range(2):
        end_due(store, NOW + LATER)
    with store.transaction() as session:
        assert 1 == names_said(session).count("steward_evaluation_missed")
    assert NOW + LATER < kept(store, number)["due_at"]


@pytest.mark.row("S4.19")
def test_given_open_wishes_when_their_steward_retires_then_the_community_goes_on_with_them(store):
    number = active(store)
    posted(store, "CLAIMED"), posted(store)
    with store.transaction() as session:
        session.execute(text("update wish set poster_id = :steward"), {"steward": XIAO_LAN.id})
    step(store, number, "retire_steward")
    with store.transaction() as session:
        (retired,) = [one for one in said(session) if one["type"].endswith("steward_retired.v1")]
        assert 2 == retired["data"]["handed_over"]
        assert {CLERK.id} == set(session.scalars(text("select poster_id from wish")))
    assert [("VACANT", None)] == seats(store)


@pytest.mark.row("S4.19")
def test_given_a_vacancy_when_it_is_not_filled_in_time_then_the_street_hears_of_it_once(store):
    step(store, active(store), "remove_steward")
    for _ in range(2):
        end_due(store, NOW + LATER)
    assert 1 == len(messages(store, "seat_long_vacant"))


@pytest.mark.row("S4.19")
def test_given_a_steward_when_cared_for_and_equipped_then_it_is_kept_and_told(store):
    number = active(store)
    step(store, number, "care_for_steward")
    view = step(store, number, "equip_steward")
    assert ("入户慰问", "袖标、手电") == (view["care_note"], view["equipment"])


def test_given_who_may_not_know_when_reading_then_name_and_telephone_are_missing(store):
    number = nominated(store, RESIDENT, nomination="SELF", area_path=OTHER_DOOR)
    shown = do(store, "get_steward", RESIDENT, number=number)
    assert (None, "肖*", False) == (shown["name"], shown["masked_name"], "13900000401" in str(shown))


def test_given_a_steward_when_told_then_neither_name_nor_telephone_is_on_the_bus(store):
    step(store, active(store), "evaluate_steward")
    with store.transaction() as session:
        told = str(said(session))
    assert [] == [word for word in ("肖兰", "13900000401", "天天巡楼") if word in told]


@pytest.mark.row("S4.18")
def test_given_stairwells_with_and_without_steward_when_listed_then_the_vacant_ones_show(store):
    number = active(store)
    nominated(store, area_path=OTHER_DOOR)
    asked = {"area_path": DOOR.rpartition(".")[0], "cursor": None, "limit": 20}
    seats_shown = do(store, "list_seats", CLERK, **asked)["items"]
    assert {("FILLED", number), ("VACANT", None)} == {(one["state"], one["steward_number"]) for one in seats_shown}
    assert ["VACANT"] == [one["state"] for one in do(store, "list_seats", CLERK, state=["VACANT"], **asked)["items"]]
    first = seats_shown[0]
    assert first == do(store, "get_seat", CLERK, number=first["number"])
