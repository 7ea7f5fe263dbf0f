"""A year without notice: the days fixed by law and the weekends are off, and somebody is told that the notice lacks."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest
import yaml
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from kernel.calendar import DayKind, WorkCalendar, assemble, load_calendar, missing, parse_year, read_year
from kernel.calendar.lawful import lawful
from kernel.reference import data_folder

pytestmark = pytest.mark.rule("17")

TOLD = {
    2025: "01-01 01-28 01-29 01-30 01-31 04-04 05-01 05-02 05-31 10-01 10-02 10-03 10-06",
    2026: "01-01 02-16 02-17 02-18 02-19 04-05 05-01 05-02 06-19 09-25 10-01 10-02 10-03",
    2027: "01-01 02-05 02-06 02-07 02-08 04-05 05-01 05-02 06-09 09-15 10-01 10-02 10-03",
    2028: "01-01 01-25 01-26 01-27 01-28 04-04 05-01 05-02 05-28 10-01 10-02 10-03",
}
"""2025 and 2026 as in the notices, 2027 and 2028 by three lunar libraries (Mid-Autumn 2028 falls on 3 October)."""
ALERTS = Path(__file__).parents[3] / "deploy" / "prometheus" / "alerts.yml"


@pytest.mark.parametrize("year", TOLD)
def test_given_a_year_then_the_days_fixed_by_law_are_these(year: int) -> None:
    assert TOLD[year].split() == [f"{day:%m-%d}" for day in sorted(lawful(year))]


@pytest.mark.parametrize("year", [2025, 2026])
def test_given_a_year_with_notice_then_every_day_by_law_is_off_in_it(year: int) -> None:
    assert [] == [day for day in lawful(year) if day not in chinese_calendar.holidays]


def test_given_a_year_the_table_does_not_reach_then_the_holidays_of_the_common_calendar_are_off() -> None:
    assert ["01-01", "05-01", "05-02", "10-01", "10-02", "10-03"] == [f"{day:%m-%d}" for day in sorted(lawful(2099))]
    assert {} == lawful(2024)


@pytest.mark.parametrize("year", [2027, 2028])
def test_given_a_year_without_notice_then_only_those_days_and_weekends_are_off(year: int) -> None:
    calendar, days = load_calendar(), [date(year, 1, 1) + timedelta(days=offset) for offset in range(365)]
    assert not calendar.known(year)
    assert [day for day in days if day.weekday() < 5 and day not in lawful(year)] == [
        day for day in days if calendar.is_working(day)
    ]


def test_given_the_shipped_table_of_2027_then_it_holds_what_the_law_says_and_is_marked_as_pending() -> None:
    table = read_year(data_folder("calendar") / "cn-2027.yaml")
    assert (True, dict.fromkeys(lawful(2027), DayKind.OFF)) == (table.pending, dict(table.days))
    assert dict(lawful(2027)) == dict(table.names)


def test_given_a_region_of_its_own_then_its_days_lie_over_a_year_without_notice() -> None:
    overlay = parse_year(
        {
            "year": 2027,
            "region": "nx",
            "basis": "测试",
            "confidence": "A",
            "holidays": [{"from": date(2027, 3, 10)}],
            "workdays": [{"date": date(2027, 4, 5)}],
        }
    )
    calendar = assemble([overlay], "nx")
    assert [False, True, False] == [
        calendar.is_working(day) for day in (date(2027, 3, 10), date(2027, 4, 5), date(2027, 6, 9))
    ]
    assert assemble([overlay]).is_working(date(2027, 3, 10))


@pytest.mark.parametrize(("today", "found"), [(date(2026, 11, 16), []), (date(2026, 11, 17), [2027])])
def test_given_a_year_that_begins_soon_without_notice_then_it_is_told(today: date, found: list[int]) -> None:
    calendar = WorkCalendar({}, years=[2026])
    assert found == missing.ahead(calendar, today, 45)


def shown(year: int) -> float | None:
    return REGISTRY.get_sample_value("shaodao_calendar_year_without_notice", {"year": str(year)})


def test_given_a_deadline_counted_into_a_year_without_notice_then_metric_and_log_say_so_until_it_is_loaded() -> None:
    calendar = WorkCalendar({}, years=[2026])
    calendar.add_working_days(date(2071, 1, 1), 1)
    with capture_logs() as logs:
        missing.watch(calendar, date(2026, 3, 1), 45)
        missing.watch(calendar, date(2026, 3, 1), 45)
    assert [(2071, "warning")] == [(line["year"], line["log_level"]) for line in logs if line["year"] == 2071]
    assert 1.0 == shown(2071)
    missing.watch(WorkCalendar({}, years=[2026, 2071]), date(2026, 3, 2), 45)
    assert (0.0, 0.0) == (shown(2071), shown(2026))


def test_given_the_metric_then_an_alert_reads_it() -> None:
    rules = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"][0]["rules"]
    assert ["max by (year) (shaodao_calendar_year_without_notice) > 0"] == [
        rule["expr"] for rule in rules if rule["alert"] == "CalendarYearMissing"
    ]
