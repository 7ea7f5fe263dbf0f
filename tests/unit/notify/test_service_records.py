"""Hours of volunteers: one record a deed, confirmed by somebody else, and never twice at one time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from chassis.errors import Conflict, Forbidden, Invalid
from contracts.dispatch.turnouts import VolunteerHoursLogged
from kernel.numbers import case_number
from services.notify.service_records import LIFE, ServiceRecord
from tests.support.events import said
from tests.unit.notify import serving
from tests.unit.notify.facts import COMMUNITY, NOW, SERVICE, fact, messages, tell
from tests.unit.notify.serving import BEGAN, LEADER, MEMBER, granted, served, wish_recorded
from tests.unit.notify.wishing import CLERK, HELPER, OTHER_HELPER, do, posted

pytestmark = pytest.mark.row("S2.7")

ARROWS = "CLAIMED confirm_service CONFIRMED | CLAIMED refuse_service REFUSED | REFUSED correct_service CLAIMED"
WHISTLE = case_number("W", NOW.date(), "0100", 1)


@pytest.fixture
def store(store):
    serving.furnish(store)
    return store


def rows(store):
    with store.transaction() as session:
        return list(session.scalars(select(ServiceRecord).order_by(ServiceRecord.created_at, ServiceRecord.id)))


def logged(store, no=1, minutes=60, began=BEGAN, version=1, **data):
    told = {
        "number": case_number("VO", NOW.date(), "0100", no), "whistle": WHISTLE,
        "volunteer": {"id": HELPER.id, "name": HELPER.name}, "minutes": minutes, "began_at": began,
        "confirmed_by": {"id": CLERK.id, "name": CLERK.name}, **data,
    }  # fmt: skip
    event = fact(VolunteerHoursLogged, told, version, area_path=COMMUNITY)
    tell(store, event)
    return event


def test_given_the_life_when_compared_with_the_told_one_then_the_arrows_are_the_same():
    told = {tuple(arrow.split()) for arrow in ARROWS.split("|")}
    assert told == {(str(source), name, str(target)) for source, name, target in LIFE.arrows()}


def test_given_a_wish_she_granted_when_the_volunteer_records_it_then_the_community_is_asked_to_confirm(store):
    number = wish_recorded(store)
    shown = do(store, "confirm_service", CLERK, number=number)
    assert ("CONFIRMED", 40, CLERK.id) == (shown["state"], shown["minutes"], shown["confirmed_by"]["id"])
    assert [] == messages(store, "service_to_confirm")


def test_given_a_wish_that_is_not_confirmed_when_recorded_then_it_is_refused(store):
    with pytest.raises(Conflict):
        wish_recorded(store, wish=posted(store, "FULFILLED"))


def test_given_a_wish_somebody_else_granted_when_recorded_then_it_is_forbidden(store):
    with pytest.raises(Forbidden):
        wish_recorded(store, OTHER_HELPER, granted(store))


def test_given_a_wish_when_recorded_twice_at_once_then_one_record_stands(store):
    wish = granted(store)
    with ThreadPoolExecutor(2) as both:
        tries = [both.submit(wish_recorded, store, wish=wish) for _ in range(2)]
        failed = [type(one.exception()) for one in tries if one.exception()]
    assert ([Conflict], 1) == (failed, len(rows(store)))


def test_given_a_second_record_of_a_deed_when_written_past_all_checks_then_the_database_refuses_it(store):
    wish_recorded(store)
    with store.transaction() as session:
        (row,) = session.execute(select(ServiceRecord.__table__)).mappings()
    with pytest.raises(IntegrityError), store.transaction() as session:
        session.execute(insert(ServiceRecord).values({**row, "id": SERVICE_ID}))


SERVICE_ID = "00000000-0000-7000-8000-000000000009"


def test_given_hours_yet_to_come_when_recorded_then_they_are_refused(store):
    with pytest.raises(Invalid):
        wish_recorded(store, began=NOW - timedelta(minutes=10), minutes=11)


@pytest.mark.parametrize("method", ["confirm_service", "refuse_service"])
def test_given_the_volunteer_with_an_office_of_her_own_when_judging_her_hours_then_it_is_forbidden(store, method):
    number = served(store)
    both = type(MEMBER)(MEMBER.id, MEMBER.name, (*MEMBER.grants, *CLERK.grants))
    more = {"refusal": "不对"} if method == "refuse_service" else {}
    with pytest.raises(Forbidden):
        do(store, method, both, number=number, **more)


@pytest.mark.parametrize(("asked", "counted"), [(None, 90), (60, 60)])
def test_given_a_record_when_confirmed_then_these_minutes_count(store, asked, counted):
    assert counted == do(store, "confirm_service", CLERK, number=served(store), minutes=asked)["minutes"]


def test_given_more_than_was_recorded_when_confirmed_then_it_is_refused(store):
    with pytest.raises(Invalid):
        do(store, "confirm_service", CLERK, number=served(store), minutes=91)


def test_given_a_refusal_when_corrected_then_it_is_judged_again(store):
    number = served(store)
    do(store, "refuse_service", CLERK, number=number, refusal="只来了一小时")
    waits = [row.recipient_id for row in messages(store, "service_refused")]
    do(store, "correct_service", MEMBER, number=number, began_at=BEGAN.isoformat(), minutes=60)
    shown = do(store, "confirm_service", CLERK, number=number)
    assert ([MEMBER.id], "CONFIRMED", 60) == (waits, shown["state"], shown["minutes"])


def test_given_two_deeds_at_one_time_when_both_are_confirmed_then_the_second_names_the_first(store):
    first = wish_recorded(store, minutes=90)
    second = served(store, who=LEADER)
    do(store, "confirm_service", CLERK, number=first)
    with pytest.raises(Conflict) as refused:
        do(store, "confirm_service", CLERK, number=second)
    assert first == refused.value.details["other"]


def test_given_two_deeds_one_after_the_other_when_confirmed_then_both_count(store):
    first = wish_recorded(store, minutes=30)
    second = wish_recorded(store, began=BEGAN + timedelta(minutes=30), minutes=30)
    states = [do(store, "confirm_service", CLERK, number=each)["state"] for each in (first, second)]
    assert ["CONFIRMED"] * 2 == states


def test_given_two_deeds_at_one_time_when_confirmed_at_once_then_one_counts(store):
    numbers = wish_recorded(store, minutes=90), served(store, who=LEADER)
    with ThreadPoolExecutor(2) as both:
        tries = [both.submit(do, store, "confirm_service", CLERK, number=each) for each in numbers]
        failed = [type(one.exception()) for one in tries if one.exception()]
    assert ([Conflict], 1) == (failed, sum(row.state == "CONFIRMED" for row in rows(store)))


def test_given_hours_confirmed_at_a_whistle_when_heard_twice_then_they_are_recorded_once_as_confirmed(store):
    logged(store)
    logged(store, version=2)
    (row,) = rows(store)
    assert ("CONFIRMED", 60, "WHISTLE", CLERK.id) == (row.state, row.minutes, row.source, row.confirmed_by_id)


def test_given_an_older_peer_when_it_tells_of_hours_then_they_wait_for_confirmation(store):
    logged(store, began_at=None, confirmed_by=None)
    (row,) = rows(store)
    assert ("CLAIMED", NOW) == (row.state, row.ended_at)


def test_given_hours_of_a_whistle_at_the_time_of_another_deed_when_heard_then_somebody_has_to_judge(store):
    do(store, "confirm_service", CLERK, number=wish_recorded(store, minutes=90))
    logged(store)
    assert ["CONFIRMED", "CLAIMED"] == [row.state for row in rows(store)]


@pytest.mark.parametrize("seed", range(3))
def test_given_any_deeds_when_confirmed_in_any_order_then_no_minute_of_a_volunteer_counts_twice(store, seed):
    chance = Random(seed)
    for no in range(1, 15):
        began = BEGAN - timedelta(minutes=chance.randrange(0, 400))
        logged(store, no, chance.randrange(1, 120), began, confirmed_by=None)
    for row in chance.sample(rows(store), 14):
        with suppress(Conflict):
            do(store, "confirm_service", CLERK, number=row.number)
    kept = sorted((row.began_at, row.ended_at) for row in rows(store) if row.state == "CONFIRMED")
    assert [] == [pair for pair in pairwise(kept) if pair[0][1] > pair[1][0]]
    assert kept


def test_given_hours_nobody_confirms_when_the_limit_comes_near_then_the_community_is_warned(store):
    served(store)
    with store.transaction() as session:
        LIFE.warn(session, SERVICE, NOW + timedelta(days=5))
        assert 1 == len(said(session, "notify_deadline_approaching"))
