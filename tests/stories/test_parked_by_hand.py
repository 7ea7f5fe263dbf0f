"""What an operator does at night with a message nobody could handle."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid

import pytest
from kombu import Connection, Exchange

from ops.environment import amqp_uri
from ops.waiting import wait_until
from ops.world import World
from tests.stories.sql import one

pytestmark = pytest.mark.integration


def shaodao(world: World, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SHAODAO_WORLD": world.name, "COLUMNS": "240"}
    command = [sys.executable, "-c", "from ops.cli import app; app()", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def poison(world: World) -> str:
    """A withdrawal whose data lacks what the contract promises."""
    key = str(uuid.uuid4())
    envelope = {
        "specversion": "1.0", "id": key, "source": "/intake", "type": "cn.shaodao.intake.appeal_withdrawn.v1",
        "subject": str(uuid.uuid4()), "time": "2024-07-05T01:00:00Z", "aggregateversion": 9, "areapath": "yinchuan",
        "actor": "u-nobody", "casenumber": "S0", "data": {"oops": True},
    }  # fmt: skip
    with Connection(amqp_uri(world, "ops")) as connection:
        connection.Producer().publish(
            json.dumps(envelope).encode(), exchange=Exchange("dispatch.replay", no_declare=True),
            routing_key="dispatch.inbox", serializer=None,
            content_type="application/cloudevents+json", content_encoding="utf-8",
        )  # fmt: skip
    wait_until(lambda: one(world, "dispatch", "select count(*) from parked where state = 'PARKED'"), seconds=60)
    return f"dispatch:{one(world, 'dispatch', 'select max(id) from parked')}"


def test_given_a_poisoned_message_when_listed_shown_replayed_and_discarded_then_each_act_does_what_it_says(told_in):
    first = poison(told_in)
    listed = shaodao(told_in, "parked", "list")
    assert (True, True) == (first in listed.stdout, "contract" in listed.stdout)
    assert "oops" in shaodao(told_in, "parked", "show", first).stdout
    assert not one(told_in, "dispatch", "select count(*) from parked where position('oops'::bytea in body) > 0")

    assert 0 == shaodao(told_in, "parked", "replay", first).returncode
    again = "select count(*) from parked"
    wait_until(lambda: one(told_in, "dispatch", again) == 2, seconds=60, what="parked again after one replay")
    second = f"dispatch:{one(told_in, 'dispatch', 'select max(id) from parked')}"

    assert 0 != shaodao(told_in, "parked", "discard", second).returncode
    assert 0 != shaodao(told_in, "parked", "discard", second, "--reason", " ").returncode
    assert 0 == shaodao(told_in, "parked", "discard", second, "--reason", "测试消息").returncode
    states = "select string_agg(state, ',' order by id) from parked"
    assert "REPLAYED,DISCARDED" == one(told_in, "dispatch", states)
    acts = "select string_agg(act, ',' order by no) from audit where act like 'parked_%'"
    assert "parked_shown,parked_replayed,parked_discarded" == one(told_in, "dispatch", acts)
