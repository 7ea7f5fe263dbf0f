"""The events of one message share a transaction, and only what is bad of them is told as failed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import eventlet
import pytest
from sqlalchemy import event as listening
from sqlalchemy import select

from bus import service
from bus.failing import RETRIES
from bus.gathering import Turns
from chassis.entrypoints import Handles
from chassis.errors import Unavailable
from chassis.tables import INBOX
from tests.support.events import said
from tests.support.parking import NOW, hears, inbox_of, message
from tests.toys.things.contract import ThingChanged, ThingCounted
from tests.toys.things.doing import make, obey
from tests.toys.things.tables import Base, Effect
from tests.unit.bus.test_parking import wire
from tests.unit.chassis.test_outbox import rows

CHANGED, COUNTED = "thing_changed", "thing_counted"
E_0, E_1, E_2 = IDS = [f"0000000{no}-0000-4000-8000-000000000000" for no in range(3)]


class Broker:
    """What goes to the waiting queues."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, int, bytes]] = []

    def send(self, body: bytes, message_id: str, delay: str, headers: dict[str, Any], content_type: str) -> None:
        self.sent.append((message_id, delay, headers["x-attempt"], body))


@pytest.fixture
def store(database):
    return database(Base.metadata)


@pytest.fixture
def broker():
    return Broker()


@pytest.fixture
def inbox(store, broker):
    made = inbox_of(store, hears(ThingChanged, CHANGED), hears(ThingCounted, COUNTED))
    made.failures.send = broker.send
    return made


def speaking(session, who, event, now):
    obey(session, event)
    make(session, who, {"word": f"after {event.data['word']}"}, now)


@pytest.fixture
def things(store):
    entries = {name: Handles(name, speaking, None, 1) for name in (CHANGED, COUNTED)}
    standing = SimpleNamespace(process=SimpleNamespace(store=store, clock=lambda: NOW))
    return SimpleNamespace(name="things", standing=standing, entrypoints=entries)


def batch(*words: str, event_type: str = CHANGED) -> Any:
    told = [
        wire(id=IDS[no], data={"word": word}, type=f"cn.shaodao.things.{COUNTED if no % 2 else event_type}.v1")
        for no, word in enumerate(words)
    ]
    return message(b"[%s]" % b",".join(told))


def hear(things, delivery) -> list[tuple[str | None, str]]:
    found = service.hear(lambda items: service.hear_all(things, items), delivery.items)
    return [(item.id, str(error)) for item, error in found]


def effects(store) -> tuple[list[str], list[str]]:
    with store.transaction() as session:
        words = list(session.execute(select(Effect.word).order_by(Effect.no)).scalars())
        return words, sorted(session.execute(select(INBOX.c.event_id)).scalars())


def test_given_a_batch_when_heard_then_all_handlers_share_one_claim_and_one_commit_and_their_order_is_kept(
    store, inbox, things
):
    statements: list[str] = []
    listening.listen(store.engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]))
    failed = hear(things, inbox.read(batch("a", "b", "c")))
    claims = [each for each in statements if "INSERT INTO inbox" in each]
    assert ([], 1, (["a", "b", "c"], [E_0, E_1, E_2])) == (failed, len(claims), effects(store))
    with store.transaction() as session:
        assert [("things.events", "thing_changed", ["after a", "after b", "after c"])] == rows(session)


def test_given_a_batch_heard_before_when_it_comes_again_then_nothing_happens_twice(store, inbox, things):
    hear(things, inbox.read(batch("a", "b")))
    assert [] == hear(things, inbox.read(batch("a", "b", "c")))
    assert (["a", "b", "c"], [E_0, E_1, E_2]) == effects(store)


def test_given_one_bad_event_in_a_batch_when_heard_then_it_alone_fails_and_has_neither_effect_nor_claim(
    store, inbox, things
):
    failed = hear(things, inbox.read(batch("a", "fail", "c")))
    assert ([(E_1, "told so")], (["a", "c"], [E_0, E_2])) == (failed, effects(store))


def test_given_a_database_that_goes_in_the_middle_when_heard_then_the_whole_is_done_again_later(store, inbox, things):
    def away(session, who, event, now):
        raise Unavailable

    things.entrypoints[COUNTED] = Handles(COUNTED, away, None, 1)
    with pytest.raises(Unavailable):
        hear(things, inbox.read(batch("a", "b")))
    assert ([], []) == effects(store)


def test_given_each_event_of_a_batch_when_it_says_something_then_that_event_is_named_as_the_cause(store, inbox, things):
    hear(things, inbox.read(batch("a", "b")))
    with store.transaction() as session:
        assert [E_0, E_1] == [each["causationid"] for each in said(session)]


def test_given_what_failed_of_a_batch_when_settled_then_it_waits_alone_and_the_message_is_acked(inbox, broker):
    given = batch("a", "b", "c")
    delivery = inbox.read(given)
    inbox.failures.settle(delivery, [(delivery.items[1], ValueError("told so"))])
    ((event_id, delay, attempt, body),) = broker.sent
    alone = inbox.read(message(body))
    assert (E_1, RETRIES[0], 1, [E_1]) == (event_id, delay, attempt, [item.id for item in alone.items])
    assert [given] == inbox.acked


def test_given_a_batch_on_which_processes_died_when_given_up_then_its_events_are_delivered_one_by_one(inbox, broker):
    dead = batch("a", "die", "c")
    inbox.dead.handle_message(dead.body, dead)
    assert ([(E_0, 0), (E_1, 0), (E_2, 0)], [dead]) == (
        [(event_id, attempt) for event_id, _, attempt, _ in broker.sent],
        inbox.acked,
    )


def test_given_subjects_shared_by_deliveries_when_they_take_turns_then_who_came_first_goes_first():
    turns, order = Turns(), []

    def work(name: str, *subjects: str) -> None:
        end = turns.take(subjects)
        order.append(name)
        eventlet.sleep(0)
        order.append(f"{name} done")
        end()

    threads = [eventlet.spawn(work, *each) for each in [("1", "a", "b"), ("2", "b", "c"), ("3", "c"), ("4", "d")]]
    for thread in threads:
        thread.wait()
    assert ["1", "4", "1 done", "4 done", "2", "2 done", "3", "3 done"] == order
    assert {} == turns._last
