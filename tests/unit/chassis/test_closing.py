"""What waits for the end of a transaction follows its savepoints."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from chassis import answered, outbox
from chassis.identity import Principal
from chassis.store import new_id
from services.intake.inserting import insert_new
from tests.support.events import said
from tests.toys.things.contract import ThingChanged
from tests.toys.things.tables import Base, Effect, Thing

pytestmark = pytest.mark.rule("35")
NOW = datetime(2024, 7, 5, 1, 0, tzinfo=UTC)
WHO = Principal("u-1", "somebody")
KEEP, UNDO = "commit", "rollback"
SAY = "say"
# a fact to tell, or a savepoint: how it ends, and what happens inside
acts = st.recursive(
    st.just(SAY), lambda inner: st.tuples(st.sampled_from([KEEP, UNDO]), st.lists(inner, max_size=4)), max_leaves=12
)


@pytest.fixture
def store(database):
    return database(Base.metadata)


def thing(session) -> Thing:
    row = Thing(id=new_id(), word="old", area_path="a.b", case_number="S1")
    session.add(row)
    session.flush()
    return row


def say(session, row, word: str) -> None:
    outbox.record(session, ThingChanged, row, WHO, NOW, word=word)


def words(store) -> list[str]:
    with store.transaction() as session:
        return [envelope["data"]["word"] for envelope in said(session)]


def play(session, row, plan, path: str = "") -> list[str]:
    """Does what the plan says; the words that must be told in the end."""
    kept: list[str] = []
    for no, act in enumerate(plan):
        name = f"{path}{no}"
        if act == SAY:
            say(session, row, name)
            kept.append(name)
            continue
        end, inner = act
        savepoint = session.begin_nested()
        inside = play(session, row, inner, f"{name}.")
        getattr(savepoint, end)()
        kept += inside if end == KEEP else []
    return kept


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(acts, max_size=5))
def test_given_savepoints_of_any_nesting_when_committed_then_exactly_what_was_not_undone_is_told_in_order(store, plan):
    with store.transaction() as session:
        before = len(said(session))
        row = thing(session)
        expected = play(session, row, plan)
    with store.transaction() as session:
        told = said(session)[before:]
        assert expected == [each["data"]["word"] for each in told]
        assert list(range(1, len(expected) + 1)) == [each["aggregateversion"] for each in told]


def test_given_a_statement_that_fails_in_a_savepoint_when_committed_then_what_was_told_before_is_told(store):
    with store.transaction() as session:
        row = thing(session)
        say(session, row, "before")
        with pytest.raises(IntegrityError), session.begin_nested():
            say(session, row, "inside")
            session.add(Thing(id=row.id, word="twice", area_path="a.b", case_number="S1"))
            session.expunge(row)
            session.flush()
    assert ["before"] == words(store)


def test_given_rows_inserted_in_a_savepoint_when_undone_then_those_of_before_are_kept_and_others_may_come(store):
    with store.transaction() as session:
        savepoint = session.begin_nested()
        insert_new(session, Effect(event_id="e-1", subject="t-1", word="undone"))
        savepoint.rollback()
        insert_new(session, Effect(event_id="e-2", subject="t-1", word="kept"))
        session.begin_nested().rollback()
    with store.transaction() as session:
        assert ["kept"] == list(session.scalars(select(Effect.word)))


def test_given_a_command_with_an_undone_savepoint_when_asked_again_then_it_gets_the_answer_kept(store):
    def do(session):
        row = thing(session)
        say(session, row, "told")
        session.begin_nested().rollback()
        return {"id": str(row.id)}

    request = answered.Request("u-1", "make", "k-1", {})
    first, second = (answered.once(store, request, NOW, do) for _ in range(2))
    assert (first, ["told"]) == (second, words(store))


def test_given_a_transaction_that_failed_when_the_session_goes_on_then_nothing_of_it_is_told(store):
    with store.sessions() as session:
        row = thing(session)
        session.begin_nested()
        say(session, row, "lost")
        session.rollback()
        say(session, thing(session), "new")
        session.commit()
    assert ["new"] == words(store)
