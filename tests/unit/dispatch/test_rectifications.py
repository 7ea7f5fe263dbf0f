"""What is wrong is put right by a day, verified on the spot, warned of, handed to who has the power."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from marshmallow import ValidationError
from sqlalchemy import text

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from kernel.numbers import check
from services.dispatch.rectifications import LIFE
from services.dispatch.tables import Base
from tests.support.events import names_said, said
from tests.unit.dispatch import world
from tests.unit.dispatch.rectifying import (
    FAULT,
    PORTAL,
    SHOP_NO,
    SPOTS,
    SQUAD,
    at_squad,
    come,
    day_of,
    do,
    furnish,
    issued,
    state_of,
    tick,
)
from tests.unit.dispatch.world import HEWENBIN, LIUWEI, NOW, OTHER_STREET, WANGFANG, YUHAITAO

ARROWS = """
ISSUED prove_rectification PROVEN | WARNED prove_rectification PROVEN | UNHEEDED prove_rectification PROVEN
PROVEN reject_proof ISSUED | ISSUED verify_spots ISSUED | PROVEN verify_spots PROVEN | WARNED verify_spots WARNED
UNHEEDED verify_spots UNHEEDED | ENFORCED verify_spots ENFORCED | ISSUED verified WATCHED | PROVEN verified WATCHED
WARNED verified WATCHED | UNHEEDED verified WATCHED | ENFORCED verified WATCHED
ISSUED overdue WARNED | WARNED unheeded UNHEEDED | WARNED request_enforcement ENFORCED
UNHEEDED request_enforcement ENFORCED | ENFORCED record_enforcement ENFORCED
WATCHED look_back_due INSPECTED | INSPECTED pass_look_back WATCHED | WATCHED closed CLOSED
INSPECTED record_relapse ISSUED | ISSUED to_squad ENFORCED
ISSUED revoke_rectification REVOKED | PROVEN revoke_rectification REVOKED | WARNED revoke_rectification REVOKED
UNHEEDED revoke_rectification REVOKED
"""
"""Domain §2 A5, A8, §3.4."""
ORDER = {"form": "ORDER", "legal_basis": "《消防法》第六十条"}
LATE = NOW + timedelta(days=5, hours=15)


@pytest.fixture
def store(database):
    made = database(Base.metadata)
    with made.transaction() as session:
        world.people(session)
        furnish(session)
    return made


def names(store):
    with store.transaction() as session:
        return names_said(session)


def test_given_the_life_when_compared_with_the_domain_then_the_arrows_are_the_same():
    told = {tuple(arrow.split()) for line in ARROWS.strip().splitlines() for arrow in line.split("|")}
    assert told == {(str(source), name, str(target)) for source, name, target in LIFE.arrows()}


@pytest.mark.row("S2.16")
def test_given_a_fault_when_noticed_then_it_is_to_be_put_right_in_three_working_days(store):
    view = do(store, "issue_rectification")
    assert ("E", True, "ISSUED") == (view["number"][0], check(view["number"]), view["state"])
    assert "2024-07-10T16:00:00Z" == view["correct_by"] == view["due_at"]


@pytest.mark.parametrize(("who", "error"), [(world.LISHAN, Invalid), (WANGFANG, Invalid), (LIUWEI, Invalid)])
def test_given_who_has_no_power_when_ordering_then_only_a_notice_is_theirs(store, who, error):
    with pytest.raises(error) as refused:
        do(store, "issue_rectification", who, **ORDER)
    assert ["form"] == list(refused.value.details["fields"])


@pytest.mark.parametrize(("who", "fits"), [(SQUAD, True), (HEWENBIN, True), (YUHAITAO, False)])
def test_given_a_receiver_when_ordering_then_the_unit_s_own_power_counts(store, who, fits):
    try:
        issuer = do(store, "issue_rectification", who, **ORDER)["issuer"]
    except (Invalid, Forbidden):
        issuer = None
    assert fits == (issuer in who.units)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"form": "ORDER"}, "legal_basis"),
        ({"delivery": "REFUSED"}, "delivery_note"),
        ({"delivered": []}, "delivered"),
        ({"spots": []}, "spots"),
    ],
    ids=["order without basis", "refusal without witness", "no photo", "nothing wrong"],
)
def test_given_a_paper_that_lacks_something_when_issued_then_the_field_says_so(store, more, field):
    with pytest.raises(ValidationError) as refused:
        do(store, "issue_rectification", **more)
    assert [field] == list(refused.value.messages_dict)


@pytest.mark.parametrize("until", ["2024-07-05", "2024-12-31"], ids=["today", "beyond the longest"])
def test_given_a_day_that_may_not_be_when_issued_then_it_is_refused(store, until):
    with pytest.raises(Invalid) as refused:
        do(store, "issue_rectification", until=until)
    assert ["until"] == list(refused.value.details["fields"])


def test_given_a_source_elsewhere_or_of_no_such_kind_when_issued_then_the_field_says_so(store):
    for field, more in {"area_path": {"area_path": f"{world.STREET_PATH}.jingyuan"}, "source_number": {}}.items():
        source = SHOP_NO if more else "W202407060104000019"
        with pytest.raises(Invalid) as refused:
            do(store, "issue_rectification", LIUWEI, source_number=source, **more)
        assert [field] == list(refused.value.details["fields"])


def test_given_the_code_on_the_door_when_read_then_no_person_is_in_it(store):
    number = issued(store)
    (notice,) = do(store, "list_open_notices", PORTAL, number=SHOP_NO)["items"]
    assert (number, ["消防通道堆放货物"]) == (notice["number"], notice["faults"])
    assert [] == [word for word in ("马建国", "李珊", "解放街") if word in str(notice)]


@pytest.mark.row("S2.16")
def test_given_the_owner_s_proof_when_seen_on_the_spot_then_it_is_put_right(store):
    number = issued(store)
    do(store, "prove_rectification", number=number)
    view = do(store, "verify_spots", number=number)
    assert ("WATCHED", None, 1) == (view["state"], view["due_at"], view["settled"])
    proven = ["rectification_ordered", "rectification_proof_submitted"]
    assert [*proven, "rectification_spots_verified", "rectification_verified"] == names(store)


def test_given_a_proof_that_will_not_do_when_rejected_then_the_day_stays(store):
    number = issued(store)
    do(store, "prove_rectification", number=number)
    view = do(store, "reject_proof", number=number)
    assert ("ISSUED", "2024-07-10T16:00:00Z") == (view["state"], view["due_at"])


def test_given_nothing_done_when_its_time_is_over_then_warned_once_and_after_that_to_be_handed_over(store):
    number = issued(store)
    states = []
    for days in (0, 0, 2, 2):
        tick(store, LATE + timedelta(days=days))
        states.append(state_of(store, number))
    assert ["WARNED", "WARNED", "UNHEEDED", "UNHEEDED"] == states
    assert ["rectification_overdue", "rectification_unheeded"] == names(store)[1:]


@pytest.mark.row("S2.16")
def test_given_a_warning_in_vain_when_handed_over_then_an_enforcement_whistle_waits_for_the_street(store):
    number = issued(store)
    tick(store, LATE)
    view = do(store, "request_enforcement", now=LATE, number=number)
    whistle = do(store, "get_whistle", LIUWEI, number=view["whistles"][0])
    assert ("ENFORCED", ["zhongdui"], "ENFORCEMENT") == (view["state"], view["called"], whistle["kind"])
    assert ("PENDING_APPROVAL", number, ["第1处：消防通道堆放货物"]) == (
        whistle["state"], whistle["source"]["number"], whistle["parts"],
    )  # fmt: skip


@pytest.mark.parametrize("unit", ["wuye", "yinhong", "gongdian"])
def test_given_a_unit_without_power_when_handed_over_to_it_then_the_field_says_so(store, unit):
    number = issued(store)
    tick(store, LATE)
    with pytest.raises(Invalid) as refused:
        do(store, "request_enforcement", now=LATE, number=number, unit=unit)
    assert ["unit"] == list(refused.value.details["fields"])


def test_given_two_at_one_spot_when_both_verify_it_at_once_then_one_effect_and_a_conflict_that_names_who(store):
    number = issued(store, **SPOTS)
    with ThreadPoolExecutor(2) as pool:
        tries = [pool.submit(do, store, "verify_spots", who, number=number) for who in (world.LISHAN, WANGFANG)]
        failed = [one.exception() for one in tries if one.exception()]
    with store.transaction() as session:
        told = said(session, "rectification_spots_verified")
    assert ([Conflict], 1, True) == ([type(one) for one in failed], len(told), "已经核实" in str(failed[0]))


@pytest.mark.row("S4.32")
def test_given_a_list_of_spots_when_all_but_one_are_verified_then_it_stays_in_the_ledger(store):
    number = issued(store, **SPOTS)
    view = do(store, "verify_spots", number=number, spots=list(range(1, 14)))
    assert ("ISSUED", 13, 14) == (view["state"], view["settled"], view["total"])
    assert "WATCHED" == do(store, "verify_spots", number=number, spots=[14])["state"]


def test_given_whose_a_spot_is_when_read_then_masked_for_offices_and_whole_for_who_handles_it(store):
    number = issued(store, **SPOTS)
    views = {who: do(store, "get_rectification", person, number=number) for who, person in READERS.items()}
    assert {"grid": 14, "district": 0} == {who: len(view["users"]) for who, view in views.items()}
    assert {"高*某"} == {spot["user"] for view in views.values() for spot in view["spots"]}


READERS = {"grid": world.LISHAN, "district": world.ZHOUMIN}


def test_given_the_squad_when_not_called_then_it_finds_nothing_and_after_that_the_whole(store):
    number = issued(store)
    with pytest.raises(NotFound):
        do(store, "get_rectification", SQUAD, number=number)
    tick(store, LATE)
    do(store, "request_enforcement", now=LATE, number=number)
    assert [number] == [row["number"] for row in do(store, "list_rectifications", SQUAD)["items"]]


@pytest.mark.parametrize("who", [OTHER_STREET, YUHAITAO])
def test_given_staff_of_elsewhere_when_looking_then_there_is_no_such_rectification(store, who):
    number = issued(store)
    with pytest.raises(NotFound):
        do(store, "get_rectification", who, number=number)


def test_given_a_rectification_when_told_then_nothing_that_was_written_is_on_the_bus_or_clear_in_the_store(store):
    issued(store)
    with store.transaction() as session:
        told = str(said(session))
        row = session.execute(text("select user_name, place_text from rectification_spot")).one()
    assert [] == [word for word in ("马建国", "解放街", "老马拉面", "消防通道") if word in told]
    assert [bytes, bytes] == [type(value) for value in row]


def test_given_the_squad_s_record_when_written_then_its_task_is_ticked_and_the_spot_waits_to_be_verified(store):
    late = datetime.fromisoformat("2024-07-25T10:00:00+08:00")
    number = at_squad(store, late, **SPOTS)
    view = do(store, "record_enforcement", now=late, number=number, spots=[1, 2], done_at=late.isoformat())
    task = do(store, "get_task", SQUAD, task_id=task_id(store, view["whistles"][0]))
    assert (2, 14, "CLEARED") == (task["parts_done"], len(task["parts"]), view["spots"][0]["state"])
    assert set() == {"finish_task", "tick_parts"} & set(task["allowed_commands"])


def task_id(store, whistle):
    return do(store, "get_whistle", LIUWEI, number=whistle)["tasks"][0]["id"]


def test_given_a_relapse_when_the_squad_had_it_then_it_has_a_new_task_with_the_counter_one_higher(store):
    late = datetime.fromisoformat("2024-07-25T10:00:00+08:00")
    number = at_squad(store, late, **FAULT)
    do(store, "record_enforcement", now=late, number=number, done_at=late.isoformat())
    do(store, "verify_spots", now=late, number=number)
    day = day_of(store)
    tick(store, day)
    view = do(store, "record_relapse", now=day, number=number)
    whistle = do(store, "get_whistle", LIUWEI, number=view["whistles"][1])
    assert ("ENFORCED", 2, 1) == (view["state"], view["level"], view["spots"][0]["relapses"])
    assert ("zhongdui", True) == (whistle["recipients"][0]["unit"]["code"], "第2次" in whistle["reason"])
    assert "REPORTED_IN" == come(store, whistle["number"], day)["state"]
