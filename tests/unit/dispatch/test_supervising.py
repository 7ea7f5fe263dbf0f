"""Supervision by the platform: ordered once a task, cause and cycle; what is late climbs once a cycle and level."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from chassis.errors import Conflict
from services.dispatch import escalation, supervising, supervisions
from tests.support.events import said
from tests.unit.dispatch import test_rating_appeals as appealing
from tests.unit.dispatch import turning_out, world
from tests.unit.dispatch.supervised import TIMER, blown, do, facts, issued, orders, tick
from tests.unit.dispatch.world import ZHOUMIN, later

LOW = {"effect": 0}
"""58 of 100."""


def late_to_the_top(store, **changes):
    whistle = blown(store, asked_time="2025-07-05T01:00:00Z", **changes)
    tick(store, escalation.raise_due, later(hours=3))
    return whistle


@pytest.mark.row("S2.18")
def test_given_the_top_of_the_ladder_when_reached_then_an_order_is_issued_and_told_once(store):
    late_to_the_top(store)
    for hours in (3, 4, 40):
        tick(store, escalation.raise_due, later(hours=hours))
    told = facts(store, "supervision_ordered")
    assert ([("OVERDUE", "SIGN", "STREET", None)], 1) == (orders(store), len(told))


def test_given_twenty_replicas_of_the_timer_when_they_run_at_once_then_each_order_is_told_once(store):
    for _ in range(4):
        blown(store, asked_time="2025-07-05T01:00:00Z")
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: tick(store, escalation.raise_due, later(hours=3)), range(20)))
    tick(store, escalation.raise_due, later(hours=3))
    assert (4, 4) == (len(orders(store)), len(facts(store, "supervision_ordered")))


def at_once(store, timer, now, command):
    """A command of a person and the timer: who comes second may be refused, and they never wait in a circle."""

    def by_hand():
        with suppress(Conflict):
            command()

    with ThreadPoolExecutor(2) as both:
        for done in (both.submit(by_hand), both.submit(tick, store, timer, now)):
            done.result()
    tick(store, timer, now)


@pytest.mark.parametrize("round_", range(5))
def test_given_the_street_and_the_timer_at_once_when_both_order_then_one_order_stands_told_once(store, round_):
    whistle = blown(store, asked_time="2025-07-05T01:00:00Z")
    ask = {"whistle": whistle, "cause": "OVERDUE", "now": later(hours=3)}
    at_once(store, escalation.raise_due, later(hours=3), lambda: issued(store, **ask))
    assert (1, 1) == (len(orders(store)), len(facts(store, "supervision_ordered")))


@pytest.mark.parametrize("round_", range(5))
def test_given_an_answer_and_the_timer_at_once_when_late_then_both_are_told(store, round_):
    number = issued(store)
    answer = {"number": number, "now": later(days=30)}
    at_once(store, supervising.raise_supervisions, later(days=30), lambda: do(store, "reply_supervision", **answer))
    assert "REPLIED" == do(store, "get_supervision", number=number)["state"]
    assert {stage for stage, _, _ in raised(store)} <= {"REPLY"}
    assert len(raised(store)) in (0, 3)


def test_given_an_order_by_hand_when_the_top_is_reached_then_there_is_no_second_for_the_same_cause(store):
    whistle = blown(store, asked_time="2025-07-05T01:00:00Z")
    tick(store, escalation.raise_due, later(minutes=61))
    issued(store, whistle=whistle, cause="OVERDUE", now=later(minutes=62))
    tick(store, escalation.raise_due, later(hours=3))
    assert ["HAND1"] == [cycle for _, cycle, _, _ in orders(store)]


def test_given_an_ended_order_when_another_stage_is_late_to_the_top_then_it_is_another_cycle(store):
    late_to_the_top(store)
    (number,) = [fact["number"] for fact in facts(store, "supervision_ordered")]
    do(store, "reply_supervision", number=number, now=later(hours=4))
    do(store, "accept_supervision", number=number, now=later(hours=5))
    tick(store, escalation.raise_due, later(days=900))
    assert ["SIGN", "REPORT"] == [cycle for _, cycle, _, _ in orders(store)]


def test_given_a_volunteers_team_when_it_is_late_then_nobody_supervises_it(store):
    turning_out.furnish(store)
    turning_out.blown(store)
    tick(store, escalation.raise_due, later(days=30))
    assert [] == orders(store)


def rated(store, **points):
    with store.transaction() as session:
        task = world.finished(session, world.blown(session, units=["sifasuo"]))
        world.confirm(session, task)
        return world.rate(session, task, **points)


def test_given_a_low_rating_when_nobody_appealed_in_time_then_an_order_is_issued_once(store):
    rated(store, **LOW)
    counts = [tick(store, supervising.settle_ratings, later(days=days)) for days in (1, 6, 8, 9)]
    assert ([0, 0, 1, 0], [("DISSATISFIED", "RATED", "STREET", None)]) == (counts, orders(store))


def test_given_a_rating_that_is_good_enough_when_time_goes_on_then_nothing_is_ordered(store):
    rated(store, effect=2)
    tick(store, supervising.settle_ratings, later(days=30))
    assert [] == orders(store)


@pytest.mark.parametrize(("decision", "count"), [("UPHELD", 0), ("REJECTED", 1)])
def test_given_an_appeal_when_decided_then_only_a_rating_that_stands_is_followed_by_an_order(store, decision, count):
    task = rated(store, **LOW)
    with store.transaction() as session:
        appealing.appeal(session, task)
    tick(store, supervising.settle_ratings, later(days=30))
    assert [] == orders(store)
    with store.transaction() as session:
        appealing.decide(session, task, decision=decision)
    tick(store, supervising.settle_ratings, later(days=30))
    assert count == len(orders(store))


def test_given_twenty_replicas_when_low_ratings_stand_then_each_order_is_told_once(store):
    for _ in range(3):
        rated(store, **LOW)
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: tick(store, supervising.settle_ratings, later(days=9)), range(20)))
    assert (3, 3) == (len(orders(store)), len(facts(store, "supervision_ordered")))


def test_given_the_third_rejection_when_made_then_the_district_s_word_is_followed_by_an_order(store):
    with store.transaction() as session:
        task = world.finished(session, world.blown(session, units=["sifasuo"]))
        for times in range(3):
            world.reject(session, task)
            if times < 2:
                world.finish(session, task)
    assert [("DISSATISFIED", "REJECTED", "STREET", None)] == orders(store)


def test_given_the_same_unit_called_for_one_matter_again_and_again_when_policy_s_time_comes_then_it_is_ordered(store):
    matter = world.source()
    with store.transaction() as session:
        for _ in range(3):
            assert [] == said(session, "supervision_ordered")
            world.finished(session, world.blown(session, units=["sifasuo"], source=matter))
        world.blown(session, units=["sifasuo"])
    assert [("REPEATED", "3", "STREET", None)] == orders(store)


# its own clock


def test_given_an_order_when_half_and_four_fifths_have_passed_then_the_unit_is_warned_once_each(store):
    issued(store)
    for hours in (67, 68, 69, 109, 110):
        tick(store, supervisions.LIFE.warn, later(hours=hours))
    with store.transaction() as session:
        told = [(each["data"]["percent"], each["waits"]) for each in said(session, "dispatch_deadline_approaching")]
    assert [(50, "unit:sifasuo"), (80, "unit:sifasuo")] == told


def raised(store):
    return [(fact["stage"], fact["told"], fact["cycle"]) for fact in facts(store, "supervision_overdue")]


def test_given_no_answer_when_the_limit_has_passed_then_each_level_hears_once_a_cycle(store):
    number = issued(store)
    for days in (5, 6, 7, 8, 30):
        tick(store, supervising.raise_supervisions, later(days=days))
    first = [("REPLY", "DEPT_HEAD", 1), ("REPLY", "STREET", 1), ("REPLY", "DISTRICT", 1)]
    assert first == raised(store)
    do(store, "reply_supervision", number=number, now=later(days=31))
    do(store, "return_supervision", number=number, now=later(days=31))
    tick(store, supervising.raise_supervisions, later(days=60))
    assert [*first, *((stage, told, 2) for stage, told, _ in first)] == raised(store)


def test_given_an_order_of_the_district_undecided_when_late_then_the_district_alone_hears(store):
    number = issued(store, ZHOUMIN)
    do(store, "reply_supervision", number=number)
    tick(store, supervising.raise_supervisions, later(days=30))
    assert [("DECISION", "DISTRICT", 1)] == raised(store)


def test_given_twenty_replicas_when_orders_are_late_then_each_level_hears_once(store):
    for _ in range(5):
        issued(store)
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: tick(store, supervising.raise_supervisions, later(days=30)), range(20)))
    assert (15, 5) == (len(raised(store)), raised(store).count(("REPLY", "DISTRICT", 1)))


def test_given_a_tick_when_its_commit_fails_then_the_next_one_tells_all_the_same(store):
    blown(store, asked_time="2025-07-05T01:00:00Z")
    with pytest.raises(ZeroDivisionError), store.transaction() as session:
        escalation.raise_due(session, TIMER, later(hours=3))
        raise ZeroDivisionError
    tick(store, escalation.raise_due, later(hours=3))
    assert (1, 1) == (len(orders(store)), len(facts(store, "supervision_ordered")))
