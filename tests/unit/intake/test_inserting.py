"""New rows past the unit of work."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from chassis.store import new_id
from services.intake.inserting import insert_new
from tests.toys.things.tables import Base, Effect, Thing


@pytest.fixture
def store(database):
    return database(Base.metadata)


def thing(word: str) -> Thing:
    return Thing(id=new_id(), version=3, area_path="a.b", case_number="S1", word=word)


def effect(word: str) -> Effect:
    return Effect(event_id="e-1", subject="t-1", word=word)


def test_given_new_rows_of_two_tables_when_inserted_then_all_are_there_as_they_were(store):
    with store.transaction() as session:
        insert_new(session, thing("one"), effect("two"), effect("three"))
    with store.transaction() as session:
        found = session.scalars(select(Thing)).one()
        words = session.scalars(select(Effect.word).order_by(Effect.word)).all()
    assert ("one", 3, "a.b", ["three", "two"]) == (found.word, found.version, found.area_path, words)


def test_given_a_column_that_was_not_set_when_inserted_then_it_gets_its_default(store):
    with store.transaction() as session:
        insert_new(session, thing("one"))
    with store.transaction() as session:
        assert 1 == session.scalar(text("select count(*) from thing where created_at is not null"))


def test_given_an_inserted_row_when_changed_afterwards_then_the_store_keeps_what_was_inserted(store):
    with store.transaction() as session:
        row = thing("before")
        insert_new(session, row)
        row.word = "after"
    with store.transaction() as session:
        assert "before" == session.scalar(select(Thing.word))


def test_given_a_row_the_store_refuses_when_inserted_then_nothing_of_the_statement_stays(store):
    row = thing("one")
    with pytest.raises(IntegrityError), store.transaction() as session:
        insert_new(session, row, effect("two"), row)
    with store.transaction() as session:
        assert 0 == session.scalar(select(func.count()).select_from(Effect))


def test_given_new_rows_when_others_come_in_the_same_transaction_then_they_are_refused_and_none_is_lost(store):
    with store.transaction() as session:
        insert_new(session, thing("one"))
        with pytest.raises(ValueError, match="added twice"):
            insert_new(session, thing("two"))
    with store.transaction() as session:
        assert ["one"] == session.scalars(select(Thing.word)).all()
