"""The work calendar itself: which days are working days, and counting them.

A year without notice is never a reason to stop: the days fixed by law and the weekends are then off, a warning is
logged once for that year, and the hook is called at every such look-up so that a metric can raise an alarm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

import structlog

from kernel.calendar.lawful import lawful
from kernel.calendar.years import DayKind

MissingYearHook = Callable[[int], None]

_SATURDAY = 5
_log = structlog.get_logger(__name__)
_hooks: list[MissingYearHook] = []


def on_missing_year(hook: MissingYearHook) -> Callable[[], None]:
    """Call `hook(year)` at every look-up in a year without a table. Returns the function that takes it off again."""
    _hooks.append(hook)
    return lambda: _hooks.remove(hook)


class WorkCalendar:
    """Working days of one region.

    `days` holds the days that differ from the plain week, `years` those for which `days` is complete, since their
    notice is out (by default the years it mentions), `overlay` the region's own days, laid over them.
    """

    def __init__(
        self,
        days: Mapping[date, DayKind],
        overlay: Mapping[date, DayKind] | None = None,
        *,
        years: Iterable[int] | None = None,
        names: Mapping[date, str] | None = None,
        region: str | None = None,
    ) -> None:
        self.region = region
        self._days = {**days, **(overlay or {})}
        self._names = dict(names or {})
        self._years = frozenset(years if years is not None else {day.year for day in days})
        self._warned: set[int] = set()

    @property
    def years(self) -> frozenset[int]:
        """The years whose notice is known."""
        return self._years

    def known(self, year: int) -> bool:
        """Whether the notice of that year is loaded."""
        return year in self._years

    def is_working(self, day: date) -> bool:
        """Whether offices work that day; by the law and the plain week when the year's notice is unknown."""
        kind = self._days.get(day)
        if not self.known(day.year):
            self._miss(day.year)
            kind = DayKind.OFF if kind is None and day in lawful(day.year) else kind
        return day.weekday() < _SATURDAY if kind is None else kind is DayKind.WORKING

    def name(self, day: date) -> str | None:
        """Name of the holiday or make-up day, None for plain days."""
        return self._names.get(day) or None

    def next_working(self, day: date) -> date:
        """`day` itself when it is a working day, else the first one after it."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def previous_working(self, day: date) -> date:
        """`day` itself when it is a working day, else the last one before it."""
        while not self.is_working(day):
            day -= timedelta(days=1)
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; the day itself is not counted (民法典 art. 201)."""
        for _ in range(count):
            day = self.next_working(day + timedelta(days=1))
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days lie after `first` up to and including `last`; 0 when `last` is not later."""
        span = range(1, (last - first).days + 1)
        return sum(self.is_working(first + timedelta(days=offset)) for offset in span)

    def _miss(self, year: int) -> None:
        if year not in self._warned:
            self._warned.add(year)
            _log.warning("calendar_year_missing", year=year, region=self.region, fallback="law")
        for hook in tuple(_hooks):
            hook(year)
