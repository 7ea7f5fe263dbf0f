"""A backlog of 10,000 facts, then one consumer: the order of each case is kept, and its memory stays flat."""

from __future__ import annotations

import json
import uuid

import psutil

from ops import programs, provision, rabbitmq_api
from ops.waiting import wait_until
from ops.world import SERVICES
from tests.chaos.row import Play
from tests.stories.sql import rows

FACTS, CASES = 10_000, 250
NAME = "appeal_handling_recorded"
DATA = {"how": "ON_SITE", "stage": "PROGRESS", "attachment_count": 0, "in_time": True}
CONSUMER = programs.READMODEL
DRAIN_SECONDS = 60.0
GROWTH = 1.3
INSERT = """
insert into outbox (id, exchange, routing_key, subject, body, recorded_at)
values (%s, 'intake.events', %s, %s, %s, now())
"""


def backlog(play: Play) -> None:
    """The portal goes; facts about cases of the load pile up; it comes back, and one read model takes them in."""
    stage = play.stage
    play.load.until(CASES, seconds=120)
    stage.plan([service for service in SERVICES if service != "portal"])
    wait_until(lambda: CONSUMER not in running(play), seconds=60, what="the portal gone")
    subjects = record(play)
    waiting = lambda: rabbitmq_api.queues(stage.world)["portal.inbox"].get("messages", 0)  # noqa: E731
    wait_until(
        lambda: waiting() >= FACTS, seconds=120, what=f"{FACTS} in the portal's queue", every=0.5, progress=waiting
    )
    stage.plan()
    play.is_over()
    wait_until(lambda: CONSUMER in running(play) and stage.pid(CONSUMER), seconds=60, what="the portal back")
    consumer = psutil.Process(stage.pid(CONSUMER))
    sizes: list[int] = []

    def drained() -> bool:
        sizes.append(consumer.memory_info().rss)
        return waiting() < FACTS // 50

    wait_until(drained, seconds=DRAIN_SECONDS, what="the backlog handled", every=1, progress=waiting)
    grown(play, sizes)
    in_order(play, subjects)


def running(play: Play) -> list[str]:
    return [program.name for program in programs.programs_of(play.stage.world)]


def record(play: Play) -> list[str]:
    """Facts in intake's outbox as intake writes them, turn by turn over the cases; the ids of the appeals."""
    with provision.connected(play.stage.world, "intake") as connection, connection.transaction():
        appeals = connection.execute(
            "select id::text, case_number, version, area_path::text from appeal order by created_at desc limit %s",
            [CASES],
        ).fetchall()
        turns = FACTS // CASES
        told = [fact(*appeal, turn + 1) for turn in range(turns) for appeal in appeals]
        with connection.cursor() as cursor:
            cursor.executemany(INSERT, told)
        ids = [appeal[0] for appeal in appeals]
        connection.execute("update appeal set version = version + %s where id = any(%s::uuid[])", [turns, ids])
    return ids


def fact(subject: str, number: str, version: int, area: str, turn: int) -> tuple[str, str, str, str]:
    key = str(uuid.uuid4())
    body = {
        "specversion": "1.0", "id": key, "source": "/intake", "type": f"cn.shaodao.intake.{NAME}.v1",
        "subject": subject, "time": f"2024-07-03T02:{turn % 60:02}:00Z", "datacontenttype": "application/json",
        "dataschema": f"urn:shaodao:intake:{NAME}:v1", "aggregateversion": version + turn, "areapath": area,
        "actor": "u-lishan", "casenumber": number, "data": {"appeal_id": subject, "number": number, **DATA},
    }  # fmt: skip
    return key, NAME, subject, json.dumps([body])


def grown(play: Play, sizes: list[int]) -> None:
    """From when it was warm (a fifth of the way) to its largest: not much more memory."""
    warm, largest = sizes[len(sizes) // 5], max(sizes)
    play.note = f"memory {warm >> 20} MB when warm, {largest >> 20} MB at most"
    if largest > warm * GROWTH:
        play.failed.append(f"memory grew {largest / warm:.2f} times")


def in_order(play: Play, subjects: list[str]) -> None:
    query = f"select subject, aggregate_version from entry where name = '{NAME}' order by case_number, seq"
    seen: dict[str, int] = {}
    for subject, version in rows(play.stage.world, "portal", query):
        if seen.get(subject, 0) > version:
            play.failed.append(f"{subject}: {version} came after {seen[subject]}")
        seen[subject] = version
    if missing := set(subjects) - seen.keys():
        play.failed.append(f"{len(missing)} cases without their facts")
