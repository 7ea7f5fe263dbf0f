"""Work that may be much: a batch a transaction, so that no lock is held for long and a stop waits for one batch."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import bindparam, inspect
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import get_history, set_committed_value

from chassis.store import Aggregate, Store

RUN_SECONDS = 10.0
"""After this a run begins no other batch; the next run goes on. A process that is told to stop waits for the run."""


def run(store: Store, batch: Callable[[Session], int]) -> int:
    """`batch(session)`, which tells how much it did, until it finds nothing; the sum."""
    done, ends = 0, time.monotonic() + RUN_SECONDS
    while time.monotonic() < ends:
        with store.transaction() as session:
            found = batch(session)
        done += found
        if not found:
            break
    return done


def keep_versions(session: Session, held: Collection[Aggregate]) -> None:
    """Writes at once the versions that facts gave to rows this transaction holds locked.

    A flush writes a row with a version alone, to see whether somebody else changed it: nobody can, it is held.
    """
    told = [row for row in held if get_history(row, "version").added]
    if not told:
        return
    table: Any = inspect(type(told[0])).local_table
    kept = table.update().where(table.c.id == bindparam("held")).values(version=bindparam("told"))
    session.connection().execute(kept, [{"held": row.id, "told": row.version} for row in told])
    for row in told:
        set_committed_value(row, "version", row.version)
