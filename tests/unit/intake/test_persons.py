"""One person however written: found again and merged by a person only, put right, parted, with what was agreed to."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.tables import AUDIT
from services.intake.tables import Person
from tests.unit.intake.filing import OLD_CHEN, do, filed
from tests.unit.intake.world import CHEN, COMMUNITY, LISHAN, LIU, OTHER, WANG, WINDOW, ZHANG, register

PHONE = "13900000008"


def found(store, who=WANG, **asked):
    blank = {"area_path": COMMUNITY, "name": "陈桂英", "phone": None, "birth_year": None, "home": None}
    items = do(store, "find_persons", who, **{**blank, **asked})["items"]
    return [(item["person"]["person_id"], item["alike"]) for item in items]


def acts(store):
    with store.transaction() as session:
        return [row.act for row in session.execute(select(AUDIT).order_by(AUDIT.c.no))]


@pytest.mark.parametrize(
    "written",
    [
        "陈桂英",
        "陈 桂 英",
        "陈\u3000桂英",
        "陈·桂英",
        "陈•桂英",
        "陈‧桂英",
        "陈・桂英",
        "陈･桂英",
        "\u200b陈桂英",
        "陈桂英\ufe00",
    ],
)
@pytest.mark.parametrize("phone", ["13900000008", "１３９００００００08", "139 0000 0008", "+86 139-0000-0008"])
def test_given_one_person_however_written_when_reporting_again_then_it_is_one_record(store, written, phone):
    first = filed(store, phone=PHONE)
    assert first == filed(store, name=written, phone=phone)


def test_given_somebody_without_telephone_when_reporting_again_then_nothing_is_merged_by_itself(store):
    assert filed(store) != filed(store)


@pytest.mark.parametrize(
    ("asked", "alike"),
    [
        ({"birth_year": 1941}, "BIRTH_YEAR"),
        ({"home": "５号楼 2单元301"}, "HOME"),
        ({"name": "陈 桂英", "birth_year": 1941, "home": "别处"}, "BIRTH_YEAR"),
    ],
)
def test_given_name_and_one_thing_more_when_looked_for_then_the_record_is_found(store, asked, alike):
    assert [(filed(store), alike)] == found(store, **asked)


@pytest.mark.parametrize("asked", [{}, {"birth_year": 1942}, {"name": "陈桂兰", "birth_year": 1941}, {"home": "301"}])
def test_given_a_name_alone_or_another_year_when_looked_for_then_nobody_is_found(store, asked):
    filed(store)
    assert [] == found(store, **asked)


def test_given_another_community_when_looked_for_then_it_may_not_look_here(store):
    filed(store)
    with pytest.raises(Forbidden):
        found(store, WINDOW, birth_year=1941)


def test_given_a_record_the_desk_recognised_when_registering_then_the_case_is_hers(store):
    known = filed(store)
    assert known == filed(store, person_id=known)


@pytest.mark.parametrize("name", ["陈桂兰", "陈桂"])
def test_given_a_record_of_another_name_when_chosen_then_it_is_refused(store, name):
    known = filed(store)
    with pytest.raises(Invalid):
        filed(store, name=name, person_id=known)


def test_given_a_resident_when_choosing_a_record_then_it_is_refused(store):
    known = filed(store)
    with pytest.raises(Invalid) as refused:
        filed(store, CHEN, person_id=known)
    assert ["reporter"] == list(refused.value.details["fields"])


def test_given_a_telephone_put_right_when_reporting_then_the_old_one_finds_nobody_and_the_new_one_her(store):
    known = filed(store, phone=PHONE)
    do(store, "correct_person", person_id=known, name=None, phone="13900000009")
    assert (known, False) == (filed(store, phone="13900000009"), known == filed(store, phone=PHONE))


def test_given_a_name_put_right_when_looked_for_then_the_old_name_finds_nobody(store):
    known = filed(store)
    do(store, "correct_person", person_id=known, name="陈桂瑛", phone=None)
    assert ([], [(known, "BIRTH_YEAR")]) == (
        found(store, birth_year=1941),
        found(store, name="陈桂瑛", birth_year=1941),
    )
    assert ["correct_person", "find_persons", "find_persons"] == acts(store)


def test_given_another_record_of_that_name_and_telephone_when_corrected_then_a_merge_is_proposed(store):
    other, known = filed(store, phone=PHONE), filed(store)
    with pytest.raises(Conflict) as refused:
        do(store, "correct_person", person_id=known, name=None, phone=PHONE)
    assert other == refused.value.details["person_id"]


@pytest.mark.parametrize("name", ["get_person", "correct_person", "merge_persons", "give_consent"])
@pytest.mark.parametrize("who", [OTHER, WINDOW, CHEN])
def test_given_staff_of_elsewhere_or_a_resident_when_asking_for_a_record_then_there_is_none(store, who, name):
    known, other = filed(store), filed(store)
    more = {"into_id": other} if name == "merge_persons" else {}
    with pytest.raises(NotFound):
        do(store, name, who, person_id=known, **more)


def test_given_a_grid_worker_when_merging_then_it_is_forbidden(store):
    known, other = filed(store), filed(store)
    with pytest.raises(Forbidden):
        do(store, "merge_persons", LISHAN, person_id=known, into_id=other)


def contact(store, person_id):
    return do(store, "reveal_contact", WANG, person_id=person_id)["phone"]


def test_given_two_records_merged_when_asked_for_then_all_matters_follow_and_each_stays_as_written(store):
    with_phone, without = filed(store, phone=PHONE), filed(store)
    do(store, "merge_persons", person_id=without, into_id=with_phone)
    assert (PHONE, with_phone) == (contact(store, without), do(store, "get_person", person_id=without)["merged_into"])
    with store.transaction() as session:
        assert {None, PHONE} == set(session.scalars(select(Person.phone)))


def test_given_a_merged_record_when_parted_then_it_stands_for_itself_again(store):
    with_phone, without = filed(store, phone=PHONE), filed(store)
    do(store, "merge_persons", person_id=without, into_id=with_phone)
    view = do(store, "part_persons", person_id=without)
    assert (None, None) == (view["merged_into"], contact(store, without))
    with pytest.raises(Conflict):
        do(store, "part_persons", person_id=without)


def test_given_a_merged_record_when_looked_for_then_only_what_it_is_read_with_is_found(store):
    first, second = filed(store), filed(store)
    do(store, "merge_persons", person_id=second, into_id=first)
    assert [(first, "BIRTH_YEAR")] == found(store, birth_year=1941)


@pytest.mark.parametrize("turned", [False, True])
def test_given_two_who_merge_the_same_pair_at_once_when_both_commit_then_one_wins_and_the_other_hears_who(
    store, turned
):
    pair = [filed(store), filed(store)]

    def merge(who):
        gone, kept = reversed(pair) if turned and who is ZHANG else pair
        try:
            return do(store, "merge_persons", who, person_id=gone, into_id=kept) and None
        except Conflict as conflict:
            return conflict.details["by"]

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(merge, [WANG, ZHANG]))
    assert outcomes in ([None, WANG.id], [ZHANG.id, None])


def test_given_consent_when_given_twice_and_withdrawn_then_one_was_in_force_and_none_is(store):
    known = filed(store)
    for _ in range(2):
        do(store, "give_consent", person_id=known)
    view = do(store, "withdraw_consent", LIU, person_id=known)
    assert [("CARE_CALLS", "王芳", True)] == [
        (each["to"], each["given_to"]["name"], each["withdrawn_at"] is not None) for each in view["consents"]
    ]
    with pytest.raises(Conflict):
        do(store, "withdraw_consent", person_id=known)


def test_given_consent_of_a_merged_record_when_read_then_it_holds_for_both(store):
    first, second = filed(store), filed(store)
    do(store, "give_consent", person_id=second)
    do(store, "merge_persons", person_id=second, into_id=first)
    assert ["CARE_CALLS"] == [each["to"] for each in do(store, "get_person", person_id=first)["consents"]]


def test_given_the_store_when_read_raw_then_year_and_home_are_ciphertext(store):
    filed(store)
    with store.transaction() as session:
        raw = session.connection().exec_driver_sql("select birth_year, home, home_hash from person").one()
    assert not any(secret in bytes(each) for each in raw[:2] for secret in (b"1941", OLD_CHEN["home"].encode()))


def test_given_a_case_with_a_telephone_when_registered_then_the_place_of_the_record_is_that_of_the_case(store):
    register(store)
    with store.transaction() as session:
        assert {COMMUNITY} == {path.rsplit(".", 2)[0] for path in session.scalars(select(Person.area_path))}
