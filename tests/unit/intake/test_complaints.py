"""A complaint of staff goes above the unit complained of, and nobody of that unit sees or ends it."""

from __future__ import annotations

from datetime import datetime

import pytest

from chassis.errors import Conflict, Invalid, NotFound
from chassis.identity import Grant
from contracts.intake.appeals import GetAppeal
from contracts.intake.disputes import IdentifyDispute
from contracts.intake.endings import MergeAppeal, WithdrawAppeal
from contracts.intake.residents import RevealContact
from contracts.intake.triage import AcceptAppeal, DeclineAppeal, DivertAppeal
from contracts.intake.working import RecordContact
from services.intake import disputes, endings, posts, reading, residents, triage, views, working
from services.intake.tables import Category, Post, PostHolder
from tests.unit.intake.test_reading import listing
from tests.unit.intake.world import (
    AUDITOR,
    CHEN,
    ELSEWHERE,
    GRID,
    LISHAN,
    LIU,
    MA,
    NIGHT,
    NOW,
    STREET,
    WANG,
    WINDOW,
    ZHANG,
    assign,
    do,
    facts_of,
    names,
    register,
    staff,
    state,
    stored,
)

pytestmark = pytest.mark.rule("1")

YANG = staff(41, "杨丽", Grant("STREET", STREET, "lijingjie"))
ABOVE = staff(42, "周敏", Grant("DISTRICT", "yinchuan.xingqing", "zhihui"))
CONDUCT = {"category": "conduct.service.attitude", "nature": "COMPLAINT", "title": "态度不好", "content": "推诿。"}
ABOUT_LISHAN = {"nature": "COMPLAINT", "title": "上门态度", "content": "李珊上门时骂人，不肯登记。", "danger_flags": []}
SIDE = [LISHAN, MA, WANG, ZHANG]


@pytest.fixture
def store(store):
    with store.transaction() as session:
        session.add(
            Category(code="conduct.service.attitude", name="态度", level=3, position=9, dispute=False, questions=[])
        )
        _post(session, STREET, "lijingjie", "STREET_DESK", LIU, YANG)
        _post(session, "yinchuan.xingqing", "zhihui", "DISTRICT_DESK", ABOVE, ABOVE)
    posts.forget()
    return store


def _post(session, path, unit, duty, first, second):
    post = Post(area_path=path, duty=duty, name=duty, unit=unit, hours="ALWAYS")
    session.add(post)
    session.flush()
    for rank, who in (("A", first), ("B", second)):
        since = datetime(2000, 1, 1, tzinfo=NOW.tzinfo)
        session.add(PostHolder(post_id=post.id, rank=rank, valid_from=since, person_id=who.id, person_name=who.name))


def complain(store, who=CHEN, now=NOW, **more):
    calm = {"channel": "WEB", "damage_ongoing": False, "danger_flags": []}
    return register(store, who, now, **{**CONDUCT, **calm, **more})


@pytest.mark.parametrize("secret", [False, True])
def test_given_a_complaint_of_conduct_when_registered_then_the_street_answers_for_it(store, secret):
    view = complain(store, secret=secret)
    assert (STREET, LIU.id) == (view["area_path"], view["first_responder"]["id"])


@pytest.mark.parametrize(
    ("given", "place", "against"),
    [
        (CONDUCT, STREET, ["yinhong"]),
        (ABOUT_LISHAN, STREET, sorted([LISHAN.id, "yinhong"])),
        ({"nature": "REPORT", "title": "网格员收礼", "content": "亲眼所见"}, STREET, ["yinhong"]),
        ({"nature": "COMPLAINT", "title": "街道办不作为", "content": "来回推"}, "yinchuan.xingqing", ["lijingjie"]),
        ({"nature": "HELP", "secret": True, "title": "居委会账目", "content": "不公开"}, STREET, ["yinhong"]),
        ({"nature": "HELP", "title": "意见", "content": "意见", "about_staff": True}, STREET, ["yinhong"]),
        (
            {"nature": "HELP", "title": "意见", "content": "意见", "against_people": [WANG.id]},
            STREET,
            [WANG.id, "yinhong"],
        ),
        (
            {"nature": "HELP", "title": "意见", "content": "意见", "against_units": ["lijingjie"]},
            "yinchuan.xingqing",
            ["lijingjie"],
        ),
        ({"nature": "COMPLAINT", "title": "意见", "content": "意见", "against_units": ["zhujian"]}, None, ["zhujian"]),
        ({"nature": "COMPLAINT", "title": "楼上太吵", "content": "夜里", "secret": True}, None, []),
        ({"nature": "HELP", "title": "网格员来过", "content": "水还在漏"}, None, []),
        ({**CONDUCT, "nature": "PRAISE"}, None, []),
    ],
)
def test_given_who_is_complained_of_when_registered_then_the_case_lies_above_their_unit(store, given, place, against):
    calm = {"category": "other.advice", "damage_ongoing": False, "danger_flags": []}
    view = register(store, CHEN, channel="WEB", **{**calm, **given})
    assert (place or f"{GRID}.b5u2", against) == (view["area_path"], view["against"])


