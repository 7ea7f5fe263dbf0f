"""Three of each server: the node that leads a queue and the primary are killed in the middle of a story; it ends well.

Run in a project of several nodes (docker-compose.cluster.yml), and nowhere else.
"""

from __future__ import annotations

import time

import httpx
import pytest

from ops import provision, rabbitmq_api
from ops.waiting import wait_until
from tests.compose.engine import Container, Engine
from tests.compose.test_2_faults import ONCE
from tests.stories.sql import FACTS, rows
from tests.stories.steps import time_and_proof
from tests.stories.steps.appeals import SEWAGE
from tests.stories.talk import Story
from tests.stories.test_sudden_death import SENTENCES

pytestmark = pytest.mark.integration
NODE_SECONDS, PRIMARY_SECONDS, WHOLE_SECONDS = 15.0, 60.0, 120.0
"""Of a machine that does other work too; the 30 s after a primary are asked by `make chaos-cluster`."""
ASK_AGAIN_SECONDS = 4.0
FOLLOWING = "select count(*) from pg_stat_replication where state = 'streaming'"


def leader(engine: Engine, world) -> Container:
    node = rabbitmq_api.queues(world)["intake.inbox"]["leader"]
    return engine.containers(node.partition("@")[2])[0]


def primary(engine: Engine, world) -> Container:
    with provision.connected(world) as server:
        return engine.containers(server.info.host)[0]


def answered_after(story: Story) -> float:
    """Seconds until somebody is given a number again."""
    began = time.monotonic()
    wait_until(lambda: given_a_number(story), seconds=WHOLE_SECONDS, what="a number")
    return time.monotonic() - began


def given_a_number(story: Story) -> bool:
    with httpx.Client(base_url=story.world.portal_url, timeout=ASK_AGAIN_SECONDS, trust_env=False) as http:
        try:
            return bool(Story(story.world, http).do("李珊", "/api/appeals", **SEWAGE)["number"])
        except (httpx.TransportError, TimeoutError):
            return False


def whole(world) -> bool:
    with provision.connected(world) as server:
        standbys = server.execute(FOLLOWING).fetchone()
    running = [node for node in rabbitmq_api.call(world, "GET", "nodes") if node["running"]]
    return (2, 3) == ((standbys or (0,))[0], len(running))


def test_given_a_leading_node_and_the_primary_killed_when_a_story_is_told_then_it_ends_well(story, told_in, engine):
    time_and_proof.today_is(story, 2024, 7, 3, 18, 20)
    turns = [(SENTENCES[:3], leader, NODE_SECONDS), (SENTENCES[3:6], primary, PRIMARY_SECONDS)]
    for sentences, victim, within in turns:
        for sentence in sentences:
            sentence(story)
        lost = victim(engine, told_in)
        engine.end(lost)
        silent = answered_after(story)
        print(f"{lost.name} killed: an answer after {silent:.1f} s")
        assert silent <= within
        engine.start(lost)
    for sentence in SENTENCES[6:]:
        sentence(story)
    story.soon("the whole timeline", lambda: set(story.events("李利")) >= ONCE)
    told = story.events("李利")
    assert dict.fromkeys(ONCE, 1) == {name: told.count(name) for name in ONCE}


def test_given_the_dead_started_again_then_all_are_whole_and_no_fact_was_told_twice(told_in):
    wait_until(lambda: whole(told_in), seconds=WHOLE_SECONDS, what="three of each", every=0.5)
    for service in ("intake", "dispatch", "mediation", "notify"):
        assert [] == rows(told_in, service, f"select subject, version from {FACTS} group by 1, 2 having count(*) > 1")
