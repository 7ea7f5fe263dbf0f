"""The live timeline: news as it is committed, a sign of life in between, and a clean end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import eventlet

from chassis.errors import Unauthenticated
from chassis.identity import Grant, Principal
from chassis.store import Store
from kernel.codes import Role
from services.portal.readmodel.streaming import BYE, HEARTBEAT, Stream
from services.portal.readmodel.watching import Watch
from tests.unit.portal.readmodel.looking import tell
from tests.unit.portal.readmodel.story import APPEAL_NO, a1, a4

PATIENCE = 10.0
STAFF = Principal("u-wangfang", "王芳", (Grant(Role.COMMUNITY, "yinchuan"),))


def stream(store: Store, watch: Watch, seen: int = 0, heartbeat: float = PATIENCE, **more: Any) -> Iterator[str]:
    opened = Stream(store, watch, APPEAL_NO, seen, **{"who": lambda: STAFF, **more}, heartbeat=heartbeat).events()
    assert next(opened).startswith("retry: ")
    return opened


def entry(told: str) -> dict[str, Any]:
    lines = dict(line.split(": ", 1) for line in told.strip().splitlines())
    return {"at": int(lines["id"]), "event": lines["event"], **json.loads(lines["data"])}


def test_given_an_open_page_when_an_event_is_committed_then_it_arrives(store: Store) -> None:
    events = a1()
    tell(store, events[:2])
    opened = stream(store, Watch(store), seen=2)
    eventlet.spawn(tell, store, [*a4()[:1], events[2]])
    with eventlet.Timeout(PATIENCE):
        news = entry(next(opened))
    assert (True, "entry", "appeal_assigned", "派单") == (
        news["at"] == news["seq"] > 2, news["event"], news["name"], news["label"],
    )  # fmt: skip


def test_given_what_was_missed_when_coming_back_then_it_is_told_in_order(store: Store) -> None:
    tell(store, a1()[:5])
    opened = stream(store, Watch(store), seen=2)
    with eventlet.Timeout(PATIENCE):
        assert [3, 4, 5] == [entry(next(opened))["seq"] for _ in range(3)]


def test_given_no_news_when_time_passes_then_there_is_a_heartbeat_and_at_last_an_end(store: Store) -> None:
    tell(store, a1()[:1])
    watch = Watch(store)
    told = list(stream(store, watch, seen=1, heartbeat=0.02, longest=0.05))
    assert ({HEARTBEAT}, BYE, 0) == (set(told[:-1]), told[-1], len(watch))


def test_given_a_client_that_leaves_when_closed_then_nobody_watches_any_more(store: Store) -> None:
    tell(store, a1()[:1])
    watch = Watch(store)
    opened = stream(store, watch, seen=1, heartbeat=0.02)
    next(opened)
    assert 1 == len(watch)
    opened.close()
    assert 0 == len(watch)


def test_given_idle_pages_when_they_wait_then_they_hold_no_connection(store: Store) -> None:
    tell(store, a1()[:1])
    watch = Watch(store)
    idle = [stream(store, watch, seen=1, heartbeat=0.02) for _ in range(12)]  # the pool has 4, and 4 more
    for opened in idle:
        next(opened)
    assert (12, 0) == (len(watch), store.engine.pool.checkedout())
    for opened in idle:
        opened.close()


def test_given_who_logged_out_when_there_is_news_then_it_is_not_told_and_the_stream_ends(store: Store) -> None:
    events, asked = a1(), iter([STAFF])

    def who() -> Principal:
        if found := next(asked, None):
            return found
        raise Unauthenticated("ended")

    tell(store, events[:2])
    opened = stream(store, Watch(store), seen=1, who=who)
    with eventlet.Timeout(PATIENCE):
        assert 2 == entry(next(opened))["seq"]
        eventlet.spawn(tell, store, events[2:3])
        assert [BYE] == list(opened)


def test_given_a_right_taken_back_when_there_is_news_then_the_stream_ends(store: Store) -> None:
    elsewhere = Principal("u-lili", "李利", (Grant(Role.GRID, "yinchuan.elsewhere"),))
    tell(store, a1()[:2])
    with eventlet.Timeout(PATIENCE):
        assert [BYE] == list(stream(store, Watch(store), seen=1, who=lambda: elsewhere))
