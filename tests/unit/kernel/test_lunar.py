"""Lunar days against a second library, day by day, leap months included; birthdays in years that lack their day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as any_of

from kernel.calendar.lunar import FIRST, LAST, LunarDay, in_year, lunar_day, next_birthday, read, within

LEAPS = [1903, 1906, 1922, 1933, 1947, 1966, 1984, 2004, 2020, 2023, 2025, 2033, 2052, 2061, 2080, 2088]
TOLD = [
    (date(1900, 1, 31), "正月初一"), (date(1933, 7, 22), "闰五月三十"), (date(1954, 11, 25), "冬月初一"),
    (date(1978, 9, 2), "七月三十"), (date(2024, 2, 10), "正月初一"), (date(2024, 6, 10), "五月初五"),
    (date(2025, 7, 25), "闰六月初一"), (date(2033, 12, 22), "闰冬月初一"), (date(2034, 1, 20), "腊月初一"),
    (date(2057, 9, 28), "八月三十"),
]  # fmt: skip
"""The first days, and those about which libraries differ (findings/lunar_days.sh)."""


@pytest.mark.parametrize(("day", "words"), TOLD)
def test_given_a_known_day_when_told_then_the_words_are_those_of_the_almanac(day, words):
    assert words == str(lunar_day(day))


def test_given_another_library_when_compared_then_both_agree_on_every_day_asked():
    other = pytest.importorskip("lunar_python", reason="lunar-python is not installed: pip install lunar-python==1.4.8")
    days = (FIRST + timedelta(days=each) for each in range(0, (LAST - FIRST).days, 13))
    odd = []
    for day in days:
        told = other.Solar.fromYmd(day.year, day.month, day.day).getLunar()
        if lunar_day(day) != LunarDay(abs(told.getMonth()), told.getDay(), told.getMonth() < 0):
            odd.append(day)
    assert [] == odd


@given(any_of.dates(FIRST, date(2088, 1, 31)))
def test_given_any_day_when_told_and_read_then_it_is_the_birthday_of_that_day(day):
    told = lunar_day(day)
    assert (told, day) == (read(str(told)), next_birthday(told, day))


@pytest.mark.parametrize(
    ("words", "found"),
    [("五月初五", (5, 5, False)), ("闰 四月 初一", (4, 1, True)), ("十二月三十", (12, 30, False)),
     ("腊月廿三", (12, 23, False)), ("十一月二十三", (11, 23, False)), ("一月二十", (1, 20, False))],
)  # fmt: skip
def test_given_a_day_as_people_tell_it_when_read_then_it_is_found(words, found):
    assert LunarDay(*found) == read(words)


@pytest.mark.parametrize("words", ["", "5月5日", "十三月初一", "五月初十一", "五月卅一", "闰月初一", "五月"])
def test_given_no_lunar_day_when_read_then_it_is_none(words):
    assert read(words) is None


def test_given_a_leap_birthday_when_the_year_lacks_the_month_then_the_month_before_counts():
    assert [date(2025, 7, 25), date(2026, 7, 14)] == [in_year(LunarDay(6, 1, True), year) for year in (2025, 2026)]


def test_given_the_thirtieth_when_the_month_is_short_then_it_is_the_twenty_ninth():
    kept = {year: in_year(LunarDay(12, 30), year) for year in (2023, 2024)}
    assert {2023: date(2024, 2, 9), 2024: date(2025, 1, 28)} == kept
    assert ["腊月三十", "腊月廿九"] == [str(lunar_day(day)) for day in kept.values()]


@pytest.mark.parametrize("year", LEAPS)
def test_given_a_year_with_a_leap_month_when_walked_then_every_day_follows_the_one_before(year):
    day, before = date(year, 2, 22), lunar_day(date(year, 2, 21))
    seen = set()
    while day < date(year, 12, 31):
        now = lunar_day(day)
        assert now.day == before.day + 1 or (now.day == 1 and before.day in (29, 30))
        seen.add(now.leap)
        day, before = day + timedelta(days=1), now
    assert True in seen


def test_given_a_birthday_within_the_week_when_asked_then_its_date_is_told_and_a_later_one_is_not():
    duanwu = LunarDay(5, 5)
    assert [date(2024, 6, 10), None] == [within(duanwu, date(2024, 6, day), 7) for day in (7, 3)]


def test_given_a_day_outside_the_years_compared_when_told_then_it_is_refused():
    with pytest.raises(ValueError, match="outside"):
        lunar_day(LAST + timedelta(days=1))
