"""What is recorded goes with the transaction, and with nothing else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from marshmallow import Schema, ValidationError, fields
from sqlalchemy.orm import DeclarativeBase, Mapped

from chassis import outbox
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from chassis.store import Aggregate, add_chassis_tables, take
from tests.support.events import said

NOW = datetime(2024, 7, 5, 1, 0, tzinfo=UTC)
WHO = Principal("u-1", "somebody")


class Base(DeclarativeBase):
    pass


add_chassis_tables(Base.metadata)


class Thing(Aggregate, Base):
    __tablename__ = "thing"
    word: Mapped[str]


@standing_of.register
def stands(row: Thing) -> Standing:
    return Standing(kind="THING", state="THERE")


class ThingChanged(Schema):
    source, name, version = "things", "thing_changed", 1
    word = fields.String(required=True)


@pytest.fixture
def store(database):
    return database(Base.metadata)


def thing(session):
    row = Thing(word="old", area_path="a.b", case_number="S1")
    session.add(row)
    session.flush()
    return row


def test_given_a_change_when_committed_then_the_fact_stands_in_the_outbox(store):
    with store.transaction() as session:
        row = thing(session)
        outbox.record(session, ThingChanged, row, WHO, NOW, word="new")
    with store.transaction() as session:
        (envelope,) = said(session)
    assert (
        envelope["type"],
        envelope["aggregateversion"],
        envelope["data"],
        envelope["actor"],
    ) == ("cn.shaodao.things.thing_changed.v1", 1, {"word": "new"}, "u-1")


def test_given_a_change_when_rolled_back_then_nothing_was_said(store):
    with pytest.raises(RuntimeError), store.transaction() as session:
        outbox.record(session, ThingChanged, thing(session), WHO, NOW, word="new")
        raise RuntimeError
    with store.transaction() as session:
        assert said(session) == []


def test_given_data_the_contract_does_not_know_when_recorded_then_it_is_a_fault(store):
    with pytest.raises(ValidationError), store.transaction() as session:
        outbox.record(session, ThingChanged, thing(session), WHO, NOW)


def test_given_two_facts_when_recorded_then_the_version_counts_them(store):
    with store.transaction() as session:
        row = thing(session)
        outbox.record(session, ThingChanged, row, WHO, NOW, word="new")
        outbox.record(session, ThingChanged, row, WHO, NOW, word="newer")
        key = row.id
    with store.transaction() as session:
        assert take(session, Thing, key).version == 2
