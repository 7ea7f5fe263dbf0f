"""民情诊断室: people of several organisations sit in turn; what comes in is settled face to face or goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, text

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from services.intake.clinics import LIFE
from services.intake.rota import Turn
from tests.unit.intake import campaigning as at
from tests.unit.intake.sitting import GE, MONDAY, ROOM, SAID, SHANG, TUESDAY, WU, furnish, received
from tests.unit.intake.world import CHEN, facts_of

ARROWS = {("RECEIVED", "settle_consultation", "SETTLED"), ("RECEIVED", "raise_consultation", "RAISED")}
SETTLED = {"result": "当场联系物业电工，下午换好", "agreed": True}


@pytest.fixture
def room(store):
    with store.transaction() as session:
        furnish(session)
    return store


def board(store, now, place=at.QINYUAN):
    items = at.do(store, "list_turns", CHEN, now, area_path=place)["items"]
    return [(turn["state"], turn["name"], turn["org_name"]) for turn in items]


def test_given_the_life_when_compared_with_the_told_one_then_the_arrows_are_the_same():
    assert ARROWS == {(str(source), name, str(target)) for source, name, target in LIFE.arrows()}


@pytest.mark.row("S3.1")
@pytest.mark.parametrize(
    ("now", "first"),
    [(MONDAY, ("SITTING", "葛艳霞", "沁苑社区")), (TUESDAY, ("SITTING", "尚文静", "沁苑物业公司"))],
    ids=["Monday", "Tuesday"],
)
def test_given_the_rota_when_anybody_looks_then_who_sits_now_stands_first_with_the_organisation(room, now, first):
    assert (first, 2) == (board(room, now)[0], len(board(room, now, f"{at.QINYUAN}.g1")))


@pytest.mark.row("S3.1")
def test_given_a_turn_when_somebody_comes_in_then_the_receiver_and_her_organisation_are_kept(room):
    view = received(room, SHANG, TUESDAY, asker=WU)
    assert ("RECEIVED", ROOM, "尚文静", "沁苑物业公司", "吴*河") == (
        view["state"], view["room"], view["receiver"]["name"], view["org_name"], view["asker"]["masked_name"],
    )  # fmt: skip


def test_given_somebody_of_the_rota_when_another_sits_then_she_may_stand_in(room):
    assert "沁苑社区" == received(room, GE, TUESDAY)["org_name"]


@pytest.mark.parametrize(
    ("who", "now", "refused", "words"),
    [
        (GE, MONDAY + timedelta(hours=5), Conflict, "没有人坐诊"),
        (at.FAN, MONDAY, Conflict, "现在坐诊的是葛艳霞"),
        (at.ZOU, MONDAY, Forbidden, "没有办理此事的权限"),
    ],
    ids=["nobody sits", "not in the rota", "no right"],
)
def test_given_no_turn_when_received_then_the_refusal_says_why(room, who, now, refused, words):
    with pytest.raises(refused, match=words):
        received(room, who, now)


def test_given_a_place_without_a_room_when_received_then_the_field_says_so(store):
    with store.transaction() as session:
        at.furnish(session)
    with pytest.raises(Invalid) as refused:
        received(store)
    assert ["area_path"] == list(refused.value.details["fields"])


@pytest.mark.row("S3.1")
def test_given_a_small_matter_when_settled_face_to_face_then_no_appeal_grows_of_it(room):
    number = received(room)["number"]
    view = at.do(room, "settle_consultation", GE, MONDAY, number=number, **SETTLED)
    assert ("SETTLED", None, []) == (view["state"], view["raised"], facts_of(room, "appeal_registered"))


def test_given_whoever_came_does_not_agree_when_settled_then_the_field_says_what_to_do(room):
    number = received(room)["number"]
    with pytest.raises(Invalid) as refused:
        at.do(room, "settle_consultation", GE, MONDAY, number=number, **{**SETTLED, "agreed": False})
    assert {"agreed": ["来访人不认可的，请转为诉求"]} == refused.value.details["fields"]


@pytest.mark.row("S1.3")
@pytest.mark.row("S1.8")
@pytest.mark.row("S3.1")
def test_given_the_property_firms_turn_when_it_goes_on_then_the_receiver_is_first_responder_and_nobody_asks_twice(room):
    number = received(room, SHANG, TUESDAY, asker=WU)["number"]
    told = at.do(room, "raise_consultation", SHANG, TUESDAY, number=number, area_path=at.FIRST, **at.APPEAL)
    appeal = at.do(room, "get_appeal", GE, TUESDAY, number=told["raised"])
    assert ("RAISED", SHANG.id, "吴*河", "WINDOW", "RESIDENT") == (
        told["state"], appeal["first_responder"]["id"], appeal["reporter"]["masked_name"], appeal["channel"],
        appeal["source"],
    )  # fmt: skip


def test_given_a_consultation_when_read_then_only_by_the_receiver_and_who_answers_for_the_place(room):
    number = received(room, SHANG, TUESDAY)["number"]
    words = {who.name: at.do(room, "get_consultation", who, number=number).get("matter") for who in (GE, SHANG)}
    street = at.do(room, "get_consultation", at.STREET_OFFICER, number=number)
    with pytest.raises(NotFound):
        at.do(room, "get_consultation", at.ZOU, number=number)
    assert ({"葛艳霞": SAID, "尚文静": SAID}, None) == (words, street.get("matter"))


def test_given_a_consultation_when_stored_and_told_then_its_words_are_sealed_and_nowhere_on_the_bus(room):
    received(room, asker=WU)
    with room.transaction() as session:
        (kept,) = session.execute(text("select matter from consultation")).one()
    told = str(facts_of(room))
    assert (bytes, []) == (type(kept), [word for word in ("灯", "吴启河", WU["phone"]) if word in told])


def booked(store, when=MONDAY, who=GE, **more):
    applicant = {key: WU[key] for key in ("name", "phone")}
    asked = {
        "area_path": at.QINYUAN,
        "room": ROOM,
        "starts_at": when.isoformat(),
        "matter": "OTHER",
        "applicant": applicant,
    }
    return at.do(store, "make_booking", who, when - timedelta(days=3), **{**asked, **more})["number"]


def booking_state(room, number):
    return at.do(room, "get_booking", GE, number=number)["state"]


@pytest.mark.row("S4.27")
def test_given_who_booked_when_received_then_the_booking_is_used_and_nothing_is_asked_again(room):
    number = booked(room)
    view = received(room, booking=number)
    assert ("吴*河", "ATTENDED") == (view["asker"]["masked_name"], booking_state(room, number))


@pytest.mark.row("S4.27")
def test_given_a_slot_of_a_room_when_taken_then_the_next_hears_which_are_free(room):
    booked(room)
    with pytest.raises(Conflict) as refused:
        booked(room, applicant={"name": "马建国", "phone": "13900000602"})
    free = [(MONDAY + timedelta(minutes=minutes)).isoformat() for minutes in (-60, -30, 30)]
    assert free == refused.value.details["free"]


def test_given_the_hours_of_the_rota_when_asked_then_the_slots_are_those(room):
    slots = at.do(room, "list_slots", GE, MONDAY - timedelta(days=3), area_path=at.QINYUAN, room=ROOM, day="2024-07-08")
    assert ("2024-07-08T01:00:00Z", 6, {1}) == (
        slots["items"][0]["starts_at"], len(slots["items"]), {one["free"] for one in slots["items"]},
    )  # fmt: skip


def test_given_no_such_room_when_booked_then_refused_by_field(room):
    with pytest.raises(Invalid) as refused:
        booked(room, room="别的房间")
    assert ["room"] == list(refused.value.details["fields"])


def test_given_a_booking_of_another_room_when_received_then_refused_and_it_still_stands(room):
    with room.transaction() as session:
        hours = {"hours": "MON 09:00-12:00", "org_name": "沁苑社区", "room": "书记接待室", "area_path": at.QINYUAN}
        session.add(Turn(person_id=GE.id, person_name=GE.name, **hours))
    number = booked(room, room="书记接待室")
    with room.transaction() as session:
        session.execute(delete(Turn).where(Turn.room == "书记接待室"))
    with pytest.raises(Invalid):
        received(room, booking=number)
    assert "BOOKED" == booking_state(room, number)


def test_given_a_booking_when_received_twice_then_one_effect_and_a_conflict(room):
    number = booked(room)
    received(room, booking=number)
    with pytest.raises(Conflict):
        received(room, booking=number)
