"""Work rhythms are data: their days follow the calendar in force, and a district's own need no code."""

from __future__ import annotations

from datetime import date

import pytest

from services.mediation import rhythms
from services.mediation.open_days import held
from services.mediation.rules import rules
from tests.unit.mediation.electing import invalid
from tests.unit.mediation.meeting import NOW, OUTSIDER, do


@pytest.fixture
def store(world):
    return world.store


def listed(store, first, last):
    rows = do(store, "list_rhythms", OUTSIDER, from_day=first, to_day=last)["items"]
    return {row["code"]: row["days"] for row in rows}


def test_given_the_national_days_when_the_rhythms_are_listed_then_each_follows_its_own_rule(store):
    days = listed(store, "2024-09-28", "2024-10-10")
    assert (["2024-09-30", "2024-10-08", "2024-10-09", "2024-10-10"], ["2024-10-08", "2024-10-09"]) == (
        days["FIVE_DAYS"], days["WEDNESDAY"],
    )  # fmt: skip


def test_given_what_the_seeds_only_name_when_listed_then_nothing_is_invented_as_its_tasks(store):
    rows = do(store, "list_rhythms", OUTSIDER)["items"]
    assert [] == [row["code"] for row in rows if row["tasks"]]
    assert {"FIVE_DAYS", "THREE_FIVE", "CIRCLE_1369", "WEDNESDAY", "COURTYARD"} == {
        *rules(NOW).pack.value(rhythms.TEMPLATES)
    }


def test_given_days_of_the_month_when_counted_then_a_day_off_is_followed_by_the_rule():
    rule = {"month_days": [3, 5], "on_day_off": "NEXT_WORKING_DAY"}
    found = held(rule, date(2024, 10, 1), date(2024, 11, 5), rules(NOW).calendar)
    assert [date(2024, 10, 8), date(2024, 11, 4), date(2024, 11, 5)] == sorted(found)


def test_given_days_too_far_apart_when_asked_for_then_it_is_invalid(store):
    with invalid("92天"):
        listed(store, "2024-01-01", "2024-12-31")
