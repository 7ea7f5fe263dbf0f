"""A shop has one code, its front is checked by the duties of the place, and everybody may read how it stands."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.identity import Principal
from kernel.numbers import case_number, check
from services.intake.shops import LIFE
from tests.unit.intake.shopping import do, shop, state_of
from tests.unit.intake.world import CHEN, LISHAN, NOW, OTHER, WANG, facts_of, names

ARROWS = """
OPEN pass_shop OPEN | TO_CORRECT pass_shop OPEN | OPEN fault_shop TO_CORRECT | TO_CORRECT fault_shop TO_CORRECT
OPEN close_shop CLOSED | TO_CORRECT close_shop CLOSED
"""
PORTAL = Principal.service("portal")
LATER = NOW + timedelta(days=1)


def test_given_the_life_when_compared_with_the_told_one_then_the_arrows_are_the_same():
    told = {tuple(arrow.split()) for line in ARROWS.strip().splitlines() for arrow in line.split("|")}
    assert told == {(str(source), name, str(target)) for source, name, target in LIFE.arrows()}


@pytest.mark.row("S2.21")
def test_given_a_shop_when_registered_then_it_has_a_number_and_the_duties_of_the_policy(store):
    view = do(store, "register_shop")
    assert ("H", True, "OPEN") == (view["number"][0], check(view["number"]), view["state"])
    assert ["包卫生", "包绿化", "包秩序", "包设施", "包文明"] == view["duties"]


@pytest.mark.row("S2.21")
def test_given_the_code_on_the_door_when_read_by_anybody_then_no_person_is_in_it(store):
    number = shop(store, "TO_CORRECT")
    record = do(store, "get_shop_record", PORTAL, number=number)
    assert ("老马拉面", "TO_CORRECT", ["包卫生", "包秩序"]) == (record["name"], record["state"], record["failed"])
    assert [] == [word for word in ("马建国", "13900000321", "空箱子", "李珊", "解放街") if word in str(record)]


def test_given_no_such_shop_when_its_code_is_read_then_it_is_not_found(store):
    with pytest.raises(NotFound):
        do(store, "get_shop_record", PORTAL, number=case_number("H", date(2024, 7, 5), "0101", 99))


def test_given_a_fault_when_recorded_then_it_waits_for_the_grid_worker_with_a_date(store):
    number = shop(store, "TO_CORRECT")
    (fact,) = facts_of(store, "shop_faulted")
    assert (["包卫生", "包秩序"], True) == (fact["data"]["failed"], fact["data"]["due_at"] > NOW.isoformat())
    assert [] == [word for word in ("空箱子", "老马", "解放街") if word in str(facts_of(store))]
    assert 1 == len(do(store, "get_shop", number=number)["checks"])


def test_given_a_fault_when_found_again_before_its_date_then_the_date_stays(store):
    number = shop(store, "TO_CORRECT")
    first = do(store, "get_shop", number=number)["due_at"]
    do(store, "fault_shop", number=number, now=LATER)
    assert (first, 2) == (
        do(store, "get_shop", number=number)["due_at"],
        len(do(store, "get_shop", number=number)["checks"]),
    )


def test_given_a_fault_when_corrected_then_the_shop_is_in_order_and_has_no_date(store):
    number = shop(store, "TO_CORRECT")
    view = do(store, "pass_shop", number=number, now=LATER)
    assert ("OPEN", None, []) == (view["state"], view["due_at"], view["failed"])
    assert ["shop_registered", "shop_faulted", "shop_passed"] == names(store)


@pytest.mark.parametrize(
    ("more", "field"),
    [({"failed": ["包治百病"]}, "failed"), ({"failed": []}, "failed"), ({"photos": []}, "photos")],
    ids=["no such duty", "none", "no photo"],
)
def test_given_a_fault_without_its_proof_when_recorded_then_it_is_refused_by_field(store, more, field):
    number = shop(store)
    try:
        do(store, "fault_shop", number=number, **more)
        refused = []
    except Invalid as error:
        refused = list(error.details["fields"])
    except Exception as error:  # the schema's own refusal, before the operation
        refused = list(error.messages_dict)
    assert ([field], "OPEN") == (refused, state_of(store, number))


def test_given_a_closed_shop_when_checked_then_it_is_a_conflict(store):
    number = shop(store, "CLOSED")
    with pytest.raises(Conflict):
        do(store, "pass_shop", number=number)


@pytest.mark.parametrize(("who", "error"), [(OTHER, NotFound), (CHEN, NotFound)], ids=["elsewhere", "resident"])
def test_given_who_does_not_answer_for_the_place_when_checking_then_there_is_no_such_shop(store, who, error):
    number = shop(store)
    with pytest.raises(error):
        do(store, "pass_shop", who, number=number)


def test_given_staff_of_elsewhere_when_registering_then_it_is_forbidden(store):
    with pytest.raises(Forbidden):
        do(store, "register_shop", OTHER)


def test_given_a_shop_when_listed_then_those_of_the_place_see_it_and_others_do_not(store):
    number = shop(store)
    seen = {who.name: [row["number"] for row in do(store, "list_shops", who)["items"]] for who in (LISHAN, WANG, OTHER)}
    assert {"李珊": [number], "王芳": [number], "赵文斌": []} == seen
