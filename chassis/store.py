"""The store of one service: column types, the aggregate mixin, sessions, and the one way to load a row."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

import orjson
import psycopg
from psycopg import _queries
from sqlalchemy import DateTime, Engine, MetaData, create_engine, event, func, text
from sqlalchemy.engine import Dialect, ExceptionContext
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column, sessionmaker
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.types import TypeDecorator, UserDefinedType

from chassis.database import CHANNEL, CONNECTION
from chassis.errors import Conflict, NotFound, Unavailable, VersionMismatch
from chassis.telemetry import logs
from failover.addresses import of_database
from failover.pools import follow

T = TypeVar("T")

PASSING = frozenset({"08", "40", "53", "57", "58"})
"""Classes of SQLSTATE that pass: connection, rollback by the server, resources, an operator's act, the system."""
READ_ONLY, IDLE = "25006", "25P03"
"""The server became a standby; it gave up a transaction in which nothing happened."""
OF_VALUES, QUOTED = "22", re.compile('".*"')
"""The class of errors whose first line quotes what was given."""

NEWS = "news"
"""The mark of a session that has something for the relay."""

# psycopg parses a statement with more values (50) each time anew; a case is inserted with its clocks in one of 64
_queries.MAX_CACHED_STATEMENT_PARAMS, _queries.MAX_CACHED_STATEMENT_LENGTH = 100, 8192


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562, method 3): the time in front, to a quarter of a microsecond, so that indexes grow at one end
    and what one process makes later comes later."""
    moment, rest = divmod(time.time_ns(), 1_000_000)
    value = (moment << 80) | (0x7 << 76) | ((rest * 4096 // 1_000_000) << 64) | int.from_bytes(os.urandom(8))
    return UUID(int=(value & ~(0x3 << 62)) | (0x2 << 62))


class Moment(TypeDecorator[datetime]):
    """A point in time: aware, UTC. Naive values are refused instead of guessed."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)


class Ltree(UserDefinedType[str]):
    """PostgreSQL's ltree: dotted paths with ancestor look-ups (`<@`) by index."""

    cache_ok = True
    render_bind_cast = True  # a function around it (bind_expression) makes bad SQL of an empty IN: SQLAlchemy 2.1.9

    def get_col_spec(self, **_: Any) -> str:
        return "LTREE"

    class Comparator(UserDefinedType.Comparator[str]):
        def within(self, ancestor: str) -> Any:
            """True for the ancestor itself and everything below it."""
            return self.op("<@", is_comparison=True)(ancestor)

    comparator_factory = Comparator


class Aggregate:
    """What every aggregate root has. `version` counts the facts told about it (outbox.record bumps it)."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)

    @declared_attr
    def version(cls) -> Mapped[int]:
        return mapped_column("version", default=0)

    area_path: Mapped[str] = mapped_column(Ltree)
    case_number: Mapped[str] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(Moment, server_default=func.now(), onupdate=func.now())

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version, "version_id_generator": False}


class Root(Aggregate):
    """An aggregate that people find by its own number; what belongs to it goes under that number too."""

    @property
    def number(self) -> str:
        return self.case_number


def person_ref(prefix: str) -> Any:
    """The columns `<prefix>_id` and `<prefix>_name` as one; None without the id."""

    def ref(row: Any) -> dict[str, Any] | None:
        known = getattr(row, f"{prefix}_id")
        return {"id": known, "name": getattr(row, f"{prefix}_name")} if known else None

    return property(ref)


def add_chassis_tables(metadata: MetaData) -> None:
    """Puts outbox, inbox, answered, parked, audit, peer_cursor and erased beside a service's own tables."""
    from chassis.tables import CHASSIS

    for table in CHASSIS.sorted_tables:
        table.to_metadata(metadata)


def take(session: Session, model: type[T], key: Any, version: int | None = None) -> T:
    """The row, locked until commit. Errors: NotFound; VersionMismatch when the caller saw another version."""
    row = session.get(model, key, with_for_update=True)
    return expect(row, version)


def expect(row: T | None, version: int | None = None) -> T:
    """The row itself. Errors: as `take`."""
    if row is None:
        raise NotFound("没有找到对应的记录")
    logs.about(getattr(row, "case_number", None))
    present = getattr(row, "version", None)
    if version is not None and present != version:
        raise VersionMismatch("内容已被他人更新，请刷新后再试", expected=version, present=present)
    return row


class Store:
    """Engine and sessions of one service's database."""

    def __init__(self, url: str, pool_size: int = 16) -> None:
        options: dict[str, Any] = {"json_serializer": orjson.dumps, "json_deserializer": orjson.loads}
        options |= {"pool_size": pool_size, "max_overflow": 4, "pool_pre_ping": False, "pool_timeout": 10}
        # the connection used last is used next: what the database has planned for it is still there
        options["pool_use_lifo"] = True
        # parameters may be personal: an error in a log names the statement alone
        self.engine: Engine = create_engine(of_database(url), connect_args=CONNECTION, hide_parameters=True, **options)
        follow(self.engine, url)
        event.listen(self.engine, "handle_error", without_values)
        self.sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._at_once = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._news = self._telling = False

    @contextmanager
    def transaction(self, **info: Any) -> Iterator[Session]:
        """One unit of work: commits on leaving, rolls back on error.

        Errors: Unavailable when the database does not answer; Conflict when somebody else changed the same row.
        """
        try:
            with self.sessions(info=info) as session, session.begin():
                yield session
        except StaleDataError as error:
            raise Conflict("内容刚被他人更新，请重试") from error
        except DBAPIError as error:
            if lost(error):
                raise Unavailable("数据库暂时没有应答", retry_after=2) from error
            raise
        if session.info.get(NEWS):
            self._tell()

    def _tell(self) -> None:
        """Wakes the relay, which looks by itself once a second. Not in the transaction: one that notifies holds up all
        commits of the cluster until its own is durable (ADR 23). What others have meanwhile is told with one word."""
        self._news = True
        while self._news and not self._telling:
            self._news, self._telling = False, True
            try:
                with self._at_once.connect() as connection:
                    connection.exec_driver_sql(f"notify {CHANNEL}")
            except DBAPIError as error:
                logs.log.info("relay_not_woken", error=type(error).__name__)
            finally:
                self._telling = False

    def answers(self) -> bool:
        """Whether the database answers a trivial question now."""
        try:
            with self.engine.connect() as connection:
                connection.execute(text("select 1"))
        except DBAPIError:
            return False
        return True


def without_values(context: ExceptionContext) -> None:
    """Takes the row's contents out of an error's text (DETAIL, CONTEXT, quoted values): it ends up in logs."""
    error, wrapped = context.original_exception, context.sqlalchemy_exception
    if not isinstance(error, psycopg.Error) or wrapped is None:
        return
    if error.sqlstate == READ_ONLY:
        context.is_disconnect = True  # a standby by now: the next connection is to whoever takes writes
    first = str(error).partition("\n")[0]
    said = QUOTED.sub('"…"', first) if (error.sqlstate or "").startswith(OF_VALUES) else first
    error.args, wrapped.args = (said,), (f"({type(error).__name__}) {said}",)


def lost(error: DBAPIError) -> bool:
    """Whether the error means 'no database now' and not 'a bad statement'.

    Where the server gave a reason, its class decides: psycopg files errors of a statement under the same name.
    """
    state = getattr(error.orig, "sqlstate", None)
    if error.connection_invalidated or state is None:
        return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    return state[:2] in PASSING or state in (READ_ONLY, IDLE)
