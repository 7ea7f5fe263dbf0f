"""Years without notice: told by a metric, a log line and `shaodao status`, so that somebody loads the table in time."""

from __future__ import annotations

from datetime import date, timedelta

import structlog
from prometheus_client import Gauge

from kernel.calendar.work import WorkCalendar, on_missing_year

without_notice = Gauge(
    "shaodao_calendar_year_without_notice",
    "1 while days of that year are counted, or it begins soon, and its official holidays are not loaded",
    ["year"],
)

_log = structlog.get_logger(__name__)
_counted: set[int] = set()
_warned: dict[int, date] = {}


def ahead(calendar: WorkCalendar, today: date, days: int) -> list[int]:
    """The years from today's to that of the day `days` ahead whose notice is not loaded."""
    last = today + timedelta(days=days)
    return [year for year in range(today.year, last.year + 1) if not calendar.known(year)]


def watch(calendar: WorkCalendar, today: date, days: int) -> list[int]:
    """Sets the metric for each year without notice, begun, near, or counted into by a deadline; warns once a day."""
    found = sorted({*ahead(calendar, today, days), *(year for year in _counted if not calendar.known(year))})
    for year in {*_counted, *found, today.year}:
        without_notice.labels(year).set(year in found)
    for year in found:
        if _warned.get(year) == today:
            continue
        _warned[year] = today
        _log.warning("calendar_year_without_notice", year=year, counted_into=year in _counted, fallback="law")
    return found


def _counted_into(year: int) -> None:
    if year not in _counted:
        _counted.add(year)
        without_notice.labels(year).set(1)


on_missing_year(_counted_into)
