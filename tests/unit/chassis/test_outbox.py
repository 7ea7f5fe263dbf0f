"""What is recorded goes with the transaction, and with nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from unittest.mock import Mock

import psycopg
import pytest
from marshmallow import Schema, ValidationError, fields
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped

from chassis import closing, outbox
from chassis.database import CHANNEL
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from chassis.store import Aggregate, add_chassis_tables, take
from chassis.tables import OUTBOX
from tests.support.events import envelopes_in, said

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


def test_given_a_required_field_without_a_value_when_recorded_then_it_is_a_fault(store):
    with pytest.raises(ValidationError), store.transaction() as session:
        outbox.record(session, ThingChanged, thing(session), WHO, NOW, word=None)


def test_given_a_required_field_nobody_gives_when_recorded_then_it_is_the_aggregate_s_own(store):
    with store.transaction() as session:
        row = thing(session)
        told = outbox.record(session, ThingChanged, row, WHO, NOW)
    assert row.word == told["data"]["word"]


def test_given_two_facts_when_recorded_then_the_version_counts_them(store):
    with store.transaction() as session:
        row = thing(session)
        outbox.record(session, ThingChanged, row, WHO, NOW, word="new")
        outbox.record(session, ThingChanged, row, WHO, NOW, word="newer")
        key = row.id
    with store.transaction() as session:
        assert take(session, Thing, key).version == 2


def rows(session):
    closing.write(session)
    found = session.execute(select(OUTBOX.c.exchange, OUTBOX.c.routing_key, OUTBOX.c.body).order_by(OUTBOX.c.position))
    return [(exchange, key, [each["data"].get("word") for each in envelopes_in(body)]) for exchange, key, body in found]


class ThingLost(ThingChanged):
    name = "thing_lost"


class FarChanged(ThingChanged):
    source = "far"


def test_given_facts_of_one_commit_when_recorded_then_each_exchange_gets_one_message_under_all_their_names(store):
    with store.transaction() as session:
        row = thing(session)
        for contract, word in [(ThingChanged, "1"), (FarChanged, "2"), (ThingLost, "3"), (ThingChanged, "4")]:
            outbox.record(session, contract, row, WHO, NOW, word=word)
    with store.transaction() as session:
        assert [
            ("things.events", "thing_changed.thing_lost", ["1", "3", "4"]),
            ("far.events", "thing_changed", ["2"]),
        ] == rows(session)


def test_given_more_names_than_a_routing_key_holds_when_recorded_then_another_message_begins(store):
    contracts = [type("Thing", (ThingChanged,), {"name": f"thing_{no}_{'x' * 60}"}) for no in range(9)]
    with store.transaction() as session:
        row = thing(session)
        for contract in contracts:
            outbox.record(session, contract, row, WHO, NOW, word="w")
    with store.transaction() as session:
        found = rows(session)
    assert [contract.name for contract in contracts] == [name for _, key, _ in found for name in key.split(".")]
    assert max(len(key.encode()) for _, key, _ in found) <= 255


def test_given_more_than_a_message_should_hold_when_recorded_then_another_message_begins(store):
    with store.transaction() as session:
        row = thing(session)
        for _ in range(3):
            outbox.record(session, ThingChanged, row, WHO, NOW, word="w" * (outbox.LARGEST_BATCH // 2))
    with store.transaction() as session:
        assert [1, 1, 1] == [len(words) for _, _, words in rows(session)]


def test_given_a_savepoint_that_is_undone_when_committed_then_its_facts_alone_are_unsaid(store):
    with store.transaction() as session:
        row = thing(session)
        outbox.record(session, ThingChanged, row, WHO, NOW, word="kept")
        with pytest.raises(RuntimeError), session.begin_nested():
            outbox.record(session, ThingLost, row, WHO, NOW, word="undone")
            raise RuntimeError
    with store.transaction() as session:
        assert [("things.events", "thing_changed", ["kept"])] == rows(session)


@pytest.fixture
def listening(store):
    """Who hears what the relay is told, on a connection of its own."""
    url = store.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"listen {CHANNEL}")
        yield lambda seconds: [one.channel for one in connection.notifies(timeout=seconds, stop_after=1)]


def test_given_a_fact_when_committed_then_the_relay_is_told_after_the_commit_and_not_before(store, listening):
    with store.transaction() as session:
        outbox.record(session, ThingChanged, thing(session), WHO, NOW, word="new")
        closing.write(session)
        before = listening(0)
    assert ([], [CHANNEL]) == (before, listening(5))


def test_given_nothing_said_when_committed_then_nobody_is_told(store, listening):
    with store.transaction() as session:
        thing(session)
    with store.transaction() as session:
        outbox.record(session, ThingChanged, thing(session), WHO, NOW, word="new")
    assert [CHANNEL] == listening(5)
    assert [] == listening(0)


def test_given_a_database_that_goes_when_the_relay_cannot_be_told_then_what_was_committed_stands(store, monkeypatch):
    gone = OperationalError("notify", {}, psycopg.OperationalError("gone"))
    monkeypatch.setattr(store, "_at_once", SimpleNamespace(connect=Mock(side_effect=gone)))
    with store.transaction() as session:
        outbox.record(session, ThingChanged, thing(session), WHO, NOW, word="new")
    with store.transaction() as session:
        assert ["new"] == [fact["data"]["word"] for fact in said(session, "thing_changed")]
