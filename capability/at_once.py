"""Many rows of a table in one statement with one parameter: what a timer or an import does to a batch.

A statement a row costs the database and this process as much as the rows themselves, and a long one with a parameter a
value is parsed anew each time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Dialect, TextClause, inspect, text
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import get_history, set_committed_value

Write = Callable[[Any], Any]


def insert(
    session: Session, model: Any, names: tuple[str, ...], rows: Sequence[Mapping[str, Any]], unless: str = ""
) -> list[UUID]:
    """New rows of the same columns; `unless` is the statement's `on conflict`. With it, the ids that were written."""
    writes, defaults = _writes(model, names, session.get_bind().dialect), _defaults(model, names)
    told = [_written(row, writes) | {column: default(None) for column, default in defaults} for row in rows]
    columns = (*(column for column, *_ in writes), *(column for column, _ in defaults))
    found = session.connection().execute(_insertion(model, columns, unless), {"rows": _json(told)})
    return list(found.scalars()) if unless else []


def update(session: Session, held: Collection[Any], *names: str) -> None:
    """Writes what changed in these columns of rows this transaction holds locked.

    A flush writes a row with a version alone, to see whether somebody else changed it: nobody can, it is held.
    """
    changed = [row for row in held if any(get_history(row, name).added for name in names)]
    if not changed:
        return
    model: Any = type(changed[0])
    writes = _writes(model, ("id", *names), session.get_bind().dialect)
    told = [_written({name: getattr(row, name) for name in ("id", *names)}, writes) for row in changed]
    session.connection().execute(_change(model, tuple(column for column, *_ in writes[1:])), {"rows": _json(told)})
    for row in changed:
        for name in names:
            set_committed_value(row, name, getattr(row, name))


def let_go(session: Session, rows: Iterable[Any]) -> None:
    """Rows whose changes are all written: a flush would compare every attribute of each, though nothing is left of it.
    They are read anew where somebody asks."""
    for row in rows:
        session.expire(row)


@cache
def columns_of(model: Any) -> dict[str, Any]:
    """The columns of a table by the names of the attributes that hold them."""
    return dict(inspect(model).columns.items())


def _written(row: Mapping[str, Any], writes: Iterable[tuple[str, str, Write | None]]) -> dict[str, Any]:
    return {column: write(row[name]) if write else row[name] for column, name, write in writes}


@cache
def _insertion(model: Any, columns: tuple[str, ...], unless: str) -> TextClause:
    table, listed = inspect(model).local_table.name, ", ".join(f'"{column}"' for column in columns)
    returning = "returning id" if unless else ""
    return text(f'insert into "{table}" ({listed}) select {listed} from {_given(table)} {unless} {returning}')


@cache
def _change(model: Any, columns: tuple[str, ...]) -> TextClause:
    """With what any update of the table touches: the moment of it."""
    own: Any = inspect(model).local_table
    touched = [f'"{one.name}" = now()' for one in own.columns if one.onupdate is not None]
    table, listed = own.name, ", ".join([*(f'"{one}" = given."{one}"' for one in columns), *touched])
    return text(f'update "{table}" as kept set {listed} from {_given(table)} as given where kept.id = given.id')


def _given(table: str) -> str:
    return f'jsonb_populate_recordset(cast(null as "{table}"), cast(:rows as jsonb))'


@cache
def _writes(model: Any, names: tuple[str, ...], dialect: Dialect) -> list[tuple[str, str, Write | None]]:
    """The column of each name, and what turns a value into what it holds."""
    columns = [(name, columns_of(model)[name]) for name in names]
    return [(str(one.name), name, one.type.dialect_impl(dialect).bind_processor(dialect)) for name, one in columns]


@cache
def _defaults(model: Any, names: tuple[str, ...]) -> list[tuple[str, Write]]:
    """What the other columns begin with, where the model says so."""
    others = (column for name, column in columns_of(model).items() if name not in names and column.default is not None)
    return [
        (str(one.name), one.default.arg if one.default.is_callable else partial(_same, one.default.arg))
        for one in others
    ]


def _same(value: Any, _: Any) -> Any:
    return value


def _json(told: Sequence[Mapping[str, Any]]) -> str:
    return orjson.dumps(told, default=_plain).decode()


def _plain(value: Any) -> Any:
    """What JSON has no kind for, as the database reads it from a text; the driver wraps bytes and JSON of its own."""
    inside = getattr(value, "obj", value)
    if isinstance(inside, bytes):
        return f"\\x{inside.hex()}"
    return str(value) if inside is value else inside
