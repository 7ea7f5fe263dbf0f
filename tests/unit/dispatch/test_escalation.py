"""Clocks that ran out: each stage is raised to each level once, and "overdue" is never a state."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from chassis import batches
from chassis.identity import Principal
from services.dispatch import escalation
from services.dispatch.tables import Task
from tests.support.events import said
from tests.unit.dispatch import world
from tests.unit.dispatch.world import LUOJUAN, WUQIANG, later

TIMER = Principal.service("dispatch")


def raised(session):
    facts = (fact["data"] for fact in said(session, "whistle_task_overdue"))
    return [(fact["stage"], fact["level"]) for fact in facts]


def test_given_a_task_in_time_when_the_timer_runs_then_nothing_is_raised(session):
    world.blown(session)
    escalation.raise_due(session, TIMER, later(hours=1))
    assert [] == raised(session)


def test_given_nobody_signed_when_half_and_four_fifths_of_the_time_have_passed_then_the_unit_is_warned(session):
    world.blown(session, units=["sifasuo"])
    counts = [escalation.raise_due(session, TIMER, later(minutes=minutes)) for minutes in (29, 30, 31, 48, 49)]
    warned = [fact["data"] for fact in said(session, "dispatch_deadline_approaching")]
    assert ([0, 1, 0, 1, 0], [("SIGN", 50), ("SIGN", 80)]) == (
        counts,
        [(one["stage"], one["percent"]) for one in warned],
    )


def test_given_nobody_signed_when_the_limit_has_passed_then_the_b_holder_is_told(session):
    task = world.task_of(world.blown(session, units=["sifasuo"]))
    escalation.raise_due(session, TIMER, later(hours=1, seconds=1))
    (fact,) = said(session, "whistle_task_overdue")
    assert ("SIGN", "RECEIVER_B", {"id": LUOJUAN.id, "name": "罗娟"}) == (
        fact["data"]["stage"], fact["data"]["level"], fact["data"]["notify_receiver"],
    )  # fmt: skip
    assert "ASSIGNED" == session.get(Task, task["id"]).state


def test_given_a_unit_with_one_receiver_when_overdue_then_the_a_holder_is_told(session):
    world.blown(session, kind="EMERGENCY", units=["gongdian"])
    escalation.raise_due(session, TIMER, later(minutes=16))
    (fact,) = said(session, "whistle_task_overdue")
    assert WUQIANG.id == fact["data"]["notify_receiver"]["id"]


@pytest.mark.parametrize(
    ("minutes", "levels"),
    [(61, 1), (89, 1), (90, 2), (104, 2), (105, 3), (119, 3), (120, 4), (10_000, 4)],
)
@pytest.mark.row("S2.18")
def test_given_time_goes_on_when_the_timer_runs_then_it_climbs_at_each_step(session, minutes, levels):
    world.blown(session, units=["sifasuo"], recipients=[{"unit": "sifasuo"}], asked_time="2025-07-05T01:00:00Z")
    escalation.raise_due(session, TIMER, later(minutes=minutes))
    ladder = ["RECEIVER_B", "DEPT_HEAD", "STREET", "DISTRICT"]
    assert [("SIGN", level) for level in ladder[:levels]] == raised(session)


def test_given_all_levels_told_when_the_timer_runs_again_then_nothing_is_told_twice(session):
    world.blown(session, units=["sifasuo"], asked_time="2025-07-05T01:00:00Z")
    counts = [escalation.raise_due(session, TIMER, later(hours=hours)) for hours in (3, 4, 40)]
    assert [4, 0, 0] == counts


def test_given_a_signed_task_when_the_sign_limit_passes_then_nothing_is_raised(session):
    world.sign(session, world.task_of(world.blown(session, units=["sifasuo"])))
    assert 0 == escalation.raise_due(session, TIMER, later(hours=5))


def test_given_a_cancelled_or_waived_task_when_its_limit_passes_then_nothing_is_raised(session):
    task = world.task_of(world.blown(session, units=["sifasuo"]))
    world.waive(session, task, world.LIUWEI, "NOT_ATTENDED_EXCUSED")
    assert 0 == escalation.raise_due(session, TIMER, later(days=60))


def test_given_an_open_objection_when_limits_pass_then_the_unit_is_not_raised(session):
    world.objecting(session, world.task_of(world.blown(session, units=["sifasuo"])))
    assert 0 == escalation.raise_due(session, TIMER, later(days=60))


def test_given_an_emergency_objection_when_limits_pass_then_the_unit_is_raised_all_the_same(session):
    task = world.task_of(world.blown(session, kind="EMERGENCY", units=["gongdian"]), "gongdian")
    world.objecting(session, task, WUQIANG)
    escalation.raise_due(session, TIMER, later(hours=2))
    assert {"SIGN", "REPORT"} == {stage for stage, _ in raised(session)}


def test_given_overdue_when_raised_then_work_goes_on_and_the_view_shows_it(session):
    task = world.task_of(world.blown(session, units=["sifasuo"]))
    escalation.raise_due(session, TIMER, later(hours=2))
    seen = world.sign(session, task, now=later(hours=3))
    assert ("SIGNED", 4) == (seen["state"], len(seen["overdue"]))


def test_given_rejected_work_when_the_finish_limit_passes_then_it_is_raised(session):
    whistle = world.blown(session, recipients=[{"unit": "sifasuo", "finish_within": "2h"}])
    world.reject(session, world.finished(session, whistle))
    escalation.raise_due(session, TIMER, later(hours=2, minutes=1))
    assert [("FINISH", "RECEIVER_B")] == raised(session)


def test_given_work_finished_late_and_rejected_when_the_timer_runs_then_no_level_is_told_twice(session):
    whistle = world.blown(session, recipients=[{"unit": "sifasuo", "finish_within": "2h"}])
    task = world.task_of(whistle)
    world.report(session, world.sign(session, task))
    escalation.raise_due(session, TIMER, later(hours=5))
    world.finish(session, task, now=later(hours=5))
    world.reject(session, task, now=later(hours=6))
    escalation.raise_due(session, TIMER, later(hours=7))
    assert 4 == len(raised(session)) == len(set(raised(session)))


def test_given_the_district_was_told_by_the_clock_when_the_third_rejection_comes_then_not_again(session):
    whistle = world.blown(session, recipients=[{"unit": "sifasuo", "finish_within": "2h"}])
    task = world.task_of(whistle)
    world.report(session, world.sign(session, task))
    escalation.raise_due(session, TIMER, later(hours=5))
    for _ in range(3):
        world.finish(session, task, now=later(hours=5))
        world.reject(session, task, now=later(hours=5))
    assert 1 == raised(session).count(("FINISH", "DISTRICT"))


def test_given_twenty_replicas_when_their_timers_run_at_once_then_each_level_is_told_once(store):
    with store.transaction() as session:
        for _ in range(6):
            world.blown(session, units=["sifasuo"], asked_time="2025-07-05T01:00:00Z")

    def tick(_):
        with store.transaction() as session:
            return escalation.raise_due(session, TIMER, later(hours=3))

    with ThreadPoolExecutor(20) as pool:
        counts = list(pool.map(tick, range(20)))
    with store.transaction() as session:
        assert (24, 24) == (sum(counts), len(said(session, "whistle_task_overdue")))


def test_given_a_failing_commit_when_raised_then_the_next_run_raises_it(store):
    with store.transaction() as session:
        world.blown(session, units=["sifasuo"], asked_time="2025-07-05T01:00:00Z")
    with pytest.raises(RuntimeError), store.transaction() as session:
        escalation.raise_due(session, TIMER, later(hours=3))
        raise RuntimeError
    with store.transaction() as session:
        assert ([], 4) == (raised(session), escalation.raise_due(session, TIMER, later(hours=3)))


def test_given_more_overdue_than_a_batch_when_the_timer_runs_then_one_run_raises_each_once(store, monkeypatch):
    monkeypatch.setattr(escalation, "BATCH", 4)
    with store.transaction() as session:
        for _ in range(6):
            world.blown(session, units=["sifasuo", "paichusuo"], asked_time="2025-07-05T01:00:00Z")
    counts = [escalation.raise_overdue(store, TIMER, later(hours=3)) for _ in range(2)]
    with store.transaction() as session:
        facts = said(session, "whistle_task_overdue")
    once = {(fact["subject"], fact["data"]["stage"], fact["data"]["level"]) for fact in facts}
    assert ([48, 0], 48) == (counts, len(once))


def test_given_a_run_whose_time_is_over_when_the_timer_runs_then_nothing_is_begun(store, monkeypatch):
    with store.transaction() as session:
        world.blown(session, units=["sifasuo"], asked_time="2025-07-05T01:00:00Z")
    with monkeypatch.context() as short:
        short.setattr(batches, "RUN_SECONDS", 0.0)
        assert 0 == escalation.raise_overdue(store, TIMER, later(hours=3))
    assert 4 == escalation.raise_overdue(store, TIMER, later(hours=3))


def test_given_the_instant_it_is_due_when_the_timer_runs_then_it_is_still_in_time_and_the_run_ends(store):
    with store.transaction() as session:
        world.blown(session, units=["sifasuo"], asked_time="2025-07-05T01:00:00Z")
    escalation.raise_overdue(store, TIMER, later(minutes=59))
    assert 0 == escalation.raise_overdue(store, TIMER, later(hours=1))


def test_given_the_timer_stops_between_batches_when_it_runs_again_then_the_rest_is_raised_once(store, monkeypatch):
    monkeypatch.setattr(escalation, "BATCH", 1)
    with store.transaction() as session:
        for _ in range(2):
            world.blown(session, units=["sifasuo"], asked_time="2025-07-05T01:00:00Z")
    with store.transaction() as session:
        assert 4 == escalation.raise_due(session, TIMER, later(hours=3))
    with pytest.raises(RuntimeError), store.transaction() as session:
        escalation.raise_due(session, TIMER, later(hours=3))
        raise RuntimeError
    assert 4 == escalation.raise_overdue(store, TIMER, later(hours=3))
