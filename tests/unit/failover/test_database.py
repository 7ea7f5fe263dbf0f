"""Finding the database that takes writes, on two real servers, and leaving one that fell silent."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

import psutil
import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

import failover
from chassis.store import lost
from failover import database, pools
from failover.addresses import of_database
from failover.database import Follower, place, takes_writes
from ops import postgres, provision
from ops import world as worlds
from ops.waiting import wait_until
from ops.world import World

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[World]]:
    made = [worlds.load_or_create(tmp_path_factory.mktemp("two") / name) for name in ("first", "second")]
    made[1].settings["roles"] = made[0].settings["roles"]
    for world in made:
        postgres.start(world)
    yield made
    for world in made:
        postgres.stop(world)


@pytest.fixture
def both(servers: list[World]) -> Iterator[str]:
    """The address of both; the first takes writes, the second does not."""
    standby(servers[0], False)
    standby(servers[1], True)
    return ";".join(provision.administrator_url(world) for world in servers)


def standby(world: World, holds: bool) -> None:
    """What libpq asks of a server: whether its transactions are for reading only, as those of a standby are."""
    how = {"autocommit": True, "options": "-c default_transaction_read_only=off"}
    with psycopg.connect(provision.administrator_url(world), **how) as server:
        server.execute(f"alter system set default_transaction_read_only = {'on' if holds else 'off'}")
        server.execute("select pg_reload_conf()")


def at(world: World) -> str:
    return f"127.0.0.1:{world.port('postgres')}"


def until(met: Any) -> None:
    wait_until(met, seconds=20, every=0.02)


def follower(setting: str) -> Follower:
    return Follower(of_database(setting))


def test_given_two_servers_when_connected_then_it_is_to_the_one_that_takes_writes(both, servers):
    with follower(both).connect() as connection:
        assert (at(servers[0]), True) == (place(connection), takes_writes(connection, 5))


def test_given_another_server_that_takes_writes_when_looked_then_connections_to_the_first_are_cut(both, servers):
    following = follower(both)
    moved: list[str] = []
    following.moved.append(lambda: moved.append(following.primary))
    following.look()
    with following.connect() as connection:
        standby(servers[0], True)
        standby(servers[1], False)
        until(lambda: not takes_writes(following._probe, 5))
        until(lambda: following.look() or following.primary == at(servers[1]))
        with pytest.raises(psycopg.OperationalError):
            connection.execute("select 1")
    assert ([at(servers[0]), at(servers[1])], at(servers[1])) == (moved, place(following.connect()))
    following.close()


def test_given_a_server_that_stands_still_when_another_takes_writes_then_who_waits_for_it_is_freed(both, servers):
    following = follower(both)
    following.look()
    waiting, freed = following.connect(), []

    def wait() -> None:
        try:
            waiting.execute("select 1")
        except psycopg.OperationalError:
            freed.append(time.monotonic())

    with frozen(servers[0]):
        thread = threading.Thread(target=wait)
        thread.start()
        standby(servers[1], False)
        began = time.monotonic()
        until(lambda: following.look() or following.primary == at(servers[1]))
        thread.join(10)
    assert freed
    assert freed[0] - began < 20
    following.close()


def frozen(world: World) -> Any:
    """The server and all its sessions stand still; its kernel still takes connections."""
    server = psutil.Process(int((postgres.data(world) / "postmaster.pid").read_text().split()[0]))

    class Standing:
        def __enter__(self) -> None:
            self.all = [server, *server.children(recursive=True)]
            for each in self.all:
                each.suspend()

        def __exit__(self, *_: object) -> None:
            for each in self.all:
                each.send_signal(signal.SIGCONT)

    return Standing()


def test_given_a_pool_when_another_server_takes_writes_then_no_connection_of_it_is_to_the_first(both, servers):
    address = of_database(both).replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(address, pool_size=3)
    pools.follow(engine, address)
    following, emptied_for = database.follower(address), list[str]()
    following.moved.append(lambda: emptied_for.append(following.primary))
    held = [engine.connect() for _ in range(3)]
    for each in held:
        each.close()
    standby(servers[0], True)
    standby(servers[1], False)
    until(lambda: at(servers[1]) in emptied_for)
    asked = [ask(engine) for _ in range(3)]
    assert ([str(servers[1].port("postgres"))] * 3, at(servers[1])) == (
        asked,
        failover.serving()["serving"]["database"],
    )
    engine.dispose()


def ask(engine: Any) -> str:
    with engine.connect() as connection:
        return str(connection.execute(text("select current_setting('port')")).scalar())


def test_given_a_server_that_became_read_only_when_written_to_then_it_counts_as_lost_and_the_pool_is_emptied(both):
    from chassis.store import Store

    store = Store(provision_url(both), pool_size=2)
    with pytest.raises(DBAPIError) as refused, store.engine.connect() as connection:
        connection.execute(text("set transaction read only"))
        connection.execute(text("create table never (id int)"))
    assert (True, True) == (lost(refused.value), refused.value.connection_invalidated)
    store.engine.dispose()


def provision_url(both: str) -> str:
    return both.partition(";")[0].replace("postgresql://", "postgresql+psycopg://")
