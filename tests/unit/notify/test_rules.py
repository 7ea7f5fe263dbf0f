"""Quiet hours and the hours in which people may be called."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.rules import AttemptRules, QuietHours
from tests.unit.notify.facts import NOW, shanghai

NIGHT = QuietHours(time(21), time(8))
moments = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        (shanghai(8, 20, 59), False),
        (shanghai(8, 21), True),
        (shanghai(9, 0), True),
        (shanghai(9, 7, 59), True),
        (shanghai(9, 8), False),
    ],
)
def test_given_the_default_policy_when_asked_then_nine_to_eight_is_quiet(moment, quiet):
    assert quiet is QuietHours.on(moment).cover(moment)


@given(moments)
def test_given_any_moment_when_the_quiet_hours_end_then_that_is_the_first_loud_moment(moment):
    end = NIGHT.end_after(moment)
    assert (False, True) == (NIGHT.cover(end), moment <= end < moment + timedelta(hours=11, seconds=1))
    assert end == moment or NIGHT.cover(end - timedelta(microseconds=1))


@given(moments.filter(NIGHT.cover))
def test_given_a_quiet_moment_when_asked_when_it_began_then_it_was_loud_just_before(moment):
    start = NIGHT.start_before(moment)
    assert (True, False) == (NIGHT.cover(start), NIGHT.cover(start - timedelta(microseconds=1)))
    assert start <= moment


def test_given_quiet_hours_by_day_when_asked_then_they_need_not_span_midnight():
    noon = QuietHours(time(12), time(14))
    assert [False, True, False] == [noon.cover(shanghai(8, hour)) for hour in (11, 13, 14)]


@pytest.mark.parametrize(
    ("missed", "enough"),
    [
        ([shanghai(8, 9), shanghai(8, 10), shanghai(8, 12)], True),
        ([shanghai(8, 9), shanghai(9, 9), shanghai(9, 10)], True),
        ([shanghai(8, 9), shanghai(8, 10), shanghai(8, 11, 59)], False),
        ([shanghai(8, 8, 59), shanghai(8, 10), shanghai(8, 12)], False),
        ([shanghai(8, 9), shanghai(8, 12), shanghai(8, 20)], False),
        ([], False),
    ],
)
def test_given_missed_calls_when_counted_then_three_on_two_half_days_are_enough(missed, enough):
    assert enough is AttemptRules.on(NOW).satisfied_by(missed)
