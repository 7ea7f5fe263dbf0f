"""The last statement of a transaction: new rows, the answer to keep and what was said, in one round trip.

A round trip to the database costs more than the rows it carries. What nobody reads before the commit is added here, as
a common table expression and its values, and written when the transaction closes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import CTE, ColumnElement, Row, Select, event, literal, select
from sqlalchemy.orm import Session

CLOSING = "closing"


@dataclass
class Closing:
    """What a session still has to write. Expressions are the same objects every time, so that statements are reused."""

    expressions: list[CTE] = field(default_factory=list)
    results: list[ColumnElement[Any]] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)


def add(session: Session, *expressions: CTE, results: tuple[ColumnElement[Any], ...] = (), **values: Any) -> None:
    """Writes these with the others when the transaction closes; `results` are in the row that `write` then gives.

    Values go by the names of the bind parameters. Errors: ValueError when one is taken: the first would be lost.
    """
    closing = session.info.setdefault(CLOSING, Closing())
    if taken := closing.values.keys() & values.keys():
        raise ValueError(f"added twice: {sorted(taken)}")
    closing.expressions += expressions
    closing.results += results
    closing.values |= values


def added(session: Session, name: str) -> Any:
    """The value that was added under this name and is not written yet, or None."""
    closing: Closing | None = session.info.get(CLOSING)
    return closing.values.get(name) if closing else None


@event.listens_for(Session, "before_commit")
def write(session: Session) -> Row[Any] | None:
    """Writes what was added, after everything else; part of the commit of every session. None when there was nothing.

    Errors: the database's, as for any statement.
    """
    closing: Closing | None = session.info.pop(CLOSING, None)
    if closing is None:
        return None
    session.flush()
    statement = _statement(tuple(closing.expressions), tuple(closing.results))
    return session.connection().execute(statement, closing.values).one()


@cache
def _statement(expressions: tuple[CTE, ...], results: tuple[ColumnElement[Any], ...]) -> Select[Any]:
    return select(*(results or [literal(None)])).add_cte(*expressions)


@event.listens_for(Session, "after_rollback")
def forget(session: Session) -> None:
    """What belongs to a transaction that did not happen is not written by the next."""
    session.info.pop(CLOSING, None)
