"""Scenario A1 as dispatch sees it, and that dispatch says everything it promised to say."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from contracts import deadlines, registry
from contracts.dispatch import objections, ratings, supervisions
from contracts.dispatch import tasks as task_words
from contracts.dispatch import whistles as whistle_words
from contracts.dispatch.tasks import ProgressTask
from contracts.dispatch.whistles import CancelWhistle, ReturnWhistle
from services.dispatch import escalation, tasks, whistles
from tests.support.events import names_said, said
from tests.unit.dispatch import world
from tests.unit.dispatch.test_escalation import TIMER
from tests.unit.dispatch.world import GAOYUAN, HEWENBIN, LIUWEI, NOW, YANGFAN, do, later

ROOMS_OF_A_WHISTLE = {room.__name__ for room in (whistle_words, task_words, objections, ratings, deadlines)}
THREE = (("sifasuo", HEWENBIN), ("falvguwen", GAOYUAN), ("paichusuo", YANGFAN))


def test_given_a1_when_three_units_come_then_each_step_is_told_under_the_case(session):
    whistle = world.blown(session, asked_time="2024-07-09T07:00:00Z")
    for unit, who in THREE:
        world.confirm(session, world.finished(session, whistle, unit, who))
    for unit, _ in THREE:
        world.rate(session, world.task_of(whistle, unit))
    assert {world.APPEAL_NO} == {fact["casenumber"] for fact in said(session)}
    names = names_said(session)
    assert ["whistle_drafted", "whistle_blown", *["whistle_task_assigned"] * 3] == names[:5]
    assert [*["whistle_task_rated"] * 3, "whistle_closed"] == names[-4:]


def test_given_any_fact_when_told_then_versions_of_each_aggregate_count_without_gaps(session):
    whistle = world.blown(session)
    world.rate(session, world.confirm(session, world.finished(session, whistle)))
    versions: dict[str, list[int]] = {}
    for fact in said(session):
        versions.setdefault(fact["subject"], []).append(fact["aggregateversion"])
    assert all(list(range(1, len(seen) + 1)) == seen for seen in versions.values())


def test_given_every_kind_of_act_when_done_then_every_promised_fact_was_told(session):
    returned, cancelled = world.drafted(session), world.blown(session)
    command = world.command(ReturnWhistle, returned, reason_code="INCOMPLETE", reason="内容不完整")
    do(whistles.give_back, session, LIUWEI, command, NOW)
    command = world.command(CancelWhistle, cancelled, reason_code="MISTAKE", reason="误发")
    do(whistles.cancel, session, LIUWEI, command, NOW)
    whistle = world.blown(session, units=["sifasuo", "paichusuo"])
    world.decide(session, world.objecting(session, world.task_of(whistle, "paichusuo"), YANGFAN), "REJECTED")
    world.waive(session, world.task_of(whistle, "paichusuo"), LIUWEI, "NOT_ATTENDED_EXCUSED")
    task = world.report(session, world.sign(session, world.task_of(whistle)))
    do(tasks.progress, session, HEWENBIN, world.command(ProgressTask, task, note="已联系"), NOW)
    world.reject(session, world.finish(session, task))
    world.rate(session, world.confirm(session, world.finish(session, task)))
    world.blown(session)
    escalation.raise_due(session, TIMER, later(minutes=50))
    escalation.raise_due(session, TIMER, later(hours=2))
    rooms = {fact.name: fact.__module__ for fact in registry.events_of("dispatch")}
    promised = {name for name, room in rooms.items() if room in ROOMS_OF_A_WHISTLE}
    followed = {name for name, room in rooms.items() if room == supervisions.__name__}
    assert promised == set(names_said(session)) - followed


def test_given_the_last_two_ratings_at_once_when_done_then_the_whistle_closes_once(store):
    with store.transaction() as session:
        whistle = world.blown(session, units=["sifasuo", "paichusuo"])
        for unit, who in (THREE[0], THREE[2]):
            world.confirm(session, world.finished(session, whistle, unit, who))

    def rate(unit):
        with store.transaction() as session:
            world.rate(session, world.task_of(whistle, unit))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(rate, ("sifasuo", "paichusuo")))
    with store.transaction() as session:
        assert 1 == len(said(session, "whistle_closed"))
