"""A device proves itself, gives a sign of life or is checked; whose it is stays sealed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from chassis.errors import Conflict, Invalid, NotFound
from chassis.tables import AUDIT
from services.notify.pagers import LIFE
from tests.support.events import names_said, said
from tests.unit.notify.facts import NOW, SERVICE, messages
from tests.unit.notify.pressing import SEAT, alarms, do, letter, pager, press

ARROWS = """
CHECKING record_pager_check ACTIVE | ACTIVE retire_pager RETIRED | CHECKING retire_pager RETIRED
ACTIVE silent CHECKING | CHECKING heard_again ACTIVE
"""


def state_of(store, number):
    return do(store, "get_pager", number=number)["state"]


def silence(store, **passed):
    with store.transaction() as session:
        LIFE.end_due(session, SERVICE, NOW + timedelta(**passed))


def test_given_the_life_when_compared_with_the_table_then_the_arrows_are_the_same():
    told = {tuple(arrow.split()) for line in ARROWS.strip().splitlines() for arrow in line.split("|")}
    assert told == {(str(source), name, str(target)) for source, name, target in LIFE.arrows()}


def test_given_a_person_when_stored_then_what_tells_who_it_is_is_sealed(store):
    pager(store)
    with store.transaction() as session:
        row = session.execute(text("select name, phone, place_text, advice, emergency, geo from pager")).one()
    assert [bytes] * 6 == [type(value) for value in row]


def test_given_a_device_that_rings_when_told_then_nothing_personal_is_on_the_bus(store):
    press(store, pager(store))
    with store.transaction() as session:
        told = str(said(session))
    assert [] == [word for word in ("马秀英", "13900000", "101室", "马*英", "耳背") if word in told]


@pytest.mark.parametrize(("field", "given"), [("agreed", {"agreed": False}), ("area_path", {"area_path": "nowhere"})])
def test_given_what_no_device_may_be_when_registered_then_the_field_says_why(store, field, given):
    with pytest.raises(Invalid) as refused:
        pager(store, **given)
    assert [field] == list(refused.value.details["fields"])


def test_given_a_token_when_issued_anew_then_the_former_ends_and_both_are_audited(store):
    number = pager(store)
    first, second = (do(store, "issue_pager_token", number=number)["token"] for _ in range(2))
    with pytest.raises(NotFound):
        do(store, "signal_pager", SERVICE, number=number, token=first, signal="PRESS")
    rung = do(store, "signal_pager", SERVICE, number=number, token=second, signal="PRESS")
    with store.transaction() as session:
        noted = session.scalars(select(AUDIT.c.act)).all()
    assert (["issue_pager_token"] * 2, [rung["alarm_number"]]) == (noted, [one.number for one in alarms(store)])


@pytest.mark.parametrize("known", [True, False])
def test_given_a_device_without_token_or_none_at_all_when_it_signals_by_http_then_it_is_not_found(store, known):
    number = pager(store) if known else "HE202407080101000010"
    with pytest.raises(NotFound):
        do(store, "signal_pager", SERVICE, number=number, token="x" * 32, signal="PRESS")
    assert [] == alarms(store)


def test_given_a_retired_device_when_it_signals_then_it_is_refused(store):
    number = pager(store)
    do(store, "retire_pager", number=number)
    with pytest.raises(Conflict):
        do(store, "issue_pager_token", number=number)
    assert ("REFUSED", "REFUSED") == (press(store, number), press(store, "HE1"))


@pytest.mark.parametrize("content", [b"\xff\x00", b"[]", {"signal": "SING"}, {"id": "1"}])
def test_given_a_message_nobody_can_read_when_it_comes_from_a_known_device_then_it_rings(store, content):
    assert "PRESS" == press(store, pager(store), content=content)
    assert 1 == len(alarms(store))


def test_given_a_beat_when_heard_then_nothing_rings_and_the_device_was_seen(store):
    number = pager(store)
    assert "BEAT" == press(store, number, content={"signal": "BEAT"})
    assert ([], NOW.isoformat().replace("+00:00", "Z")) == (
        alarms(store),
        do(store, "get_pager", number=number)["last_seen_at"],
    )


@pytest.mark.parametrize(("hours", "state"), [(23, "ACTIVE"), (24, "CHECKING")])
def test_given_a_silent_device_when_a_day_is_over_then_somebody_has_to_check_it(store, hours, state):
    number = pager(store)
    for _ in range(2):
        silence(store, hours=hours)
    told = [row.recipient_id for row in messages(store, "pager_to_check")]
    assert (state, ["community-yinhong"] * (hours == 24)) == (state_of(store, number), told)


def test_given_a_device_that_beats_when_a_day_is_over_then_its_clock_began_anew(store):
    number = pager(store)
    press(store, number, NOW + timedelta(hours=10), {"signal": "BEAT"})
    silence(store, hours=25)
    assert "ACTIVE" == state_of(store, number)


def test_given_a_device_to_check_when_it_is_heard_again_then_the_check_is_over(store):
    number = pager(store)
    silence(store, hours=24)
    press(store, number, NOW + timedelta(hours=25), {"signal": "BEAT"})
    assert ("ACTIVE", []) == (state_of(store, number), messages(store, "pager_to_check"))


def test_given_a_device_when_two_presses_come_at_once_then_they_are_one_incident(store):
    number = pager(store)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: press(store, number), range(2)))
    assert [2] == [alarm.presses for alarm in alarms(store)]


@pytest.mark.parametrize(("seconds", "presses"), [(59, [2]), (60, [1, 1])])
def test_given_a_press_when_another_follows_then_within_a_minute_it_is_the_same_incident(store, seconds, presses):
    number = pager(store)
    press(store, number)
    press(store, number, NOW + timedelta(seconds=seconds))
    assert presses == [alarm.presses for alarm in alarms(store)]


def test_given_an_incident_with_an_outcome_when_pressed_again_at_once_then_it_is_a_new_one(store):
    number = pager(store)
    press(store, number)
    (first,) = alarms(store)
    do(store, "answer_pager_alarm", number=first.number)
    do(store, "classify_pager_alarm", number=first.number, kind="FALSE")
    do(store, "resolve_pager_alarm", number=first.number, outcome="NO_NEED")
    press(store, number, NOW + timedelta(seconds=30))
    assert 2 == len(alarms(store))


def test_given_two_like_messages_without_an_id_when_known_by_their_letters_then_they_are_two():
    first, second = (letter("HE1", arrived_at=NOW + timedelta(minutes=minute)) for minute in (0, 5))
    again = letter("HE1", {"id": "7", "signal": "PRESS"}, arrived_at=NOW)
    once_more = letter("HE1", {"id": "7", "signal": "PRESS"}, arrived_at=NOW + timedelta(minutes=5))
    assert (False, True) == (first.id == second.id, again.id == once_more.id)


def test_given_letters_of_two_devices_when_they_wait_then_each_has_a_turn_of_its_own():
    assert letter("HE1").subject != letter("HE2").subject


def test_given_a_contact_when_revealed_then_why_is_audited(store):
    number = pager(store)
    shown = do(store, "reveal_pager_contact", number=number, purpose="呼叫没人应，打给家人")
    with store.transaction() as session:
        noted = session.scalars(select(AUDIT.c.act)).all()
    assert ("马强", ["reveal_pager_contact"]) == (shown["emergency"]["name"], noted)


def test_given_a_device_when_everything_happens_to_it_then_every_step_is_told(store):
    number = pager(store)
    silence(store, hours=24)
    do(store, "record_pager_check", SEAT, number=number)
    do(store, "retire_pager", SEAT, number=number)
    with store.transaction() as session:
        assert ["pager_registered", "pager_device_silent", "pager_checked", "pager_retired"] == names_said(session)
