"""Statutory holidays, make-up working days and regional holidays (domain §4.7, app. B)."""

from kernel.calendar.posted import ALWAYS, OFF_HOURS, hours_words, is_open, is_written_well
from kernel.calendar.sources import assemble, load_calendar
from kernel.calendar.wording import day_words, due_words, last_day_words, moment_words, told
from kernel.calendar.work import MissingYearHook, WorkCalendar, on_missing_year
from kernel.calendar.years import NATIONAL, DayKind, InvalidCalendar, YearTable, parse_year, read_year
from kernel.calendar.zone import SHANGHAI, at, end_of, last_day, local, local_day

__all__ = [
    "ALWAYS",
    "NATIONAL",
    "OFF_HOURS",
    "SHANGHAI",
    "DayKind",
    "InvalidCalendar",
    "MissingYearHook",
    "WorkCalendar",
    "YearTable",
    "assemble",
    "at",
    "day_words",
    "due_words",
    "end_of",
    "hours_words",
    "is_open",
    "is_written_well",
    "last_day",
    "last_day_words",
    "load_calendar",
    "local",
    "local_day",
    "moment_words",
    "on_missing_year",
    "parse_year",
    "read_year",
    "told",
]
