"""Pages by key: a cursor is the last row's place in the order, made opaque."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, literal_column, tuple_
from sqlalchemy.orm import Session

from chassis.errors import Invalid

READ: dict[type, Callable[[str], Any]] = {UUID: UUID, int: int, datetime: datetime.fromisoformat, str: str}
BETWEEN = "|"


def page(
    session: Session,
    query: Select[Any],
    command: Mapping[str, Any],
    view: Callable[[Any], Any],
    *order: Any,
    newest_first: bool = False,
    one_plan: bool = False,
) -> dict[str, Any]:
    """Up to `limit` rows in the order of these columns, and the cursor of the next page (None at the end).

    The columns together tell any two rows apart. `one_plan`: the same way is right whoever asks for whatever, so the
    database may keep its plan. Errors: Invalid for a cursor that is not one of ours.
    """
    limit = command["limit"]
    if command.get("cursor"):
        after = tuple(opened(command["cursor"], [column.type.python_type for column in order]))
        query = query.where(tuple_(*order) < after if newest_first else tuple_(*order) > after)
    ordered = query.order_by(*(column.desc() if newest_first else column for column in order))
    rows = list(session.scalars(ordered.limit(outright(limit + 1) if one_plan else limit + 1)).unique())
    last = [getattr(rows[limit - 1], column.key) for column in order] if len(rows) > limit else None
    return {"items": [view(row) for row in rows[:limit]], "next_cursor": sealed(last) if last else None}


def outright(limit: int) -> ColumnElement[int]:
    """A limit the database sees as it plans. One that is a parameter it takes for a tenth of all rows, so that it finds
    no plan worth keeping and plans each time anew: right where what is asked decides how to look, dear elsewhere."""
    return literal_column(str(int(limit)))


def sealed(place: Sequence[Any]) -> str:
    written = (value.isoformat() if isinstance(value, datetime) else str(value) for value in place)
    return base64.urlsafe_b64encode(BETWEEN.join(written).encode()).decode()


def opened(cursor: str, types: Sequence[type]) -> list[Any]:
    """The place in a cursor. Errors: Invalid."""
    try:
        written = base64.urlsafe_b64decode(cursor.encode()).decode().split(BETWEEN)
        return [READ[kind](value) for kind, value in zip(types, written, strict=True)]
    except ValueError as error:  # also what base64 and the decoder raise
        raise Invalid.because({"cursor": ["翻页标记无效"]}) from error