def test_given_one_of_the_unit_types_it_in_when_registered_then_it_is_out_of_her_hands(store):
    view = complain(store, WANG, channel="PHONE")
    shown = (view["content"], view["reporter"], view["allowed_commands"], view["first_responder"]["id"])
    assert (views.WITHHELD, None, [], LIU.id) == shown
    assert "REGISTERED" == state(store, view["number"])


def test_given_a_window_elsewhere_when_registered_there_then_the_street_is_first_responder(store):
    assert LIU.id == complain(store, WINDOW, channel="WINDOW")["first_responder"]["id"]


def test_given_the_street_types_it_in_when_registered_then_it_keeps_the_case(store):
    view = complain(store, YANG, channel="PHONE")
    assert (YANG.id, "lijingjie") == (view["first_responder"]["id"], view["lead_unit"])


def test_given_the_one_on_duty_above_is_complained_of_when_registered_then_another_answers(store):
    assert ABOVE.id == complain(store, against_people=[LIU.id], now=NIGHT)["first_responder"]["id"]


@pytest.mark.parametrize("who", SIDE)
def test_given_the_side_complained_of_when_reading_listing_or_acting_then_there_is_no_such_case(store, who):
    view = complain(store)
    tries = [
        (reading.get_appeal, GetAppeal, {}),
        (triage.accept_appeal, AcceptAppeal, {}),
        (triage.decline_appeal, DeclineAppeal, {}),
        (triage.divert_appeal, DivertAppeal, {}),
        (endings.withdraw_appeal, WithdrawAppeal, {}),
        (working.record_contact, RecordContact, {}),
    ]
    for operation, contract, more in tries:
        with pytest.raises(NotFound):
            do(store, operation, contract, who, number=view["number"], **more)
    assert [] == listing(store, who)["items"]


@pytest.mark.parametrize("role", ["DISTRICT", "AUDITOR"])
def test_given_one_of_the_unit_with_a_role_above_when_looking_then_there_is_no_such_case(store, role):
    inside = staff(43, "兼职", Grant(role, "yinchuan", "yinhong"))
    view = complain(store)
    with pytest.raises(NotFound):
        do(store, reading.get_appeal, GetAppeal, inside, number=view["number"])
    assert [] == listing(store, inside)["items"]


@pytest.mark.parametrize("who", SIDE)
def test_given_a_secret_complaint_when_the_side_asks_for_the_telephone_then_there_is_nobody(store, who):
    view = complain(store, secret=True)
    with stored(store, view["number"]) as appeal:
        person = str(appeal.reporter_id)
    with pytest.raises(NotFound):
        do(store, residents.reveal, RevealContact, who, person_id=person)


def test_given_the_street_when_it_accepts_then_its_own_unit_leads(store):
    number = complain(store)["number"]
    view = do(store, triage.accept_appeal, AcceptAppeal, YANG, number=number)
    assert "lijingjie" == view["lead_unit"]


@pytest.mark.parametrize("to", [LISHAN, WANG])
def test_given_the_side_complained_of_when_it_should_handle_then_it_is_refused(store, to):
    number = complain(store)["number"]
    do(store, triage.accept_appeal, AcceptAppeal, LIU, number=number)
    with pytest.raises(Invalid) as refusal:
        assign(store, number, LIU, to)
    assert ["handler_id"] == list(refusal.value.details["fields"])


def test_given_an_ordinary_case_when_a_complaint_should_be_merged_into_it_then_it_is_refused(store):
    number, other = complain(store)["number"], register(store)["number"]
    with pytest.raises(Conflict):
        do(store, endings.merge_appeal, MergeAppeal, LIU, number=number, into_number=other)


def test_given_a_complaint_of_staff_when_called_a_dispute_then_it_is_refused(store):
    number = complain(store, LIU, channel="PHONE")["number"]
    with pytest.raises(Conflict, match="民间纠纷"):
        do(store, disputes.identify_dispute, IdentifyDispute, LIU, number=number)


def test_given_a_complaint_when_told_then_events_carry_codes_of_the_side_and_the_place_above(store):
    complain(store, **ABOUT_LISHAN, secret=True)
    [fact] = facts_of(store)
    assert ["appeal_registered"] == names(store)
    assert (sorted([LISHAN.id, "yinhong"]), STREET) == (fact["data"]["against"], fact["areapath"])
    assert [] == [word for word in ("李珊", "陈阿姨", "13900000001", "骂人") if word in str(fact)]


def test_given_a_complaint_when_the_auditor_and_the_reporter_read_then_they_see_it(store):
    number = complain(store)["number"]
    seen = [do(store, reading.get_appeal, GetAppeal, who, number=number)["number"] for who in (AUDITOR, CHEN, LIU)]
    assert [number] * 3 == seen


def test_given_another_community_when_it_looks_then_there_is_no_such_case(store):
    other = staff(44, "景苑", Grant("COMMUNITY", ELSEWHERE, "jingyuan"))
    complain(store)
    assert [] == listing(store, other)["items"]
