"""The back-stop delivers what is missing, begins at the end of a log, and leaves alone what people have."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from bus import catching_up
from bus.catching_up import CatchingUp
from chassis import inbox
from chassis.tables import INBOX
from tests.support.parking import NOW, hears, inbox_of, message
from tests.toys.things.contract import ThingChanged
from tests.toys.things.tables import Base
from tests.unit.bus.test_parking import WHO, wire
from tools import parked

HANDLER = "things.thing_changed"


class Looking(CatchingUp):
    """Its peer's log is a list of batches; what it delivers to its own inbox is kept in `sent`."""

    def __init__(self, store: Any, log: list[list[bytes]]) -> None:
        self.log: list[list[bytes]] = log
        self.sent: list[list[str]] = []
        self.bodies: list[bytes] = []
        self.inbox: Any = inbox_of(store, hears(ThingChanged, "thing_changed"))
        self.inbox.failures.send = self.take
        self._process: Any = SimpleNamespace(store=store)
        super().__init__()

    def take(self, body: bytes, message_id: str, *_: Any) -> None:
        self.bodies.append(body)
        self.sent.append([each["id"] for each in json.loads(body)])

    def _ask(self, source: str, **question: Any) -> Any:
        numbered = [
            {"position": no, "envelopes": (b"[%s]" % b",".join(batch)).decode()}
            for no, batch in enumerate(self.log, start=1)
        ]
        return {"events": numbered[question["position"] :], "end": len(self.log)}


@pytest.fixture
def store(database):
    store = database(Base.metadata)
    with store.transaction() as session:
        catching_up.start_over(session, ["things"])
    return store


def at(store) -> int | None:
    with store.transaction() as session:
        return catching_up.position_in(session, "things")


def heard(store, *event_ids: str) -> None:
    with store.transaction() as session:
        inbox.first_times(session, [(HANDLER, event_id) for event_id in event_ids], NOW)


def test_given_a_batch_half_heard_when_the_log_is_read_then_the_other_half_alone_is_delivered_together(store):
    heard(store, "e-2")
    looking = Looking(store, [[wire(), wire(id="e-2"), wire(id="e-3")]])
    looking.page("things", 0)
    assert ([["e-1", "e-3"]], 1) == (looking.sent, at(store))


def test_given_events_of_others_when_the_log_is_read_then_they_are_left_to_them(store):
    looking = Looking(store, [[wire(type="cn.shaodao.things.lost.v1")], [wire(id="e-2")]])
    looking.page("things", 0)
    assert ([["e-2"]], 2) == (looking.sent, at(store))


def test_given_a_broker_that_is_away_when_the_log_is_read_then_it_is_read_again_later(store):
    def away(*_: Any) -> None:
        raise ConnectionResetError

    looking = Looking(store, [[wire()]])
    looking.inbox.failures.send = away
    looking.inbox.container.service_cls = SimpleNamespace(hears_from=())
    looking.container = looking.inbox.container
    looking._each(looking._catch_up)
    assert 0 == at(store)


@pytest.mark.rule("34")
def test_given_a_broken_envelope_in_the_log_when_delivered_then_it_is_parked_by_its_id_and_the_rest_is_read(store):
    looking = Looking(store, [[wire(specversion="2.0")], [wire(id="e-2")]])
    looking.page("things", 0)
    given = message(looking.bodies[0])
    looking.inbox.handle_message(given.body, given)
    with store.transaction() as session:
        found = [(row["handler"], row["event_id"], row["attempts"]) for row in parked.list_parked(session)]
    assert ([(HANDLER, "e-1", 1)], [["e-1"], ["e-2"]], 2) == (found, looking.sent, at(store))


@pytest.mark.rule("34")
def test_given_events_that_people_have_or_gave_up_when_the_log_is_read_again_then_none_is_delivered_again(store):
    looking = Looking(store, [[wire()], [wire(id="e-2"), wire(id="e-3")], [wire(id="e-4")]])
    for event_id in ("e-1", "e-2", "e-3"):
        given = message(wire(id=event_id, data={}))
        looking.inbox.handle_message(given.body, given)
    with store.transaction() as session:
        first, second, _ = (row["id"] for row in parked.list_parked(session))
        parked.discard(session, WHO, first, "发送方已修复", NOW)
        parked.replay(session, WHO, second, NOW)
    heard(store, "e-4")
    looking.page("things", 0)
    assert ([], 3) == (looking.sent, at(store))


@pytest.mark.rule("32")
def test_given_a_peer_never_heard_before_when_first_looked_at_then_its_history_is_not_replayed_but_what_follows_is(
    database,
):
    store = database(Base.metadata)
    looking = Looking(store, [[wire(id="old-1")], [wire(id="old-2")]])
    begun = looking.position("things")
    looking.log.append([wire(id="new-1")])
    looking.page("things", 0)
    assert (2, [["new-1"]], 3) == (begun, looking.sent, at(store))


@pytest.mark.rule("32")
def test_given_a_log_that_is_read_already_when_another_process_starts_then_it_goes_on_where_that_one_stopped(store):
    with store.transaction() as session:
        catching_up.advance(session, "things", 1)
    looking = Looking(store, [[wire()], [wire(id="e-2")], [wire(id="e-3")]])
    looking.page("things", 0)
    assert [["e-2"], ["e-3"]] == looking.sent


@pytest.mark.rule("32")
def test_given_a_reader_that_forgot_everything_when_it_starts_over_then_the_whole_history_is_read(database):
    store = database(Base.metadata)
    looking = Looking(store, [[wire()], [wire(id="e-2")]])
    looking.position("things")
    with store.transaction() as session:
        session.execute(INBOX.delete())
        catching_up.start_over(session, ["things"])
    looking.page("things", 0)
    with store.transaction() as session:
        assert ([["e-1"], ["e-2"]], []) == (looking.sent, list(session.execute(select(INBOX.c.event_id))))
