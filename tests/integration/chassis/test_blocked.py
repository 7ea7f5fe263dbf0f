"""A broker short of memory takes nothing in: what waits for it is neither lost nor sent twice."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from kombu import Connection

from ops.waiting import wait_until
from tests.chaos.servers import alarmed, rabbitmqctl
from tests.integration.chassis.test_hearing import envelope
from tests.support.toy_world import REPOSITORY, ToyWorld

pytestmark = [pytest.mark.integration, pytest.mark.rule("51")]
BUDGET = "1"
RELAY_BUDGET = "5"
"""Seconds; a crowded machine takes more than one to confirm what waited for the broker."""
TWO = """
import eventlet; eventlet.monkey_patch()
import os, sys
from kombu import Exchange
from bus.publishing import Publisher
publisher = Publisher(os.environ["AMQP_URI"], confirms=True)
for word in ("one", "two"):
    try:
        publisher.publish({"word": word}, exchange=Exchange("things.events", no_declare=True),
                          routing_key="thing_changed", message_id=word)
        print(word, "taken", flush=True)
    except TimeoutError:
        print(word, "unknown", flush=True)
"""


@contextmanager
def blocked(toys: ToyWorld) -> Iterator[None]:
    rabbitmqctl(toys.broker, "set_vm_memory_high_watermark", "0.00001")
    try:
        wait_until(lambda: alarmed(toys.broker), seconds=60, what="the alarm")
        yield
    finally:
        rabbitmqctl(toys.broker, "set_vm_memory_high_watermark", "0.6")
        wait_until(lambda: not alarmed(toys.broker), seconds=60, what="no alarm any more")


def in_the_queue(toys: ToyWorld, count: int) -> list[Any]:
    """The ids of what lies in the inbox, once `count` have come and nothing follows."""
    wait_until(lambda: toys.waiting() >= count, seconds=60, what=f"{count} messages")
    ids = []
    with Connection(toys.environment["AMQP_URI"]) as connection:
        while message := connection.default_channel.basic_get("things.inbox", no_ack=True):
            ids.append(message.properties["message_id"])
    return sorted(ids)


def relay_said(toys: ToyWorld, event: str) -> int:
    return (toys.broker.logs / "relay.log").read_text().count(f'"event": "{event}"')


def test_given_a_blocked_broker_when_it_is_free_again_then_the_relay_has_sent_each_fact_once(toys):
    toys.environment["PUBLISH_SECONDS"] = RELAY_BUDGET
    toys.start_relay()
    before = relay_said(toys, "broker_blocked")
    with blocked(toys):
        for number in range(3):
            body = json.dumps(envelope(f"w{number}")).replace("'", "")
            toys.execute(
                "insert into outbox (id, exchange, routing_key, subject, body, recorded_at) values"
                f" (gen_random_uuid(), 'things.events', 'thing_changed', 's', '{body}', now())".replace(":", "\\:")
            )
        wait_until(lambda: relay_said(toys, "broker_blocked") > before, seconds=60)
        assert [(0,)] == toys.rows("select count(*) from outbox where sent_at is not null")
        # longer than the budget: a relay of the same budget that asks a silent peer has given up by now
        told = toys.start("tests.integration.chassis.silent")
        assert 0 == told.wait(60)
    wait_until(lambda: toys.rows("select count(*) from outbox where sent_at is null") == [(0,)], seconds=60)
    said = sorted(str(key) for (key,) in toys.rows("select id from outbox"))
    assert (said, 0) == (in_the_queue(toys, 3), relay_said(toys, "relay_interrupted"))


def test_given_a_blocked_broker_when_two_are_published_then_neither_takes_the_others_confirm_nor_comes_twice(toys):
    environment = {**toys.environment, "PUBLISH_SECONDS": BUDGET}
    with blocked(toys):
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", TWO], env=environment, cwd=REPOSITORY, capture_output=True,
            text=True, timeout=60, check=True,
        )  # fmt: skip
    assert (["one unknown", "two unknown"], ["one", "two"]) == (done.stdout.splitlines(), in_the_queue(toys, 2))
