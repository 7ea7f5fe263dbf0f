"""New rows past the unit of work."""

from __future__ import annotations

import pytest
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import object_session

from chassis.store import new_id
from contracts.samples import PHOTO
from services.intake import registering
from services.intake.inserting import insert_many, insert_new
from services.intake.tables import Base as IntakeBase
from services.intake.tables import Deadline
from tests.toys.things.tables import Base, Effect, Thing
from tests.unit.intake.world import LISHAN, NOW, furnish, register, registration, stored


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


WORDS = "他说：\"水\"\\n漏了\n第二行\t{a,b} null '；' 😀 □"
GIVEN = {
    "title": WORDS[:20], "content": WORDS, "place_text": WORDS, "danger_flags": ["FLOODING"], "attachments": [PHOTO],
    "reporter": {"name": "欧阳·娜 娜", "phone": "13900000009", "contact_preference": "CALL"},
}  # fmt: skip
OWN = {"id", "case_number", "reporter_id", "outside_number", "subject_id"}
"""What no two rows have in common; ids are looked at as being there."""


def rows_of(store, number):
    """An appeal with its clocks and its reporter as the store gives them back."""
    with stored(store, number) as appeal:
        clocks = select(Deadline).where(Deadline.subject_id == appeal.id).order_by(Deadline.stage)
        found = [appeal, appeal.reporter, *object_session(appeal).scalars(clocks)]
        return [{key: getattr(row, key) for key in columns(row)} for row in found if row]


def columns(row):
    return [one.key for one in inspect(row).mapper.column_attrs if one.key not in OWN]


@pytest.mark.parametrize("more", [GIVEN, {**GIVEN, "reporter": None, "contact_person": None, "danger_flags": []}])
def test_given_one_report_when_registered_alone_and_among_many_then_the_rows_are_the_same_in_every_column(
    database, more
):
    store = database(IntakeBase.metadata)
    with store.transaction() as session:
        furnish(session)
    given = registration(**more)
    alone = register(store, **more)["number"]
    with store.transaction() as session:
        many = [appeal.case_number for appeal in registering.register_all(session, LISHAN, [given, given], NOW)]
    assert [rows_of(store, alone)] * 2 == [rows_of(store, number) for number in many]


def test_given_a_row_the_store_refuses_when_inserted_then_nothing_of_the_statement_stays(store):
    row = thing("one")
    with pytest.raises(IntegrityError), store.transaction() as session:
        insert_new(session, row, effect("two"), row)
    with store.transaction() as session:
        assert 0 == session.scalar(select(func.count()).select_from(Effect))


def test_given_many_rows_when_the_store_refuses_one_then_it_says_so_as_ever_and_none_stays(store):
    row = thing("one")
    with pytest.raises(IntegrityError), store.transaction() as session:
        insert_many(session, [effect("two"), row, row])
    with store.transaction() as session:
        assert 0 == session.scalar(select(func.count()).select_from(Effect))


def test_given_new_rows_when_others_come_in_the_same_transaction_then_they_are_refused_and_none_is_lost(store):
    with store.transaction() as session:
        insert_new(session, thing("one"))
        with pytest.raises(ValueError, match="added twice"):
            insert_new(session, thing("two"))
    with store.transaction() as session:
        assert ["one"] == session.scalars(select(Thing.word)).all()
