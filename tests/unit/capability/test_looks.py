"""Counting looks at night, also over midnight, by the wall clock of the place."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from capability import looks
from chassis import audit
from chassis.identity import Principal
from services.notify.tables import Base

DAY = {"day": date(2024, 7, 8)}


def wall(hour, minute=0):
    return datetime(2024, 7, 8, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("begins", "ends", "at_night"), [("22:00", "07:00", 3), ("00:00", "07:00", 1), ("21:59", "22:01", 1)]
)
def test_given_looks_around_the_clock_when_counted_then_those_of_the_night_are_told(database, begins, ends, at_night):
    store = database(Base.metadata)
    with store.transaction() as session:
        for moment in (wall(6, 59), wall(7), wall(12), wall(22), wall(23, 30)):
            audit.note(session, Principal("u-a", "甲"), moment, "look", f"{moment}", "试")
        found = looks.counted(session, {**DAY, "night_from": begins, "night_to": ends}, {"look"})["items"]
    assert [{"account": "u-a", "looks": 5, "at_night": at_night, "matters": 5}] == found
