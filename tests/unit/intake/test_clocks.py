"""Clocks that run out are told once a level (invariants 2 and 5)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from services.intake import clocks, overdue
from services.intake.tables import OverdueRaised
from tests.unit.intake.test_working import contact, handle
from tests.unit.intake.world import INTAKE, NOW, WANG, assign, facts_of, register, solve, stored

DAY = timedelta(days=1)


def tick(store, now):
    overdue.raise_overdue(store, INTAKE, now)


def raised(store):
    return [(fact["data"]["stage"], fact["data"]["level"]) for fact in facts_of(store, "appeal_overdue")]


def test_given_a_clock_inside_its_time_when_ticked_then_nothing_is_said(store):
    register(store)
    tick(store, NOW + timedelta(minutes=15))
    assert [] == raised(store)


@pytest.mark.row("S1.11")
def test_given_half_and_four_fifths_of_a_clock_when_ticked_then_each_warning_is_told_once(store):
    register(store)
    for minutes in (7, 8, 8, 11, 12, 13):
        tick(store, NOW + timedelta(minutes=minutes))
    warned = [fact["data"] for fact in facts_of(store, "intake_deadline_approaching")]
    expected = [("FIRST_CONTACT", 50, "李珊"), ("FIRST_CONTACT", 80, "李珊")]
    assert expected == [(one["stage"], one["percent"], one["holder"]["name"]) for one in warned]


def test_given_a_clock_that_ran_out_unseen_when_ticked_then_it_is_overdue_and_nobody_is_warned(store):
    register(store)
    tick(store, NOW + timedelta(minutes=16))
    assert [("FIRST_CONTACT", 1)] == raised(store)
    assert [] == facts_of(store, "intake_deadline_approaching")


def test_given_a_clock_that_ran_out_when_ticked_twice_then_each_level_is_told_once(store):
    register(store)
    for minutes in (16, 16, 17):
        tick(store, NOW + timedelta(minutes=minutes))
    assert [("FIRST_CONTACT", 1)] == raised(store)


@pytest.mark.row("S1.11")
def test_given_more_and_more_delay_when_ticked_then_the_levels_climb(store):
    register(store)
    for minutes in (16, 23, 27, 31):
        tick(store, NOW + timedelta(minutes=minutes))
    assert [("FIRST_CONTACT", level) for level in (1, 2, 3, 4)] == raised(store)


def test_given_long_silence_when_ticked_then_all_levels_reached_are_told(store):
    register(store)
    tick(store, NOW + DAY)
    assert {("FIRST_CONTACT", 4), ("FEEDBACK", 4)} <= set(raised(store))
    assert 8 == len(raised(store))


def test_given_many_replicas_when_they_tick_at_once_then_nothing_is_told_twice(store):
    for _ in range(10):
        register(store)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: tick(store, NOW + DAY), range(20)))
    tick(store, NOW + DAY)
    with store.transaction() as session:
        assert (80, 80) == (session.query(OverdueRaised).count(), len(raised(store)))


def test_given_more_due_than_a_batch_when_ticked_once_then_all_are_told_once(store, monkeypatch):
    monkeypatch.setattr(overdue, "BATCH", 2)
    for _ in range(5):
        register(store)
    tick(store, NOW + timedelta(minutes=16))
    assert [("FIRST_CONTACT", 1)] * 5 == raised(store)


def test_given_met_clocks_when_ticked_then_nothing_is_said(store):
    number = register(store)["number"]
    contact(store, number)
    handle(store, number)
    tick(store, NOW + DAY)
    assert [] == raised(store)


def test_given_a_reported_result_when_ticked_then_nothing_is_said(store):
    solve(store, register(store)["number"])
    tick(store, NOW + 9 * DAY)
    assert [] == raised(store)


def test_given_an_overdue_case_when_work_goes_on_then_it_is_only_flagged(store):
    number = register(store)["number"]
    tick(store, NOW + DAY)
    with stored(store, number) as appeal:
        assert ("IN_PROGRESS", ["FIRST_CONTACT", "FEEDBACK"]) == (
            appeal.state,
            clocks.overdue_stages(appeal, NOW + DAY),
        )


def test_given_a_case_when_reassigned_then_its_clocks_are_the_same(store):
    view = register(store)
    assign(store, view["number"], WANG)
    tick(store, NOW + timedelta(minutes=16))
    assert [("FIRST_CONTACT", 1)] == raised(store)
