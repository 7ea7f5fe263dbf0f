"""When somebody wants to be phoned, in their own words, as a place on the call sheet."""

from __future__ import annotations

import pytest

from services.notify.call_times import A_DAY, minute_of
from tests.unit.notify import caring
from tests.unit.notify.caring import FRIDAY, SEAT, do, furnish, listed, tick

pytestmark = pytest.mark.row("S1.31")


@pytest.mark.parametrize(
    ("told", "clock"),
    [
        ("上午九点后", "9:00"), ("早上8点半", "8:30"), ("下午3点半", "15:30"), ("14:30", "14:30"),
        ("14：05以后", "14:05"),
        ("3点", "15:00"), ("十点", "10:00"), ("十一点一刻", "11:15"), ("中午十二点", "12:00"), ("中午1点", "13:00"),
        ("中午11点半", "11:30"), ("晚上七点", "19:00"), ("晚8点", "20:00"), ("两点到四点", "14:00"),
        ("午睡起来", "15:00"),
        ("上午", "9:00"), ("下午", "14:00"), ("傍晚", "17:00"), ("9时30分", "9:30"), ("凌晨5点", "5:00"),
        ("早饭以后", "8:00"), ("99点", "23:59"),
    ],
)  # fmt: skip
def test_given_a_time_in_words_when_read_then_it_is_the_minute_it_begins_with(told, clock):
    hour, minute = clock.split(":")
    assert int(hour) * 60 + int(minute) == minute_of(told)


@pytest.mark.parametrize("told", [None, "", "随时", "有时间就行", "都可以"])
def test_given_no_time_when_read_then_it_is_the_last_of_the_day(told):
    assert A_DAY - 1 == minute_of(told)


def sheet(store, **more):
    items, cursor = [], None
    while True:
        page = do(store, "list_care_calls", SEAT, limit=2, cursor=cursor, **more)
        items, cursor = items + page["items"], page["next_cursor"]
        if cursor is None:
            return items


def test_given_a_round_when_its_calls_are_listed_then_who_wants_to_be_phoned_first_comes_first(store):
    furnish(store)
    for no, told in enumerate(("下午3点", None, "上午九点后", "10:30", "随时")):
        listed(store, phone=f"1390000030{no}", preferred_time=told, dialect=f"话{no}")
    tick(store)
    assert ["话2", "话3", "话0", "话1", "话4"] == [each["dialect"] for each in sheet(store)]


def test_given_two_weeks_when_their_calls_are_listed_then_the_later_one_comes_first(store):
    furnish(store)
    listed(store, preferred_time="上午九点")
    tick(store)
    listed(store, phone="13900000309", preferred_time="下午三点")
    tick(store, caring.shanghai(12, 8, 30))
    told = [each["preferred_time"] for each in sheet(store)]
    assert ["上午九点", "下午三点", "上午九点"] == told
    assert FRIDAY < caring.shanghai(12, 8, 30)
