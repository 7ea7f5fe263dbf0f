"""Every container of the project dies or restarts once in the middle of a story; it ends well, nothing is doubled."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ops import rabbitmq_api
from ops.programs import PARTS, READMODEL
from ops.waiting import wait_until
from ops.world import SERVICES
from relay import log as outbox_log
from tests.compose.engine import Container, Engine
from tests.stories.sql import FACTS, one, rows
from tests.stories.steps import time_and_proof
from tests.stories.talk import Story
from tests.stories.test_sudden_death import SENTENCES

pytestmark = pytest.mark.integration
SERVERS = ("postgres", "rabbitmq", "proxy")
PROGRAMS = (*SERVICES, *PARTS, *(f"{service}-relay" for service in SERVICES))
HEARERS = {service: READMODEL if service == "portal" else service for service in SERVICES}
ONCE = {
    "hazard_reported", "hazard_secured", "whistle_blown", "whistle_task_assigned", "whistle_task_signed",
    "whistle_task_reported_in", "whistle_task_completed", "hazard_removed", "whistle_task_confirmed",
    "whistle_task_rated", "whistle_closed", "public_notice_published",
}  # fmt: skip


def tell(story: Story, victims: list[Container], harm: Callable[[Container], None]) -> None:
    """The story of the lamp pole, again and again until everybody had their turn; a sentence, then a harm."""
    while victims:
        time_and_proof.today_is(story, 2024, 7, 3, 18, 20)
        for sentence in SENTENCES:
            sentence(story)
            if victims:
                harm(victims.pop(0))
        story.soon("the whole timeline", lambda: set(story.events("李利")) >= ONCE)
        told = story.events("李利")
        assert dict.fromkeys(ONCE, 1) == {name: told.count(name) for name in ONCE}


def test_given_every_program_killed_once_when_stories_are_told_then_they_end_well(story, engine):
    programs = engine.containers(*PROGRAMS)
    assert len(programs) >= len(PROGRAMS)
    tell(story, list(programs), engine.kill)
    engine.wait_healthy(*programs)


def test_given_every_server_restarted_once_when_a_story_is_told_then_it_ends_well(story, engine):
    servers = engine.containers(*SERVERS)
    assert sorted(SERVERS) == sorted(each.service for each in servers)
    tell(story, list(servers), engine.restart)
    engine.wait_healthy(*engine.containers(*SERVERS, *PROGRAMS))


def test_given_replicas_when_all_are_ready_then_each_takes_part(told_in, engine: Engine):
    replicas = {service: len(engine.containers(program)) for service, program in HEARERS.items()}

    expected = {name: replicas[s] for s in SERVICES for name in (f"{s}.inbox", f"rpc-{s}")}

    def consumers() -> dict[str, int]:
        queues = rabbitmq_api.queues(told_in)
        return {name: queues[name].get("consumers", 0) for name in expected}

    wait_until(lambda: consumers() == expected, seconds=30, what=f"as many consumers as replicas {replicas}", every=0.5)
    assert expected == consumers()


def test_given_all_faults_then_one_relay_a_service_holds_the_lock(told_in):
    query = f"select count(*) from pg_locks where locktype = 'advisory' and objid = {outbox_log.LOCK}"
    for service in SERVICES:
        mine = f"{query} and database = (select oid from pg_database where datname = '{service}')"
        assert 1 == one(told_in, service, mine), service


def test_given_all_faults_then_no_fact_of_an_aggregate_was_told_twice(told_in):
    for service in ("intake", "dispatch", "mediation", "notify"):
        assert [] == rows(told_in, service, f"select subject, version from {FACTS} group by 1, 2 having count(*) > 1")


def test_given_all_faults_then_nobody_died_who_was_not_killed(engine):
    programs = engine.containers(*PROGRAMS)
    assert {} == {each.name: count for each in programs if (count := engine.restarts(each))}
