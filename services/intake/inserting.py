"""Writing new rows past the unit of work: where every millisecond counts, for objects that are complete."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any, TypeVar
from uuid import UUID

import orjson
from sqlalchemy import CTE, Dialect, TextClause, bindparam, insert, inspect, text
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import manager_of_class

from chassis import closing

Row = TypeVar("Row")


def fresh(model: type[Row], **values: Any) -> Row:
    """A new object with these columns, as if each had been set, at a fifth of the processor time: nothing listens.

    Names of columns alone, no relationships. Added to a session it is inserted like any other.
    """
    row: Row = manager_of_class(model).new_instance()
    row.__dict__.update(values)
    return row


def insert_new(session: Session, *rows: Any) -> None:
    """Inserts new objects as they are now, when the transaction closes, with a third of the processor time of a flush.

    Once a transaction. They stay outside the session: later changes of them are not written, and no query finds them
    before the commit. Relationships are not followed: foreign keys must be set. Errors: as a flush, at the
    commit; ValueError for a second call.
    """
    expressions: list[CTE] = []
    values: dict[str, Any] = {}
    for no, row in enumerate(rows):
        model: Any = type(row)
        names = tuple(name for name in _columns(model) if name in row.__dict__)
        expressions.append(_expression(no, model, names))
        values |= {_bind(no, at): row.__dict__[name] for at, name in enumerate(names)}
    closing.add(session, *expressions, **values)


def insert_many(session: Session, rows: Iterable[Any]) -> None:
    """The same at once and for any number of rows: a statement a table and set of columns."""
    alike: dict[tuple[Any, tuple[str, ...]], list[dict[str, Any]]] = {}
    for row in rows:
        model: Any = type(row)
        names = tuple(name for name in _columns(model) if name in row.__dict__)
        alike.setdefault((model, names), []).append(row.__dict__)
    for (model, names), given in alike.items():
        insert_alike(session, model, names, given)


def insert_alike(
    session: Session, model: Any, names: tuple[str, ...], rows: Sequence[Mapping[str, Any]], unless: str = ""
) -> list[UUID]:
    """Rows of the same columns in one statement with one parameter; `unless` is its `on conflict`. The ids it gave.

    A statement a row costs the database and this process as much as the rows themselves.
    """
    writes, defaults = _writes(model, names, session.get_bind().dialect), _defaults(model, names)
    told = []
    for row in rows:
        one = {column: write(row[name]) if write else row[name] for column, name, write in writes}
        told.append(one | {column: default(None) for column, default in defaults})
    columns = (*(column for column, *_ in writes), *(column for column, _ in defaults))
    content = orjson.dumps(told, default=_plain).decode()
    found = session.connection().execute(_statement(model, columns, unless), {"rows": content})
    return list(found.scalars()) if unless else []


Write = Callable[[Any], Any]


@cache
def _statement(model: Any, columns: tuple[str, ...], unless: str) -> TextClause:
    table, listed = inspect(model).local_table.name, ", ".join(f'"{column}"' for column in columns)
    source = f'jsonb_populate_recordset(cast(null as "{table}"), cast(:rows as jsonb))'
    returning = "returning id" if unless else ""
    return text(f'insert into "{table}" ({listed}) select {listed} from {source} {unless} {returning}')


@cache
def _writes(model: Any, names: tuple[str, ...], dialect: Dialect) -> list[tuple[str, str, Write | None]]:
    """The column of each name, and what turns a value into what it holds."""
    columns = [(name, _columns(model)[name]) for name in names]
    return [(str(one.name), name, one.type.dialect_impl(dialect).bind_processor(dialect)) for name, one in columns]


@cache
def _defaults(model: Any, names: tuple[str, ...]) -> list[tuple[str, Write]]:
    """What the other columns begin with, where the model says so."""
    others = (column for name, column in _columns(model).items() if name not in names and column.default is not None)
    return [
        (str(one.name), one.default.arg if one.default.is_callable else partial(_same, one.default.arg))
        for one in others
    ]


def _same(value: Any, _: Any) -> Any:
    return value


def _plain(value: Any) -> Any:
    """What JSON has no kind for, as the database reads it from a text; the driver wraps bytes and JSON of its own."""
    inside = getattr(value, "obj", value)
    if isinstance(inside, bytes):
        return f"\\x{inside.hex()}"
    return str(value) if inside is value else inside


def _bind(no: int, at: int) -> str:
    return f"v{no}_{at}"


@cache
def _expression(no: int, model: Any, names: tuple[str, ...]) -> CTE:
    columns = _columns(model)
    given = {columns[name]: bindparam(_bind(no, at), type_=columns[name].type) for at, name in enumerate(names)}
    return insert(inspect(model).local_table).values(given).cte(f"row_{no}")


@cache
def _columns(model: Any) -> dict[str, Any]:
    return dict(inspect(model).columns.items())
