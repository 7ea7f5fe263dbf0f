"""Follow-ups after a year was loaded: begun by an earlier day where it says so, never by a later one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.notify import recounting
from tests.support.year import own_calendar
from tests.unit.notify.facts import messages, only_follow_up, shanghai, with_follow_up

pytestmark = pytest.mark.rule("17")

SATURDAY = shanghai(6, 10)


@pytest.mark.parametrize(
    ("load", "day", "start_by"),
    [("working", "2024-07-07", "7月7日（周日）24:00"), ("off", "2024-07-08", "7月8日（周一）24:00")],
    ids=["earlier", "later"],
)
def test_given_an_open_follow_up_when_the_calendar_changes_then_date_and_reminder_follow_and_never_later(
    store, tmp_path, monkeypatch, load, day, start_by
):
    calendar = own_calendar(tmp_path, monkeypatch)
    with_follow_up(store, now=SATURDAY)
    getattr(calendar, load)(day)
    with store.transaction() as session:
        recounting.recompute_deadlines(session, None, SATURDAY)
    (late,) = messages(store, "follow_up_late")
    assert (True, only_follow_up(store).start_by + timedelta(minutes=1)) == (start_by in late.body, late.send_after)
