"""The back-stop reads on whatever fails, begins at the end of a log, and leaves alone what people have."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from chassis import cursors, inbox, parked
from chassis.bus.catching_up import LOOKS, CatchingUp
from chassis.errors import Reject, ServiceError
from chassis.tables import INBOX
from tests.support.parking import NOW, hears, inbox_of
from tests.toys.things.contract import ThingChanged
from tests.toys.things.tables import Base
from tests.unit.chassis.test_parking import WHO, wire

HANDLER = "things.thing_changed"


class Died(BaseException):
    """The end of the process, as far as a test can have it."""


class Looking(CatchingUp):
    """Its peer's log is a list; its handler does as the test says."""

    def __init__(self, store: Any, log: list[bytes], does: Any = None) -> None:
        self.log, self.does, self.tried = log, does, []
        self.inbox: Any = inbox_of(store, hears(ThingChanged, "thing_changed"))
        self._process: Any = SimpleNamespace(store=store)
        super().__init__()

    def _ask(self, source: str, **question: Any) -> Any:
        numbered = [{"position": no, "envelope": text.decode()} for no, text in enumerate(self.log, start=1)]
        return {"events": numbered[question["position"] :], "end": len(self.log)}

    def _try(self, text: str) -> BaseException | None:
        self.tried.append(json.loads(text)["id"])
        if isinstance(self.does, Died):
            raise self.does
        return self.does


@pytest.fixture
def store(database):
    store = database(Base.metadata)
    with store.transaction() as session:
        cursors.start_over(session, ["things"])
    return store


def waiting(store) -> list[tuple[str, str | None, int]]:
    with store.transaction() as session:
        return [(row["handler"], row["event_id"], row["attempts"]) for row in parked.list_parked(session)]


def at(store) -> int | None:
    with store.transaction() as session:
        return cursors.position(session, "things")


def looks(looking: Looking, ends: Any, times: int) -> None:
    for _ in range(times):
        with pytest.raises(ends):
            looking.page("things", 0)


def test_given_an_event_that_fails_when_looked_at_often_enough_then_a_person_decides_and_the_rest_is_read(store):
    looking = Looking(store, [wire()], ValueError("told to fail"))
    looks(looking, ServiceError, LOOKS - 1)
    looking.page("things", 0)
    assert ([(HANDLER, "e-1", LOOKS)], 1) == (waiting(store), at(store))


@pytest.mark.rule("34")
def test_given_an_event_that_ends_the_process_when_looked_at_often_enough_then_a_person_decides_without_another_try(
    store,
):
    log = [wire()]
    for _ in range(LOOKS):
        looks(Looking(store, log, Died()), Died, 1)  # each a process of its own
    looking = Looking(store, log, Died())
    looking.page("things", 0)
    assert ([], [(HANDLER, "e-1", LOOKS)], 1) == (looking.tried, waiting(store), at(store))


def test_given_an_event_no_retry_can_mend_when_looked_at_then_a_person_decides_at_once(store):
    Looking(store, [wire()], Reject("no")).page("things", 0)
    assert [(HANDLER, "e-1", 1)] == waiting(store)


def test_given_an_event_that_is_handled_when_looked_at_then_nothing_is_kept(store):
    Looking(store, [wire()]).page("things", 0)
    assert ([], 1) == (waiting(store), at(store))


@pytest.mark.rule("34")
def test_given_a_broken_envelope_in_the_log_when_read_then_it_is_parked_by_its_id_and_the_rest_is_read(store):
    looking = Looking(store, [wire(specversion="2.0"), wire(id="e-2")])
    looking._try = lambda text: CatchingUp._try(looking, text) if "2.0" in text else None  # type: ignore[method-assign]
    looking.page("things", 0)
    assert ([(HANDLER, "e-1", 1)], 2) == (waiting(store), at(store))


@pytest.mark.rule("34")
def test_given_events_that_people_have_or_gave_up_when_the_log_is_read_again_then_none_is_run_again(store):
    log = [wire(), wire(id="e-2"), wire(id="e-3"), wire(id="e-4")]
    Looking(store, log[:3], Reject("no")).page("things", 0)
    with store.transaction() as session:
        first, second, _ = (row["id"] for row in parked.list_parked(session))
        parked.discard(session, WHO, first, "发送方已修复", NOW)
        parked.replay(session, WHO, second, NOW)
        inbox.first_time(session, HANDLER, "e-4", NOW)
        cursors.start_over(session, ["things"])
    looking = Looking(store, log)
    looking.page("things", 0)
    assert ([], 4) == (looking.tried, at(store))


@pytest.mark.rule("32")
def test_given_a_peer_never_heard_before_when_first_looked_at_then_its_history_is_not_replayed_but_what_follows_is(
    database,
):
    store = database(Base.metadata)
    log = [wire(id="old-1"), wire(id="old-2")]
    looking = Looking(store, log)
    begun = looking.position("things")
    log.append(wire(id="new-1"))
    looking.page("things", 0)
    assert (2, ["new-1"], 3) == (begun, looking.tried, at(store))


@pytest.mark.rule("32")
def test_given_a_log_that_is_read_already_when_another_process_starts_then_it_goes_on_where_that_one_stopped(store):
    with store.transaction() as session:
        cursors.advance(session, "things", 1)
    looking = Looking(store, [wire(), wire(id="e-2"), wire(id="e-3")])
    looking.page("things", 0)
    assert ["e-2", "e-3"] == looking.tried


@pytest.mark.rule("32")
def test_given_a_reader_that_forgot_everything_when_it_starts_over_then_the_whole_history_is_read(database):
    store = database(Base.metadata)
    looking = Looking(store, [wire(), wire(id="e-2")])
    looking.position("things")
    with store.transaction() as session:
        session.execute(INBOX.delete())
        cursors.start_over(session, ["things"])
    looking.page("things", 0)
    with store.transaction() as session:
        assert (["e-1", "e-2"], []) == (looking.tried, list(session.execute(select(INBOX.c.event_id))))
