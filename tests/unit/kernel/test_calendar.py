"""Working days: appendix B of the domain, overlays, and years nobody has told us about."""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from kernel.calendar import (
    DayKind,
    InvalidCalendar,
    WorkCalendar,
    assemble,
    end_of,
    last_day,
    load_calendar,
    local_day,
    on_missing_year,
    parse_year,
)

DAYS_OFF = {
    2024: "01-01 02-10…02-17 04-04…04-06 05-01…05-05 06-10 09-15…09-17 10-01…10-07",
    2025: "01-01 01-28…02-04 04-04…04-06 05-01…05-05 05-31…06-02 10-01…10-08",
    2026: "01-01…01-03 02-15…02-23 04-04…04-06 05-01…05-05 06-19…06-21 09-25…09-27 10-01…10-07",
}
WORKING_WEEKENDS = {
    2024: "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    2025: "01-26 02-08 04-27 09-28 10-11",
    2026: "01-04 02-14 02-28 05-09 09-20 10-10",
}
FRIDAYS_OFF_2026 = ["01-02", "02-20", "05-01", "06-19", "09-25", "10-02"]
YEAR_2027 = """
year: 2027
region: cn
basis: 测试用表
confidence: A
illustrative: true
holidays:
  - {from: 2027-01-01, to: 2027-01-03, name: 元旦}
workdays:
  - {date: 2026-12-26, name: 元旦调休}
"""


def days_of(year: int, text: str) -> Iterator[date]:
    for part in text.split():
        first, _, last = part.partition("…")
        day, end = (date.fromisoformat(f"{year}-{edge}") for edge in (first, last or first))
        while day <= end:
            yield day
            day += timedelta(days=1)


@pytest.mark.parametrize("year", DAYS_OFF)
def test_given_a_published_year_then_every_day_is_as_in_the_notice(year: int) -> None:
    off, working = set(days_of(year, DAYS_OFF[year])), set(days_of(year, WORKING_WEEKENDS[year]))
    calendar, day = load_calendar(), date(year, 1, 1)
    while day.year == year:
        expected = day in working or (day.weekday() < 5 and day not in off)
        assert expected == calendar.is_working(day), day
        day += timedelta(days=1)


def test_given_2026_then_these_fridays_are_off() -> None:
    calendar = load_calendar()
    fridays = [date(2026, 1, 2) + timedelta(weeks=week) for week in range(52)]
    assert FRIDAYS_OFF_2026 == [f"{friday:%m-%d}" for friday in fridays if not calendar.is_working(friday)]


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (date(2026, 2, 11), 5, date(2026, 2, 25)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
        (date(2026, 4, 30), 1, date(2026, 5, 6)),
        (date(2025, 9, 26), 1, date(2025, 9, 28)),
    ],
)
def test_given_a_start_when_working_days_are_added_then_the_start_is_not_counted(
    start: date, count: int, expected: date
) -> None:
    calendar = load_calendar()
    assert expected == calendar.add_working_days(start, count)
    assert count == calendar.working_days_between(start, expected)


def test_given_a_friday_round_on_a_day_off_then_the_working_day_before_is_found() -> None:
    assert date(2026, 6, 18) == load_calendar().previous_working(date(2026, 6, 19))


def test_given_the_shipped_table_of_2026_then_it_says_what_the_package_says() -> None:
    shipped, packaged = load_calendar(), assemble([])
    days = [date(2026, 1, 1) + timedelta(days=offset) for offset in range(365)]
    assert [packaged.is_working(day) for day in days] == [shipped.is_working(day) for day in days]


@pytest.mark.parametrize("region", ["nx", "xj", "qh"])
def test_given_a_region_with_holidays_of_its_own_then_only_there_they_are_off(region: str) -> None:
    eid = date(2026, 3, 20)
    assert not load_calendar(region).is_working(eid)
    assert "开斋节" == load_calendar(region).name(eid)
    assert load_calendar().is_working(eid)
    assert load_calendar("bj").is_working(eid)


