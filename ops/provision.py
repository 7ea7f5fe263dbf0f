"""Databases and roles: one database and two roles a service, closed to everybody else.

`<service>_owner` owns the database and makes its tables (migrations); `<service>` reads and writes rows and cannot
change a table. Everything here may run again on a provisioned server.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from failover.addresses import of_database
from ops.environment import postgres_host, where_of
from ops.world import SERVICES, World

WITH_WORDS = "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
EXTENSIONS = ("ltree", "btree_gist", "pg_trgm")
# what the runtime role may do with tables that hold proof or belong to alembic; all others: all four
NARROWED = {"audit": "SELECT, INSERT", "alembic_version": "SELECT"}


def provision(world: World) -> None:
    """Makes roles, databases, grants and extensions that are missing."""
    with connected(world) as server:
        if not world.external("postgres"):
            for common in ("postgres", "template1"):
                execute(server, "REVOKE ALL ON DATABASE {} FROM PUBLIC", common)
        for service in SERVICES:
            for role in (f"{service}_owner", service):
                make_role(server, role, world.settings["roles"][role])
            make_database(server, service)
    for service in SERVICES:
        with connected(world, service) as database:
            equip_database(database, service)


def make_role(server: psycopg.Connection, role: str, password: str) -> None:
    """A login whose password reaches the server as a scram verifier, so that it can stand in no log."""
    verifier = server.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    if server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone() is None:
        execute(server, "CREATE ROLE {} NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT", role)
    server.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier)))


def make_database(server: psycopg.Connection, service: str) -> None:
    owner = f"{service}_owner"
    if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [service]).fetchone() is None:
        # an administrator who is no superuser may only give a database to a role it is a member of
        if server.info.parameter_status("is_superuser") != "on":
            execute(server, "GRANT {} TO CURRENT_USER", owner)
        execute(server, f"CREATE DATABASE {{}} OWNER {{}} {words(server)}", service, owner)
    execute(server, "REVOKE ALL ON DATABASE {} FROM PUBLIC", service)
    execute(server, "GRANT CONNECT ON DATABASE {} TO {}, {}", service, service, owner)


def words(server: psycopg.Connection) -> str:
    """How a database is made where the server's own template takes no Chinese sign for a letter (chassis.words)."""
    ctype = server.execute("SELECT datctype FROM pg_database WHERE datname = 'template1'").fetchone()
    return WITH_WORDS if ctype and ctype[0] in ("C", "POSIX") else ""


def equip_database(database: psycopg.Connection, service: str) -> None:
    """Extensions, and rights of the runtime role on every table and sequence the owner will make."""
    owner = f"{service}_owner"
    for extension in EXTENSIONS:
        execute(database, "CREATE EXTENSION IF NOT EXISTS {}", extension)
    execute(database, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    execute(database, "GRANT CREATE, USAGE ON SCHEMA public TO {}", owner)
    execute(database, "GRANT USAGE ON SCHEMA public TO {}", service)
    defaults = "ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public GRANT "
    execute(database, defaults + "SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}", owner, service)
    execute(database, defaults + "USAGE, SELECT ON SEQUENCES TO {}", owner, service)


def after_migration(world: World, service: str) -> None:
    """Takes back from the runtime role what nobody may do: change the audit trail, move the schema's version."""
    with connected(world, service) as database:
        for table, rights in NARROWED.items():
            if database.execute("SELECT to_regclass(%s)", [f"public.{table}"]).fetchone() != (None,):
                execute(database, "REVOKE ALL ON {} FROM {}", table, service)
                execute(database, f"GRANT {rights} ON {{}} TO {{}}", table, service)


def administrator_url(world: World, database: str = "postgres") -> str:
    """libpq address for the superuser (or the operator's administrator)."""
    if url := world.external("postgres"):
        return urlsplit(of_database(url))._replace(scheme="postgresql", path=f"/{database}").geturl()
    login = f"postgres:{world.settings['roles']['postgres']}"
    return f"postgresql://{login}@{postgres_host(world)}/{database}{where_of(world)}"


@contextmanager
def connected(world: World, database: str = "postgres") -> Iterator[psycopg.Connection]:
    """An administrator's connection; every statement commits by itself (CREATE DATABASE must)."""
    with psycopg.connect(
        administrator_url(world, database), autocommit=True, connect_timeout=3 if world.members else 10
    ) as connection:
        yield connection


def execute(connection: psycopg.Connection, statement: str, *names: str) -> None:
    """A statement whose `{}` are names. Statements are written in this file only."""
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
