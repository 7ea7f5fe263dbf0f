"""Clocks of tasks after a year was loaded: the dates on the task follow."""

from __future__ import annotations

import pytest

from kernel.calendar import due_words
from services.dispatch import clocks
from services.dispatch.tables import Task
from tests.support.year import own_calendar
from tests.unit.dispatch import world
from tests.unit.dispatch.world import NOW

pytestmark = pytest.mark.rule("17")


@pytest.mark.parametrize(
    ("load", "day", "due"),
    [("working", "2024-07-06", "7月9日（周二）24:00"), ("off", "2024-07-08", "7月10日（周三）24:00")],
    ids=["earlier", "later"],
)
def test_given_an_open_task_when_the_calendar_changes_then_its_dates_follow_and_never_later(
    store, tmp_path, monkeypatch, load, day, due
):
    calendar = own_calendar(tmp_path, monkeypatch)
    with store.transaction() as session:
        task = world.task_of(world.blown(session, units=["sifasuo"], asked_time=None))
        world.sign(session, task)
    getattr(calendar, load)(day)
    for changed in (1, 0):
        with store.transaction() as session:
            assert changed == clocks.recompute_deadlines(session, None, NOW)
    with store.transaction() as session:
        row = session.get(Task, task["id"])
        assert (due, row.report_due) == (due_words(row.report_due), row.next_due)


def test_given_a_meeting_asked_for_later_when_the_calendar_changes_then_the_task_is_due_at_the_meeting(
    store, tmp_path, monkeypatch
):
    calendar = own_calendar(tmp_path, monkeypatch)
    with store.transaction() as session:
        task = world.task_of(world.blown(session, units=["sifasuo"], asked_time="2024-07-20T07:00:00Z"))
    calendar.working("2024-07-06")
    with store.transaction() as session:
        clocks.recompute_deadlines(session, None, NOW)
        assert "7月20日（周六）15:00" == due_words(session.get(Task, task["id"]).report_due)
