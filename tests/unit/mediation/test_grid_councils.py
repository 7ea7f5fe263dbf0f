"""Grid councils every fortnight (domain §2 A14): the agenda fills itself, and a missed one is told once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chassis.errors import Conflict, Invalid
from services.mediation import cases
from tests.support.events import said
from tests.unit.mediation.meeting import AFTER, GRID, OVER, STARTS, ZHOU, council, do, held, overdue, topic
from tests.unit.mediation.people import NOW

OUTCOMES = ("SOLVED", "TO_COMMUNITY", "NEED_LIST")


@pytest.fixture
def store(world):
    return world.store


def grid(store, **asked):
    return do(store, "convene_council", ZHOU, kind="GRID", area_path=GRID, **asked)


def held_grid(store, **asked):
    number = grid(store, **asked)["number"]
    do(store, "record_minutes", ZHOU, number=number, now=AFTER, head_count=12)
    return number


def told_overdue(store):
    with store.transaction() as session:
        return [each["data"]["number"] for each in said(session, "council_overdue")]


@pytest.mark.row("S1.24")
def test_given_what_is_open_in_the_grid_when_convened_then_it_is_on_the_agenda_without_reports(store, world):
    world.hear(cases.open_for_dispute, world.disputed(area_path=f"{GRID}.m1"))
    number = topic(store, "SET")
    agenda = grid(store, topics=[number])["agenda"]
    expected = ["共用围墙怎么办", "纠纷：邻里纠纷", "诉求：求助", "隐患：房屋墙体"]
    assert expected == [each["subject"] for each in agenda]


def test_given_a_grid_council_when_convened_then_no_notice_is_needed(store):
    assert "CONVENED" == grid(store, starts_at=(NOW + timedelta(hours=1)).isoformat())["state"]


@pytest.mark.row("S1.24")
@pytest.mark.parametrize(("days", "told"), [(14, False), (15, True)])
def test_given_a_grid_council_when_a_fortnight_passes_without_another_then_it_is_told_once(store, days, told):
    number = held_grid(store)
    for _ in range(2):
        overdue(store, STARTS + timedelta(days=days))
    assert ([number] if told else []) == told_overdue(store)


def test_given_another_grid_council_when_held_in_time_then_only_the_newer_one_can_be_overdue(store):
    held_grid(store)
    later = grid(store, starts_at=(STARTS + timedelta(days=10)).isoformat())["number"]
    do(store, "record_minutes", ZHOU, number=later, now=STARTS + timedelta(days=11), head_count=9)
    overdue(store, STARTS + timedelta(days=16))
    before = told_overdue(store)
    overdue(store, STARTS + timedelta(days=40))
    assert ([], [later]) == (before, told_overdue(store))


def test_given_a_council_of_another_kind_when_a_fortnight_passes_then_nothing_is_overdue(store):
    held(store)
    overdue(store, STARTS + timedelta(days=40))
    assert [] == told_overdue(store)


@pytest.mark.row("S1.24")
def test_given_an_agenda_when_every_item_has_ended_then_the_council_is_concluded(store):
    number = held_grid(store)
    with pytest.raises(Conflict) as early:
        do(store, "conclude_council", ZHOU, number=number, now=AFTER)
    items = do(store, "get_council", ZHOU, number=number)["agenda"]
    for item, outcome in zip(items, OUTCOMES, strict=False):
        do(store, "end_item", ZHOU, number=number, item_no=item["no"], outcome=outcome, now=AFTER)
    seen = do(store, "conclude_council", ZHOU, number=number, now=AFTER)
    assert ([1, 2], "CLOSED", ["SOLVED", "TO_COMMUNITY"]) == (
        early.value.details["items"],
        seen["state"],
        [each["outcome"] for each in seen["agenda"]],
    )


def test_given_an_item_that_became_a_task_when_concluded_then_the_task_is_assigned(store):
    number = held_grid(store)
    given = {"owner": "jinmao-wuye", "until": OVER.isoformat()}
    with pytest.raises(Invalid) as refused:
        do(store, "end_item", ZHOU, number=number, item_no=1, outcome="TASK", now=AFTER)
    do(store, "end_item", ZHOU, number=number, item_no=1, outcome="TASK", now=AFTER, **given)
    do(store, "end_item", ZHOU, number=number, item_no=2, outcome="SOLVED", now=AFTER)
    seen = do(store, "conclude_council", ZHOU, number=number, now=AFTER)
    assert (["owner", "until"], "IMPLEMENTING", ["OPEN"]) == (
        sorted(refused.value.details["fields"]),
        seen["state"],
        [each["state"] for each in seen["works"]],
    )


def test_given_an_item_nobody_listed_when_ended_then_the_field_says_so(store):
    with pytest.raises(Invalid) as refused:
        do(store, "end_item", ZHOU, number=held_grid(store), item_no=9, outcome="SOLVED", now=AFTER)
    assert ["item_no"] == list(refused.value.details["fields"])


def test_given_a_council_that_was_called_off_when_looked_for_then_it_is_on_no_board(store):
    number = council(store)
    do(store, "call_off_council", number=number)
    assert [] == do(store, "list_council_board", area_path=GRID.rpartition(".")[0])["items"]
