"""Bookings: a place once, a slot within the posted hours, who does not come is noted by the clock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from kernel.numbers import check
from services.intake import residents
from services.intake.bookings import LIFE, Booking
from tests.support.events import names_said, said
from tests.unit.intake.booking import TEN, book, window_at
from tests.unit.intake.erranding import do
from tests.unit.intake.world import CALLER, CHEN, COMMUNITY, NOTIFY, NOW, OTHER, STRANGER, STREET, WANG, facts_of

ARROWS = {
    ("BOOKED", "cancel_booking", "CANCELLED"), ("BOOKED", "attend_booking", "ATTENDED"),
    ("MISSED", "attend_booking", "ATTENDED"), ("BOOKED", "missed", "MISSED"),
}  # fmt: skip


@pytest.fixture
def window(store):
    with store.transaction() as session:
        window_at(session)
    return store


def free(store, day, now=NOW):
    items = do(store, "list_slots", STRANGER, now, area_path=COMMUNITY, day=day.isoformat())["items"]
    return {item["starts_at"]: item["free"] for item in items}


def test_given_the_life_when_compared_with_the_domain_then_the_arrows_are_the_same():
    assert ARROWS == {(str(source), name, str(target)) for source, name, target in LIFE.arrows()}


@pytest.mark.row("S1.7")
def test_given_a_free_slot_when_booked_then_it_has_a_number_and_the_places_are_one_less(window):
    view = book(window)
    assert ("BOOKED", "K", True, 1) == (
        view["state"], view["number"][0], check(view["number"]), free(window, date(2024, 7, 8))["2024-07-08T02:00:00Z"],
    )  # fmt: skip


@pytest.mark.row("S1.7")
def test_given_one_place_left_when_two_take_it_at_once_then_one_has_it_and_the_other_hears_what_is_free(window):
    book(window)
    with ThreadPoolExecutor(2) as pool:
        tries = [pool.submit(book, window, tail=tail) for tail in (2, 3)]
        (failed,) = [one.exception() for one in tries if one.exception()]
    with window.transaction() as session:
        assert (Conflict, 2) == (type(failed), len(said(session, "booking_made")))
    assert "2024-07-08T00:30:00+00:00" == failed.details["free"][0]


def test_given_a_full_slot_when_one_cancels_then_its_place_is_free_again(window):
    number = book(window)["number"]
    book(window, tail=2)
    do(window, "cancel_booking", number=number)
    assert "BOOKED" == book(window, tail=3)["state"]


def test_given_a_place_when_a_program_gives_it_twice_then_the_store_refuses(window):
    book(window)
    book(window, tail=2)
    with pytest.raises(IntegrityError, match="uq_booking_place"), window.transaction() as session:
        session.query(Booking).update({"place_no": 1})


def test_given_somebody_booked_when_booked_again_for_that_time_then_the_first_is_named(window):
    number = book(window)["number"]
    with pytest.raises(Conflict) as refused:
        book(window)
    assert number == refused.value.details["number"]


WRONG = {
    "the past": {"at": NOW - timedelta(minutes=30)},
    "too far ahead": {"at": TEN + timedelta(days=28)},
    "between two slots": {"at": TEN + timedelta(minutes=10)},
    "after hours": {"at": TEN + timedelta(hours=8)},
    "a Saturday": {"at": TEN - timedelta(days=2)},
    "over closing time": {"at": datetime(2024, 7, 8, 10, 0, tzinfo=UTC)},
}


@pytest.mark.parametrize("given", WRONG.values(), ids=WRONG)
def test_given_a_time_that_is_no_slot_when_booked_then_the_field_says_why(window, given):
    with pytest.raises(Invalid) as refused:
        book(window, **given)
    assert ["starts_at"] == list(refused.value.details["fields"])


@pytest.mark.parametrize("method", ["make_booking", "list_slots"])
def test_given_a_place_without_a_window_when_asked_then_the_field_says_so(window, method):
    with pytest.raises(Invalid) as refused:
        book(window, area_path=STREET) if method == "make_booking" else do(
            window, method, area_path=STREET, day="2024-07-08"
        )
    assert ["area_path"] == list(refused.value.details["fields"])


def test_given_a_holiday_when_looked_at_then_nothing_is_open(window):
    assert ({}, True) == (free(window, date(2024, 7, 6)), len(free(window, date(2024, 7, 8))) == 19)


def test_given_today_when_looked_at_then_only_what_is_to_come(window):
    assert "2024-07-05T01:30:00Z" == min(free(window, date(2024, 7, 5)))


@pytest.mark.row("S1.7")
def test_given_nobody_came_when_twenty_timers_tick_then_it_is_missed_once(window):
    book(window)

    def tick(_: int) -> None:
        with window.transaction() as session:
            LIFE.end_due(session, WANG, TEN + timedelta(minutes=31))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(tick, range(20)))
    with window.transaction() as session:
        assert ["booking_made", "booking_missed"] == names_said(session)


def test_given_one_booking_when_two_close_it_at_once_then_one_does_and_the_other_hears_the_state(window):
    number = book(window)["number"]

    def close(method):
        try:
            return do(window, method, number=number)["state"]
        except Conflict as conflict:
            return conflict.details["state"], conflict.details["command"]

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(close, ["attend_booking", "cancel_booking"]))
    won = {"ATTENDED": "cancel_booking", "CANCELLED": "attend_booking"}
    (state,) = [each for each in outcomes if isinstance(each, str)]
    assert sorted(map(str, outcomes)) == sorted(map(str, [state, (state, won[state])]))
    assert 2 == len(facts_of(window))


@pytest.mark.parametrize("late", [False, True])
def test_given_somebody_who_comes_even_late_when_ticked_off_then_the_visit_counts(window, late):
    number = book(window)["number"]
    with window.transaction() as session:
        LIFE.end_due(session, WANG, TEN + timedelta(minutes=31 if late else 29))
    assert "ATTENDED" == do(window, "attend_booking", number=number)["state"]


def test_given_a_resident_when_booking_for_herself_then_she_sees_and_cancels_it_and_others_do_not(window):
    number = book(window, CHEN)["number"]
    with pytest.raises(NotFound):
        do(window, "get_booking", STRANGER, number=number)
    assert "CANCELLED" == do(window, "cancel_booking", CHEN, number=number)["state"]


def test_given_who_answers_no_desk_when_booking_then_it_is_forbidden(window):
    with pytest.raises(Forbidden):
        book(window, CALLER)


def test_given_a_booking_when_told_then_nobody_is_named_and_notify_learns_the_telephone(window):
    book(window)
    with window.transaction() as session:
        person = session.query(Booking).one().applicant_id
        told = str(said(session))
        contact = residents.reveal(session, NOTIFY, {"person_id": person, "purpose": "NOTIFY"}, NOW)
        with pytest.raises(NotFound):
            residents.reveal(session, OTHER, {"person_id": person, "purpose": "看看"}, NOW)
    assert (False, False, "13900000001") == ("李建国" in told, "13900000001" in told, contact["phone"])


@pytest.mark.row("S1.5")
def test_given_staggered_hours_when_looked_at_then_the_evening_and_the_saturday_can_be_booked(store):
    with store.transaction() as session:
        window_at(session, "WORKDAYS 08:30-18:00; TUE THU 18:00-20:00; DAYS_OFF 09:30-12:00")
    slots = {day: sorted(free(store, date(2024, 7, day))) for day in (6, 8, 9)}
    assert {
        6: ("2024-07-06T01:30:00Z", "2024-07-06T03:30:00Z", 5),
        8: ("2024-07-08T00:30:00Z", "2024-07-08T09:30:00Z", 19),
        9: ("2024-07-09T00:30:00Z", "2024-07-09T11:30:00Z", 23),
    } == {day: (found[0], found[-1], len(found)) for day, found in slots.items()}