@pytest.mark.rule("17")
def test_given_a_year_without_notice_then_it_warns_once_counts_each_time_and_the_days_by_law_are_off() -> None:
    calendar, counted = WorkCalendar({}, years=[2026]), list[int]()
    take_off = on_missing_year(counted.append)
    with capture_logs() as logs:
        worked = [calendar.is_working(date(2027, 1, day)) for day in range(1, 5)]
    take_off()
    calendar.is_working(date(2027, 1, 5))
    assert [False, False, False, True] == worked
    assert [2027] * 4 == counted
    assert [("calendar_year_missing", "warning", 2027)] == [
        (line["event"], line["log_level"], line["year"]) for line in logs
    ]


def test_given_a_running_service_when_a_year_is_put_into_the_folder_then_it_counts_at_once(tmp_path: Path) -> None:
    assert not load_calendar(folder=tmp_path).known(2027)
    (tmp_path / "cn-2027.yaml").write_text(YEAR_2027, encoding="utf-8")
    calendar = load_calendar(folder=tmp_path)
    assert calendar.known(2027)
    assert not calendar.is_working(date(2027, 1, 1))
    assert calendar.is_working(date(2026, 12, 26))
    assert not calendar.is_working(date(2026, 10, 1))


def test_given_an_edited_table_when_asked_again_then_the_new_text_counts(tmp_path: Path) -> None:
    path = tmp_path / "cn-2027.yaml"
    path.write_text(YEAR_2027, encoding="utf-8")
    load_calendar(folder=tmp_path)
    path.write_text(YEAR_2027.replace("to: 2027-01-03", "to: 2027-01-05"), encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert not load_calendar(folder=tmp_path).is_working(date(2027, 1, 5))


def test_given_a_national_table_then_it_replaces_the_packaged_year() -> None:
    table = parse_year({"year": 2026, "region": "cn", "basis": "测试", "confidence": "A"})
    assert assemble([table]).is_working(date(2026, 10, 1))


def test_given_a_faulty_table_then_every_fault_is_listed() -> None:
    with pytest.raises(InvalidCalendar) as refused:
        parse_year(
            {
                "year": 2027,
                "region": "",
                "confidence": "X",
                "surprise": 1,
                "holidays": [{"from": date(2027, 1, 3), "to": date(2027, 1, 1)}, {"from": date(2029, 1, 1)}],
                "workdays": [{"date": "2027-01-01"}, {"date": date(2029, 1, 1)}],
            }
        )
    told = "；".join(refused.value.errors)
    for expected in ("region", "basis", "confidence", "surprise", "起止日期", "不属于 2027 年", "的日期不正确", "重复"):
        assert expected in told


def test_given_a_day_of_no_note_then_the_week_decides() -> None:
    calendar = WorkCalendar({date(2026, 1, 3): DayKind.WORKING}, {date(2026, 1, 5): DayKind.OFF})
    assert [True, False, False, True] == [calendar.is_working(date(2026, 1, day)) for day in (3, 4, 5, 6)]


@given(st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 30)))
def test_given_any_moment_then_its_day_ends_at_the_next_local_midnight(moment: datetime) -> None:
    day = local_day(moment.replace(tzinfo=UTC))
    assert day == last_day(end_of(day))
    assert day + timedelta(days=1) == local_day(end_of(day))


@given(st.dates(date(2024, 1, 1), date(2026, 6, 1)), st.integers(1, 60), st.integers(0, 30))
def test_given_any_start_then_adding_working_days_is_strictly_monotone(start: date, count: int, later: int) -> None:
    calendar = load_calendar()
    end = calendar.add_working_days(start, count)
    assert start < end < calendar.add_working_days(start, count + 1)
    assert end <= calendar.add_working_days(start + timedelta(days=later), count)
    assert calendar.is_working(end)


def test_given_a_naive_time_then_it_is_refused() -> None:
    with pytest.raises(ValueError, match="时区"):
        local_day(datetime(2026, 1, 1))
