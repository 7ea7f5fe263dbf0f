"""One service's role cannot read another's database, and a runtime role cannot change tables."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import psycopg
import pytest

from ops import postgres, provision
from ops.environment import database_url
from ops.world import SERVICES, World

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def world(database_world: World) -> World:
    provision.provision(database_world)
    with owner(database_world) as database:
        database.execute("CREATE TABLE note (id bigint GENERATED ALWAYS AS IDENTITY, text text, seen serial)")
        database.execute("CREATE TABLE audit (no bigint, act text)")
        database.execute("CREATE TABLE alembic_version (version_num text)")
    provision.after_migration(database_world, "intake")
    return database_world


def connect(world: World, database: str, role: str) -> psycopg.Connection:
    address = database_url(world, role.removesuffix("_owner"), role).replace("+psycopg", "")
    return psycopg.connect(address.rpartition("/")[0] + f"/{database}", autocommit=True)


def owner(world: World) -> psycopg.Connection:
    return connect(world, "intake", "intake_owner")


@pytest.fixture
def runtime(world: World) -> Iterator[psycopg.Connection]:
    with connect(world, "intake", "intake") as connection:
        yield connection


@pytest.mark.parametrize(("role", "database"), list(itertools.permutations(SERVICES, 2)))
def test_no_role_opens_another_services_database(world: World, role: str, database: str) -> None:
    for login in (role, f"{role}_owner"):
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            connect(world, database, login)


@pytest.mark.parametrize("database", ["postgres", "template1"])
def test_common_databases_are_closed_too(world: World, database: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        connect(world, database, "intake")


def test_a_wrong_password_is_refused(world: World) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(f"postgresql://intake:wrong@127.0.0.1:{world.port('postgres')}/intake")


def test_the_runtime_role_reads_and_writes_rows(runtime: psycopg.Connection) -> None:
    runtime.execute("INSERT INTO note (text) VALUES ('污水外溢')")
    runtime.execute("UPDATE note SET text = text || '！'")
    assert runtime.execute("SELECT text FROM note").fetchall() == [("污水外溢！",)]
    runtime.execute("DELETE FROM note")


@pytest.mark.parametrize(
    "statement", ["CREATE TABLE more (id int)", "ALTER TABLE note ADD more int", "DROP TABLE note", "TRUNCATE note"]
)
def test_the_runtime_role_changes_no_table(runtime: psycopg.Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        runtime.execute(statement)


def test_the_audit_trail_only_grows(runtime: psycopg.Connection) -> None:
    runtime.execute("INSERT INTO audit VALUES (1, 'reveal_contact')")
    for statement in ("UPDATE audit SET act = ''", "DELETE FROM audit", "TRUNCATE audit"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            runtime.execute(statement)
    assert runtime.execute("SELECT act FROM audit").fetchall() == [("reveal_contact",)]


def test_the_schemas_version_is_not_the_runtime_roles_to_move(runtime: psycopg.Connection) -> None:
    assert runtime.execute("SELECT count(*) FROM alembic_version").fetchone() == (0,)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        runtime.execute("INSERT INTO alembic_version VALUES ('x')")


def test_extensions_are_there_and_trigrams_know_chinese(runtime: psycopg.Connection) -> None:
    assert runtime.execute("SELECT 'a.b.c'::ltree <@ 'a.b'::ltree").fetchone() == (True,)
    found = runtime.execute("SELECT similarity('丽景街污水外溢', '污水外溢') > 0.2").fetchone()
    assert found == (True,)


def test_the_cluster_is_durable_and_on_the_loopback_address(runtime: psycopg.Connection) -> None:
    wanted = {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "listen_addresses": "127.0.0.1",
        "max_connections": "300",
        "password_encryption": "scram-sha-256",
    }
    shown = {name: runtime.execute(f"SHOW {name}").fetchone()[0] for name in wanted}  # type: ignore[index]
    assert shown == wanted


def test_provisioning_and_starting_again_change_nothing(world: World) -> None:
    postgres.start(world)
    provision.provision(world)
    with connect(world, "intake", "intake") as connection:
        assert connection.execute("SELECT act FROM audit").fetchall() == [("reveal_contact",)]


def test_passwords_stand_in_no_log(world: World) -> None:
    text = postgres.log(world).read_text()
    assert not [role for role, password in world.settings["roles"].items() if password in text]


def test_rows_outlive_a_stop_and_a_start(world: World) -> None:
    postgres.stop(world)
    assert not postgres.is_running(world)
    postgres.start(world)
    with connect(world, "intake", "intake") as connection:
        assert connection.execute("SELECT act FROM audit").fetchall() == [("reveal_contact",)]
