"""Every poison: bad JSON, data of a wrong type, half of a batch, calls without reply_to, a deadly event."""

from __future__ import annotations

import json
import uuid
from typing import Any

from kombu import Connection, Exchange

from ops.environment import amqp_uri
from ops.waiting import wait_until
from ops.world import SERVICES
from tests.chaos.row import Play
from tests.stories.sql import FACTS, one, rows

DEADLY_SECONDS = 150.0
HEARD = {
    "intake": "dispatch.whistle_blown", "dispatch": "intake.appeal_withdrawn", "mediation": "dispatch.whistle_blown",
    "notify": "intake.appeal_registered",
}  # fmt: skip


def envelope(heard: str, version: int = 1, **changes: Any) -> dict[str, Any]:
    source, name = heard.split(".")
    return {
        "specversion": "1.0", "id": str(uuid.uuid4()), "source": f"/{source}",
        "type": f"cn.shaodao.{source}.{name}.v{version}", "subject": str(uuid.uuid4()),
        "time": "2024-07-03T02:00:00Z", "aggregateversion": 1, "areapath": "yinchuan", "actor": "u-nobody",
        "casenumber": "S0", "data": {"oops": True}, **changes,
    }  # fmt: skip


def send(play: Play, body: bytes, service: str, exchange: str | None = None, key: str = "") -> None:
    """A message to one service alone, from the broker's administrator."""
    with Connection(amqp_uri(play.stage.world, "ops")) as connection:
        connection.Producer().publish(
            body, exchange=Exchange(exchange or f"{service}.replay", no_declare=True), routing_key=key,
            serializer=None, content_type="application/cloudevents+json", content_encoding="utf-8",
        )  # fmt: skip


def unreadable(play: Play) -> None:
    """Bad JSON and what is no envelope, to all five; nobody can say which event it was."""
    for service in SERVICES:
        for body in (b"{oops", b"[1, 2]", json.dumps({"hello": 1}).encode(), b"\xff\xfe"):
            send(play, body, service)
            play.expected.unreadable[service] += 1


def wrong(play: Play) -> None:
    """Readable, but with data of a wrong type: parked under its id. What only a newer peer knows is passed over."""
    for service, heard in HEARD.items():
        bad = envelope(heard)
        for told in (bad, envelope(heard, version=9), envelope(f"{heard}_never_told")):
            send(play, json.dumps(told).encode(), service)
        play.expected.events.setdefault(service, set()).add(bad["id"])


def calls_without_address(play: Play) -> None:
    for service in SERVICES:
        send(play, b'{"args": [{}], "kwargs": {}}', service, "nameko-rpc", f"{service}.events_since")
        send(play, b"{oops", service, "nameko-rpc", f"{service}.no_such_method")


def fed(play: Play) -> None:
    """All of it, in the middle of the load."""
    play.load.until(30)
    unreadable(play)
    play.load.until(30)
    wrong(play)
    calls_without_address(play)
    play.is_over()


def half_of_a_batch(play: Play) -> None:
    """The batches of a few cases, with poison between their facts, come to notify once more: what it heard already has
    no other effect, what a relay brings at the same time has its one, and each poison is parked by itself."""
    play.stage.control.tell("intake-relay.hold")
    play.load.until(20)
    bodies = rows(play.stage.world, "intake", "select body from outbox where sent_at is null order by position")
    for (body,) in bodies:
        mixed = [each for fact in json.loads(body) for each in (envelope(HEARD["notify"]), fact)]
        play.expected.events.setdefault("notify", set()).update(each["id"] for each in mixed[::2])
        send(play, json.dumps(mixed).encode(), "notify")
    play.stage.control.take_back("intake-relay.hold")
    play.is_over()


def deadly(play: Play) -> None:
    """One event on which notify's process dies, every time, whatever else it has in work at that moment."""
    stage = play.stage
    play.load.until(30)
    query = f"""
        select id from {FACTS} where type like '%.appeal_registered.v1' and position > {play.mark.outbox["intake"]}
        order by position desc limit 1
    """
    stage.control.tell("intake-relay.hold")
    play.load.until(10)
    victim = one(stage.world, "intake", query)
    stage.control.tell("notify.deadly", victim)
    stage.control.take_back("intake-relay.hold")
    play.expected.events["notify"] = {victim}
    parked = f"select count(*) from parked where event_id = '{victim}'"
    try:
        wait_until(lambda: one(stage.world, "notify", parked), seconds=DEADLY_SECONDS, what="parked", every=0.5)
    finally:
        stage.control.take_back("notify.deadly")
    play.is_over()
    stage.ready("notify")
