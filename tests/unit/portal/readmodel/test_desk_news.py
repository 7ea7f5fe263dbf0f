"""A live desk says how many things have news, catches up after a break, and costs one look for all that are open."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import eventlet

from chassis.errors import Unauthenticated
from chassis.identity import Grant, Principal
from chassis.store import Store
from services.portal.readmodel import desks
from services.portal.readmodel.news import DeskWatch
from services.portal.readmodel.streaming import BYE, HEARTBEAT, DeskStream
from tests.support.counting import statements
from tests.unit.portal.readmodel.looking import tell
from tests.unit.portal.readmodel.test_desk import STREET, council

PATIENCE = 10.0
VIEWER = Principal("u-1", "街道", (Grant("STREET", STREET),))
OTHER = Principal("u-2", "外街", (Grant("STREET", "yinchuan.xingqing.shandalu"),))


def live(store: Store, watch: DeskWatch, who: Principal = VIEWER, seen: int = 0, **more: Any) -> Iterator[str]:
    stream = DeskStream(store, watch, seen, lambda: who, **{"heartbeat": PATIENCE, "pause": 0.0, **more})
    events = stream.events()
    assert next(events).startswith("retry: ")
    return events


def count(told: str) -> tuple[str, int]:
    lines = dict(line.split(": ", 1) for line in told.strip().splitlines())
    assert "news" == lines["event"]
    return lines["id"], json.loads(lines["data"])["count"]


def newest(store: Store) -> int:
    with store.transaction() as session:
        return desks.newest(session)


def come(store: Store, key: str, *waits: str, **more: Any) -> None:
    tell(store, [replace(council(waits or ["role:STREET"], number="", key=key), **more)])


def test_given_an_open_desk_when_something_comes_then_it_says_how_many(store: Store) -> None:
    come(store, "before")
    opened = live(store, DeskWatch(store), seen=newest(store))
    eventlet.spawn_after(0.1, come, store, "first")
    with eventlet.Timeout(PATIENCE):
        assert ("1", 1) == count(next(opened))
    eventlet.spawn_after(0.1, come, store, "second")
    with eventlet.Timeout(PATIENCE):
        assert ("1", 2) == count(next(opened))
    opened.close()


def test_given_what_came_while_the_connection_was_gone_when_it_is_back_then_nothing_is_missed(store: Store) -> None:
    seen = newest(store)
    for key in ("one", "two", "three"):
        come(store, key)
    for _ in range(2):
        opened = live(store, DeskWatch(store), seen=seen)
        with eventlet.Timeout(PATIENCE):
            assert (str(seen), 3) == count(next(opened))
        opened.close()


def test_given_what_is_for_others_or_ones_own_when_it_comes_then_nothing_is_said(store: Store) -> None:
    watch = DeskWatch(store)
    opened = live(store, watch, heartbeat=1.2)
    come(store, "for others", "role:STREET", area_path=OTHER.grants[0].node, case_number="O9")
    come(store, "own", actor="u-1")
    with eventlet.Timeout(PATIENCE):
        assert HEARTBEAT == next(opened)
    opened.close()


def test_given_something_done_by_a_colleague_when_it_waits_no_more_then_the_number_goes_down(store: Store) -> None:
    opened = live(store, DeskWatch(store))
    come(store, "one")
    come(store, "two")
    with eventlet.Timeout(PATIENCE):
        assert ("0", 2) == count(next(opened))
    done = replace(council([], number="", key="one"), aggregate_version=2)
    tell(store, [replace(done, id="done")])
    come(store, "three")
    come(store, "four")
    with eventlet.Timeout(PATIENCE):
        assert ("0", 3) == count(next(opened))
    opened.close()


def test_given_five_hundred_open_desks_when_nothing_concerns_them_then_the_store_is_asked_as_for_one(
    store: Store,
) -> None:
    watch = DeskWatch(store)
    with ExitStack() as stack:
        watchers = [stack.enter_context(watch.of(replace(OTHER, id=f"u-{no}"))) for no in range(500)]
        with statements(store.engine) as asked:
            eventlet.sleep(1.2)
            come(store, "elsewhere")
            eventlet.sleep(0.6)
        looks = [each for each in asked if "FROM entry JOIN matter" in each]
        assert (True, 0) == (1 <= len(looks) <= 5, sum(each.news.ready() for each in watchers))
        assert 500 == len(watch)
    assert 0 == len(watch)


def test_given_no_news_when_time_passes_then_there_is_a_heartbeat_and_at_last_an_end(store: Store) -> None:
    watch = DeskWatch(store)
    told = list(live(store, watch, heartbeat=0.02, longest=1.0))
    assert ({HEARTBEAT}, BYE, 0) == (set(told[:-1]), told[-1], len(watch))


def test_given_who_logged_out_when_asked_again_then_the_stream_ends(store: Store) -> None:
    asked = iter([VIEWER])

    def who() -> Principal:
        if found := next(asked, None):
            return found
        raise Unauthenticated("ended")

    events = DeskStream(store, DeskWatch(store), 0, who, heartbeat=0.02).events()
    assert BYE == list(events)[-1]
