"""Clocks of appeals after a year was loaded: earlier where it says so, never later than the citizen was told."""

from __future__ import annotations

import pytest

from kernel.calendar import due_words
from services.intake import clocks
from tests.support.year import own_calendar
from tests.unit.intake.world import NOW, register, stored

pytestmark = pytest.mark.rule("17")


@pytest.mark.parametrize(
    ("load", "day", "due"),
    [("working", "2024-07-06", "7月11日（周四）24:00"), ("off", "2024-07-08", "7月12日（周五）24:00")],
    ids=["earlier", "later"],
)
def test_given_an_open_appeal_when_the_calendar_changes_then_it_is_never_due_later(
    store, tmp_path, monkeypatch, load, day, due
):
    calendar = own_calendar(tmp_path, monkeypatch)
    number = register(store, calm=True, category="other.advice", content="楼道灯不亮")["number"]
    with stored(store, number) as appeal:
        promised = appeal.promise_at
    getattr(calendar, load)(day)
    for changed in (1, 0):
        with store.transaction() as session:
            assert changed == clocks.recompute_deadlines(session, None, NOW)
    with stored(store, number) as appeal:
        assert (due, promised) == (due_words(appeal.due_at), appeal.promise_at)
    assert "7月12日（周五）24:00" == due_words(promised)
