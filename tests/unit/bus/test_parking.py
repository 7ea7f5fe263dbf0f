"""What is parked keeps the id of its event, and a person is told of it once."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from chassis.envelope import CONTENT_TYPE
from chassis.identity import Principal
from chassis.tables import PARKED
from letters.letterbox import Letterbox
from tests.support.parking import NOW, hears, inbox_of, message
from tests.toys.things.contract import ThingChanged
from tests.toys.things.tables import Base
from tools import parked

pytestmark = pytest.mark.rule("34")
WHO = Principal("u-ops", "值班员")
CHANGED = "cn.shaodao.things.thing_changed.v1"
ENVELOPE = {
    "specversion": "1.0", "id": "e-1", "source": "/things", "type": CHANGED, "subject": "t-1",
    "time": "2024-07-05T01:00:00Z", "aggregateversion": 1, "areapath": "a.b", "actor": "u-1", "casenumber": "S1",
    "data": {"word": "x"},
}  # fmt: skip


@pytest.fixture
def store(database):
    return database(Base.metadata)


@pytest.fixture
def inbox(store):
    return inbox_of(store, hears(ThingChanged, "thing_changed"))


@pytest.fixture
def all_ears(store):
    return inbox_of(store, hears(None, "anything", "readmodel"), service="readmodel")


def wire(**changes: object) -> bytes:
    return json.dumps({**ENVELOPE, **changes}).encode()


def waiting(store) -> list[tuple[str, str | None, int]]:
    with store.transaction() as session:
        return [(row["handler"], row["event_id"], row["attempts"]) for row in parked.list_parked(session)]


BROKEN = {
    "data that break the contract": (message(wire(data={})), ("things.thing_changed", "e-1")),
    "no type at all": (message(wire(type=None)), ("unknown", "e-1")),
    "no envelope, but an id": (message(wire(specversion="2.0")), ("things.thing_changed", "e-1")),
    "nothing readable, but the broker was given an id": (message(b"{oops", "e-1"), ("unknown", "e-1")),
    "nothing at all": (message(b"{oops"), ("unknown", None)),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_given_an_event_that_breaks_its_contract_when_parked_then_its_id_is_kept_where_there_is_one(store, inbox, kind):
    given, (handler, event_id) = BROKEN[kind]
    inbox.handle_message(given.body, given)
    assert [(handler, event_id, 1)] == waiting(store)


@pytest.mark.parametrize("kind", ["thing_changed.v2", "thing_lost.v1"])
@pytest.mark.rule("31")
def test_given_an_event_of_a_newer_peer_when_heard_by_who_has_no_handler_then_it_is_ignored_and_never_parked(
    store, inbox, kind
):
    given = message(wire(type=f"cn.shaodao.things.{kind}"))
    inbox.handle_message(given.body, given)
    assert ([], [given]) == (waiting(store), inbox.acked)


def test_given_a_batch_with_poison_when_heard_then_each_poison_is_parked_alone_and_as_one_event(store, inbox):
    given = message(b"[%s]" % b",".join([wire(data={}), wire(id="e-2", specversion="2.0"), wire(type="cn.x.y.z.v1")]))
    inbox.handle_message(given.body, given)
    with store.transaction() as session:
        kept = [
            (json.loads(body)["id"], kind)
            for body, kind in session.execute(select(PARKED.c.body, PARKED.c.content_type))
        ]
    assert ([("e-1", CONTENT_TYPE), ("e-2", CONTENT_TYPE)], [given]) == (kept, inbox.acked)


def test_given_an_event_on_which_processes_died_when_parked_then_its_id_is_kept_by_whoever_hears_everything(
    store, all_ears
):
    dead = message(wire())
    all_ears.dead.handle_message(dead.body, dead)
    assert [("readmodel.anything", "e-1", 5)] == waiting(store)


def test_given_a_letter_on_which_processes_died_when_parked_then_it_is_known_by_its_sender_and_id(store, inbox):
    inbox.letterbox = letterbox = Letterbox()
    letterbox.queue = SimpleNamespace(name="things.post")
    letterbox.receiver = SimpleNamespace(handler_name="things.letter")
    dead = message(b'{"id": "m-1"}', **{"x-sender": "department.a"})
    inbox.dead.handle_message(dead.body, dead)
    assert [("things.letter", letterbox.letter(dead).id, 5)] == waiting(store)


def test_given_the_same_broken_event_again_when_it_waits_or_was_given_up_then_nobody_is_told_again(store, inbox):
    told = []
    for _ in range(3):
        given = message(wire(data={}))
        inbox.handle_message(given.body, given)
        told.append(len(waiting(store)))
    with store.transaction() as session:
        parked.discard(session, WHO, parked.list_parked(session)[0]["id"], "发送方已修复", NOW)
    inbox.handle_message(given.body, given)
    with store.transaction() as session:
        states = list(session.execute(select(PARKED.c.state)).scalars())
    assert ([1, 1, 1], ["DISCARDED"], 4) == (told, states, len(inbox.acked))


def test_given_a_replay_that_fails_again_when_parked_then_it_waits_under_a_new_number(store, inbox):
    given = message(wire(data={}))
    inbox.handle_message(given.body, given)
    with store.transaction() as session:
        first = parked.list_parked(session)[0]["id"]
        parked.replay(session, WHO, first, NOW)
    inbox.handle_message(given.body, given)
    with store.transaction() as session:
        (row,) = parked.list_parked(session)
    assert (first + 1, "e-1") == (row["id"], row["event_id"])
