"""A client that vanished leaves nothing locked: the database gives it up, and whoever it was hears `Unavailable`."""

from __future__ import annotations

import pytest
from sqlalchemy import MetaData, text

from chassis.database import SERVER_LIMITS
from chassis.errors import Unavailable
from chassis.store import add_chassis_tables
from ops.waiting import wait_until

METADATA = MetaData()
add_chassis_tables(METADATA)
BY_TCP = {name for name in SERVER_LIMITS if name.startswith("tcp")}


@pytest.fixture
def store(database):
    return database(METADATA)


def test_given_a_connection_when_made_then_the_database_knows_how_long_to_wait_for_its_client(store):
    asked = text("select name, setting::int from pg_settings where name = any(:names)")
    with store.transaction() as session:
        over_tcp = session.scalar(text("select inet_client_addr()")) is not None
        found = dict(session.execute(asked, {"names": list(SERVER_LIMITS)}).all())
    expected = (
        SERVER_LIMITS if over_tcp else {name: value for name, value in SERVER_LIMITS.items() if name not in BY_TCP}
    )
    assert expected == {name: found[name] for name in expected}


def test_given_a_transaction_in_which_nothing_happens_when_the_database_gives_it_up_then_it_is_unavailable(store):
    with pytest.raises(Unavailable), store.transaction() as session:
        session.execute(text("set local idle_in_transaction_session_timeout = 50"))
        pid = session.scalar(text("select pg_backend_pid()"))
        wait_until(lambda: gone(store, pid), seconds=60, what="the end of the session")
        session.execute(text("select 1"))


def gone(store, pid):
    with store.transaction() as session:
        return session.scalar(text("select count(*) from pg_stat_activity where pid = :pid"), {"pid": pid}) == 0
