"""The versions of many rows, written together: for timers that tell a fact about each row of a batch."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Integer, Uuid, bindparam, func, inspect
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import get_history, set_committed_value

from chassis.store import Aggregate


def keep(session: Session, held: Collection[Aggregate]) -> None:
    """Writes at once the versions that facts gave to rows this transaction holds locked.

    A flush writes a row with a version alone, to see whether somebody else changed it: nobody can, it is held.
    """
    told = [row for row in held if get_history(row, "version").added]
    if not told:
        return
    table: Any = inspect(type(told[0])).local_table
    given = func.unnest(bindparam("ids", type_=ARRAY(Uuid)), bindparam("versions", type_=ARRAY(Integer)))
    by_id = given.table_valued("id", "version", name="given").render_derived()
    kept = table.update().where(table.c.id == by_id.c.id).values(version=by_id.c.version)
    session.connection().execute(kept, {"ids": [row.id for row in told], "versions": [row.version for row in told]})
    for row in told:
        set_committed_value(row, "version", row.version)
