"""The timeline folds what was done in one go; the newest act is on top."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from kernel.calendar.zone import SHANGHAI
from services.portal.pages.folding import folded

BEGIN = datetime(2024, 7, 5, 9, 10, tzinfo=SHANGHAI)


def item(key: str, minutes: float, actor: str = "u-lishan") -> dict[str, Any]:
    return {"id": key, "time": BEGIN + timedelta(minutes=minutes), "actor": {"id": actor, "name": ""}}


def shape(*items: dict[str, Any]) -> list[list[list[str]]]:
    """Days of groups of ids, the head first."""
    return [[[group.head["id"], *(one["id"] for one in group.rest)] for group in day.groups] for day in folded(items)]


def test_given_one_persons_acts_within_minutes_when_folded_then_they_are_one() -> None:
    assert [[["later"], ["first", "next"]]] == shape(item("first", 0), item("next", 9), item("later", 11))


def test_given_what_the_system_did_about_it_when_folded_then_it_stands_below_the_act() -> None:
    told = [item("sent", 0, "service:notify"), item("registered", 0), item("late", 30, "service:intake")]
    assert [[["late"], ["registered", "sent"]]] == shape(*told)


def test_given_two_people_when_folded_then_each_has_a_line() -> None:
    assert [[["second"], ["first"]]] == shape(item("first", 0), item("second", 1, "u-wangfang"))


def test_given_days_when_folded_then_the_newest_is_on_top_and_nothing_reaches_over_midnight() -> None:
    night = [item("before", 889), item("after", 891)]
    assert [[["after"]], [["before"]]] == shape(*night)


def test_given_the_case_of_86_entries_when_folded_then_none_is_lost() -> None:
    many = [item(str(no), no * 7, f"u-{no % 3}") for no in range(86)]
    assert sorted(one["id"] for one in many) == sorted(key for day in shape(*many) for group in day for key in group)
