"""The policy of the day: what holds only later, or no more, is not asked; limits are counted again after a new year."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import yaml

from chassis.errors import Invalid
from kernel.calendar import due_words
from services.mediation import clocks
from services.mediation.rules import LIMIT, NOTICE, WINDOW, rules
from tests.support.year import own_calendar
from tests.unit.mediation.people import NOW

pytestmark = pytest.mark.rule("17")


TIMES = [
    (date(2020, 1, 1), date(2024, 6, 30)),
    (date(2024, 7, 1), date(2024, 12, 31)),
    (date(2025, 1, 1), None),
]
VALUE = {NOTICE: {"value": {"waivable_by": "PARTIES"}}}


@pytest.fixture
def pack(tmp_path, monkeypatch):
    """A pack whose mediation limits change twice: on 1 July 2024 and on 1 January 2025."""
    own_calendar(tmp_path, monkeypatch)
    limits = {LIMIT: ("10d", "20d", "60d"), WINDOW: ("5d", "30d", "90d"), NOTICE: ("1h", "24h", "72h")}
    entries = [
        {"key": key, "limit": limit, "valid_from": first, "valid_to": last, "basis": "A"} | VALUE.get(key, {})
        for key, each in limits.items()
        for limit, (first, last) in zip(each, TIMES, strict=True)
    ]
    head = {"name": "own", "title": "测试", "release": "1", "locality": "测试", "illustrative": True}
    text = yaml.safe_dump({**head, "entries": entries}, allow_unicode=True)
    (tmp_path / "policy" / "own.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("POLICY_PACK", "own")


@pytest.mark.parametrize(
    ("day", "limits"),
    [
        (datetime(2024, 6, 30, tzinfo=UTC), ["10d", "5d", "1h"]),
        (datetime(2024, 7, 1, tzinfo=UTC), ["20d", "30d", "24h"]),
        (datetime(2025, 1, 1, tzinfo=UTC), ["60d", "90d", "72h"]),
    ],
    ids=["expired", "today", "future"],
)
def test_given_values_of_three_times_when_asked_then_that_of_the_day_holds(pack, day, limits):
    assert limits == [str(rules(day).pack.limit(key)) for key in (LIMIT, WINDOW, NOTICE)]


def test_given_values_of_three_times_when_a_case_opens_then_its_limit_is_that_of_today(pack, world):
    world.open_case()
    assert "20d" == world.see(lambda case: case.clock.limit_text)


def test_given_values_of_three_times_when_a_session_is_scheduled_then_the_notice_of_today_holds(pack, world):
    world.mediating()
    world.schedule(starts_at=NOW + timedelta(hours=24))
    with pytest.raises(Invalid):
        world.schedule(starts_at=NOW + timedelta(hours=23))


def test_given_values_of_three_times_when_an_agreement_binds_then_the_window_of_that_day_holds(pack, world):
    world.effective()
    assert "8月8日（周四）24:00" == world.see(lambda case: due_words(case.agreements[-1].judicial_until))


def test_given_an_open_case_when_the_calendar_changes_then_its_limit_is_counted_again_and_never_later(
    world, tmp_path, monkeypatch
):
    calendar = own_calendar(tmp_path, monkeypatch)
    world.open_case()
    seen = []
    for day in ("2024-08-06", "2024-08-05"):
        calendar.off(day)
        with world.store.transaction() as session:
            clocks.recompute_deadlines(session, None, NOW)
        seen.append(world.see(lambda case: due_words(case.clock.due_at)))
    assert ["8月5日（周一）24:00"] * 2 == seen
    assert ["opened", "recomputed"] == world.see(lambda case: [line["act"] for line in case.clock.history])
