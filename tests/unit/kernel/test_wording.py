"""A due instant is told as one day everywhere: the last day, 24:00."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import fields

from contracts import registry
from kernel.calendar import SHANGHAI, due_words, end_of, local, moment_words, told, wording
from services.notify.templates import speak
from services.portal.pages.wording import said

DAYS = st.dates(date(2020, 1, 1), date(2199, 1, 1))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC))
ROOT = Path(__file__).parents[3]
AN_END = re.compile(r"due|until|deadline|promise|expire|_by$|_to$")
"""What the name of a field says that holds the end of a time."""

FORMATTING = re.compile(r"strftime\(|:%[-HMdmY]|\.month\}|\.day\}")
NO_DUE_MOMENT = (
    "%Y%m%dT%H%M%S",
    'body = f"{day:%Y%m%d}{area4}{seq:05d}"',
    "{rules.opens:%H:%M}至{rules.closes:%H:%M}",
    'f"{local(known):%H:%M}"',
    "{local(at):%H:%M}",
    "{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}",
    "{cell:%Y-%m-%d %H:%M:%S}",
    "{moment:%Y-%m-%dT%H:%M:%SZ}",
    ":%Y-%m}",
    "{0:%m月%d日}",
    'f"{local(moment):%H:%M}"',
    "{analysis.month}",
    "analysis.month}",
    "{latest:%Y-%m-%d}",
    "{part.opens:%H:%M}-{part.closes:%H:%M}",
)
"""What is formatted by hand: case numbers, months, opening hours, the clock time of what happened, sheets, Open311."""


@pytest.mark.rule("18")
@given(DAYS)
def test_given_a_due_instant_at_midnight_when_told_then_it_is_the_last_day_at_24(day: date) -> None:
    assert f"{day.month}月{day.day}日（周{'一二三四五六日'[day.weekday()]}）24:00" == due_words(end_of(day))


@pytest.mark.rule("18")
@given(MOMENTS.filter(lambda moment: local(moment).time() != time(0)))
def test_given_any_other_instant_when_told_then_it_is_its_own_day_and_minute(moment: datetime) -> None:
    there = local(moment)
    day, clock = f"{there.month}月{there.day}日（周{'一二三四五六日'[there.weekday()]}）", f"{there:%H:%M}"
    assert [day + clock] * 2 == [due_words(moment), moment_words(moment)]


@pytest.mark.rule("18")
@given(MOMENTS | DAYS.map(end_of))
def test_given_any_due_instant_when_told_on_a_page_and_in_a_message_then_the_words_are_the_same(due: datetime) -> None:
    assert {due_words(due)} == {said(due), said(due.isoformat()), speak(due, "due_at"), told("deadline", due)}


@pytest.mark.rule("18")
def test_given_something_that_begins_at_midnight_when_told_then_it_is_not_the_day_before() -> None:
    begins = datetime(2026, 12, 5, tzinfo=SHANGHAI)
    assert ["12月5日（周六）00:00", "12月4日（周五）24:00"] == [told(name, begins) for name in ("starts_at", "due_at")]


@pytest.mark.rule("18")
def test_given_a_paper_when_a_due_instant_is_written_then_with_its_year() -> None:
    due = end_of(date(2026, 12, 31))
    assert "2026年12月31日（周四）24:00" == due_words(due, year=True)
    assert "2026年12月31日（周四）23:59" == due_words(due - timedelta(minutes=1), year=True)


@pytest.mark.rule("18")
def test_given_every_moment_in_the_contracts_then_an_end_of_a_time_is_told_as_one() -> None:
    ends = {name for schema in _schemas() for name in _moments(schema) if AN_END.search(name)}
    assert set() == ends - wording.DUES


@pytest.mark.rule("18")
def test_given_the_code_of_all_services_then_none_words_a_moment_by_itself() -> None:
    files = [path for folder in ("services", "kernel", "contracts") for path in (ROOT / folder).rglob("*.py")]
    files = [path for path in files if path.name not in ("wording.py",) or "pages" in path.parts]
    lines = [(path.relative_to(ROOT).as_posix(), line.strip()) for path in files for line in _formatting(path)]
    assert [] == [(path, line) for path, line in lines if not any(known in line for known in NO_DUE_MOMENT)]


def _formatting(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if FORMATTING.search(line):
            yield line


def _schemas() -> list[Any]:
    return [schema() for schema in (*registry.EVENTS.values(), *registry.ANSWERS.values())]


def _moments(schema: Any) -> Iterator[str]:
    return (name for name, field in schema.fields.items() if isinstance(field, fields.DateTime))
