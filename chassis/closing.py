"""The last statement of a transaction: new rows, the answer to keep and what was said, in one round trip.

A round trip to the database costs more than the rows it carries. What nobody reads before the commit is added here, as
a common table expression and its values, and written when the transaction closes. A savepoint that is undone takes back
what was added inside it, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import CTE, ColumnElement, Row, Select, event, literal, select
from sqlalchemy.orm import Session, SessionTransaction

CLOSING, SAVED = "closing", "closing_saved"


@dataclass
class Closing:
    """What a session still has to write. Expressions are the same objects every time, so that statements are reused."""

    expressions: list[CTE] = field(default_factory=list)
    results: list[ColumnElement[Any]] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    def copy(self) -> Closing:
        """As it is now; also lists that are added to later."""
        values = {name: list(value) if isinstance(value, list) else value for name, value in self.values.items()}
        return Closing(list(self.expressions), list(self.results), values)


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


@event.listens_for(Session, "after_transaction_create")
def save(session: Session, transaction: SessionTransaction) -> None:
    """What waits when a savepoint begins is what waits again when it is undone."""
    if transaction.nested:
        closing: Closing | None = session.info.get(CLOSING)
        session.info.setdefault(SAVED, {})[transaction] = closing.copy() if closing else None


@event.listens_for(Session, "after_commit")
def keep(session: Session) -> None:
    """What was added in a savepoint that is kept belongs to what surrounds it."""
    session.info.get(SAVED, {}).pop(session.get_nested_transaction(), None)


@event.listens_for(Session, "after_transaction_end")
def forget(session: Session, transaction: SessionTransaction) -> None:
    """What belongs to a transaction or savepoint that did not happen is not written later."""
    saved: dict[SessionTransaction, Closing | None] = session.info.get(SAVED, {})
    if transaction.parent is None:
        _wait_with(session, None)
        saved.clear()
    elif transaction in saved:
        _wait_with(session, saved.pop(transaction))


def _wait_with(session: Session, closing: Closing | None) -> None:
    if closing is None:
        session.info.pop(CLOSING, None)
    else:
        session.info[CLOSING] = closing
