"""Keys rotate: what was sealed under the old key is sealed under the new one, and reads the same."""

from __future__ import annotations

import base64
import json

import pytest
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, insert, select, type_coerce

from chassis import sealing
from chassis.sealing import Sealed
from tools import reseal

METADATA = MetaData()
COLUMNS = (Column("id", Integer, primary_key=True), Column("name", Sealed), Column("phone", Sealed))
PERSON = Table("person", METADATA, *COLUMNS)
PEOPLE = [{"id": 1, "name": "陈桂兰", "phone": None}, {"id": 2, "name": "李珊", "phone": "1"}]
OLD, NEW = (base64.b64encode(letter * 32).decode() for letter in (b"o", b"n"))


@pytest.fixture
def keys(monkeypatch):
    def use(**named):
        monkeypatch.setenv("SEAL_KEYS", json.dumps(named))
        sealing._keys.cache_clear()

    yield use
    sealing._keys.cache_clear()


def test_given_rows_under_an_old_key_when_resealed_then_the_old_key_may_go(database, keys):
    store = database(METADATA)
    keys(old=OLD)
    with store.transaction() as session:
        session.execute(
            insert(PERSON), [{"id": 1, "name": "陈桂兰", "phone": None}, {"id": 2, "name": "李珊", "phone": "1"}]
        )
    keys(new=NEW, old=OLD)
    with store.transaction() as session:
        assert (2, 0) == tuple(reseal.reseal_column(session, PERSON, "name") for _ in range(2))
        assert 1 == reseal.reseal_column(session, PERSON, "phone")
    keys(new=NEW)
    with store.transaction() as session:
        raw = session.execute(select(type_coerce(PERSON.c.name, LargeBinary))).scalars()
        assert {b"new"} == {bytes(value).split(b"\0")[0] for value in raw}
        assert ["陈桂兰", "李珊"] == list(session.execute(select(PERSON.c.name).order_by(PERSON.c.id)).scalars())


def test_given_the_tables_of_a_service_then_every_sealed_column_is_found():
    assert [("person", ["name", "phone"])] == [(table.name, names) for table, names in reseal.sealed_columns(METADATA)]
