"""Counting limits: appendix B of the domain and what must hold for any start."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import SHANGHAI, at, end_of, last_day, load_calendar, local
from kernel.deadlines import (
    STANDARD_HOURS,
    BusinessHours,
    InvalidHours,
    InvalidLimit,
    Limit,
    Unit,
    add_business_time,
    business_time_between,
    due_at,
    extended,
    resumed,
)

CALENDAR = load_calendar()
STARTS = st.datetimes(datetime(2024, 1, 1), datetime(2026, 8, 1), timezones=st.just(UTC))
LIMITS = st.builds(Limit, st.integers(1, 40), st.sampled_from([unit for unit in Unit if unit is not Unit.MONTHS]))


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def due(start: str, limit: str, hours: BusinessHours | None = None) -> datetime:
    return due_at(shanghai(start), Limit.parse(limit), CALENDAR, hours)


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        ("2026-02-11 10:00", "5wd", date(2026, 2, 25)),
        ("2026-09-30 10:00", "3wd", date(2026, 10, 10)),
        ("2026-04-30 10:00", "1wd", date(2026, 5, 6)),
        ("2025-09-26 10:00", "1wd", date(2025, 9, 28)),
        ("2026-01-16 10:00", "30d", date(2026, 2, 24)),
        ("2026-03-02 10:00", "60d", date(2026, 5, 6)),
        ("2024-07-09 10:00", "30d", date(2024, 8, 8)),
    ],
)
def test_given_a_day_limit_then_it_ends_at_24_00_of_the_day_in_appendix_b(
    start: str, limit: str, expected: date
) -> None:
    assert expected == last_day(due(start, limit))
    assert end_of(expected) == due(start, limit)


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [("2026-02-16 23:30", "2h", "2026-02-17 01:30"), ("2026-02-16 23:30", "24h", "2026-02-17 23:30")],
)
def test_given_an_hour_limit_in_spring_festival_then_it_runs_by_the_wall_clock(
    start: str, limit: str, expected: str
) -> None:
    assert shanghai(expected) == due(start, limit)


@pytest.mark.parametrize("clock", ["00:00", "23:59"])
def test_given_any_time_of_the_start_day_then_a_day_limit_ends_the_same(clock: str) -> None:
    assert date(2026, 2, 25) == last_day(due(f"2026-02-11 {clock}", "5wd"))


def test_given_the_small_hours_then_the_local_day_is_the_start_and_not_the_day_in_utc() -> None:
    assert date(2026, 3, 11) == last_day(due("2026-03-10 00:30", "1wd"))


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-03-10 09:00", "2026-03-10 15:00"),
        ("2026-03-10 08:00", "2026-03-10 15:00"),
        ("2026-03-10 11:00", "2026-03-10 17:00"),
        ("2026-03-10 12:30", "2026-03-10 18:00"),
        ("2026-03-10 17:00", "2026-03-11 12:00"),
        ("2026-03-13 17:00", "2026-03-16 12:00"),
        ("2026-02-14 17:00", "2026-02-24 12:00"),
        ("2026-02-16 10:00", "2026-02-24 15:00"),
    ],
)
def test_given_four_business_hours_then_lunch_nights_and_days_off_do_not_count(start: str, expected: str) -> None:
    assert shanghai(expected) == due(start, "4bh")


def test_given_posted_hours_then_they_count_instead_of_the_standard_ones() -> None:
    window = BusinessHours.parse(["10:00-12:00"])
    assert shanghai("2026-03-11 11:00") == due("2026-03-10 11:00", "2bh", window)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-01-31 10:00", date(2026, 7, 31)),
        ("2025-08-31 10:00", date(2026, 2, 28)),
        ("2025-11-16 10:00", date(2026, 5, 18)),
    ],
)
def test_given_months_then_they_end_on_the_same_day_or_the_last_and_roll(start: str, expected: date) -> None:
    assert expected == last_day(due(start, "6mo"))


@given(STARTS, LIMITS)
def test_given_any_start_and_limit_then_due_is_after_the_start(start: datetime, limit: Limit) -> None:
    assert start < due_at(start, limit, CALENDAR)


@given(STARTS, LIMITS, st.timedeltas(timedelta(), timedelta(days=30)))
def test_given_a_later_start_then_due_is_never_earlier(start: datetime, limit: Limit, later: timedelta) -> None:
    assert due_at(start, limit, CALENDAR) <= due_at(start + later, limit, CALENDAR)


@given(STARTS, LIMITS)
def test_given_a_longer_limit_then_due_is_never_earlier(start: datetime, limit: Limit) -> None:
    longer = Limit(limit.amount + 1, limit.unit)
    assert due_at(start, limit, CALENDAR) <= due_at(start, longer, CALENDAR)


@given(STARTS, st.integers(1, 40), st.sampled_from([Unit.DAYS, Unit.WORKING_DAYS]))
def test_given_a_day_limit_then_its_last_day_is_a_working_day(start: datetime, amount: int, unit: Unit) -> None:
    assert CALENDAR.is_working(last_day(due_at(start, Limit(amount, unit), CALENDAR)))


@given(STARTS, st.integers(1, 40))
def test_given_business_hours_then_just_so_much_open_time_lies_between(start: datetime, hours: int) -> None:
    end = add_business_time(start, timedelta(hours=hours), CALENDAR, STANDARD_HOURS)
    assert timedelta(hours=hours) == business_time_between(start, end, CALENDAR, STANDARD_HOURS)
    clock = local(end).time()
    assert any(opens < clock <= closes for opens, closes in STANDARD_HOURS.slots)


@given(STARTS, LIMITS, st.timedeltas(timedelta(), timedelta(days=20)))
def test_given_a_pause_then_due_is_never_earlier(start: datetime, limit: Limit, stood: timedelta) -> None:
    first = due_at(start, limit, CALENDAR)
    assert first <= resumed(first, limit.unit, (start, start + stood), CALENDAR)


@pytest.mark.parametrize(
    ("limit", "halt", "again", "expected"),
    [
        ("5wd", "2026-03-03 10:00", "2026-03-05 10:00", "2026-03-12 00:00"),
        ("5wd", "2026-03-03 10:00", "2026-03-03 16:00", "2026-03-10 00:00"),
        ("5wd", "2026-03-06 10:00", "2026-03-08 16:00", "2026-03-10 00:00"),
        ("10d", "2026-03-03 10:00", "2026-03-05 10:00", "2026-03-17 00:00"),
        ("2h", "2026-03-02 10:30", "2026-03-02 11:30", "2026-03-02 13:00"),
        ("4bh", "2026-03-02 11:00", "2026-03-02 15:00", "2026-03-02 18:00"),
    ],
)
def test_given_a_stop_then_the_time_it_stood_is_given_back_in_the_limits_unit(
    limit: str, halt: str, again: str, expected: str
) -> None:
    stopped = (shanghai(halt), shanghai(again))
    assert shanghai(expected) == resumed(due("2026-03-02 10:00", limit), Limit.parse(limit).unit, stopped, CALENDAR)


@pytest.mark.parametrize(
    ("by", "expected"),
    [("2h", "2026-03-11 02:00"), ("3wd", "2026-03-14 00:00"), ("4d", "2026-03-17 00:00"), ("4bh", "2026-03-11 15:00")],
)
def test_given_a_day_limit_when_it_is_extended_then_counting_goes_on_from_its_last_day(by: str, expected: str) -> None:
    assert shanghai(expected) == extended(end_of(date(2026, 3, 10)), Limit.parse(by), CALENDAR)


@pytest.mark.parametrize("text", ["5wd", "2h", "4bh", "15d", "30min", "30s", "6mo"])
def test_given_a_written_limit_then_it_reads_back_as_written(text: str) -> None:
    assert text == str(Limit.parse(text))


@pytest.mark.parametrize("text", ["", "0h", "-1d", "5", "wd", "5 wd", "1.5h", "5WD", "99999h", "５d"])
def test_given_text_that_is_no_limit_then_it_is_refused(text: str) -> None:
    with pytest.raises(InvalidLimit):
        Limit.parse(text)


def test_given_limits_then_people_read_them_in_chinese() -> None:
    assert ["5个工作日", "2小时", "4个办公小时", "15天"] == [
        Limit.parse(text).label for text in ("5wd", "2h", "4bh", "15d")
    ]


@pytest.mark.parametrize("slots", [[], ["09:00-09:00"], ["09:00-12:00", "11:00-13:00"], ["9-12"], ["25:00-26:00"]])
def test_given_hours_that_make_no_sense_then_they_are_refused(slots: list[str]) -> None:
    with pytest.raises(InvalidHours):
        BusinessHours.parse(slots)


def test_given_a_day_off_then_the_service_point_does_not_open() -> None:
    assert [] == list(STANDARD_HOURS.openings(date(2026, 2, 16), CALENDAR))
    first = next(STANDARD_HOURS.openings(date(2026, 2, 14), CALENDAR))
    assert (at(date(2026, 2, 14), time(9)), at(date(2026, 2, 14), time(12))) == first


@pytest.mark.rule("15")
def test_given_hours_over_midnight_then_the_night_of_the_day_before_is_open_too() -> None:
    hours = BusinessHours.parse(["14:00-16:00", "20:00-08:00"])
    assert shanghai("2026-07-07 15:00") == due("2026-07-07 05:00", "4bh", hours)


@pytest.mark.rule("15")
def test_given_a_night_that_runs_into_the_first_slot_then_it_is_refused() -> None:
    with pytest.raises(InvalidHours):
        BusinessHours.parse(["08:00-12:00", "20:00-09:00"])
