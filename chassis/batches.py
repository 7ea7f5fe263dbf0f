"""Work that may be much: a batch a transaction, so that no lock is held for long and a stop waits for one batch."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy.orm import Session

from chassis.store import Store

RUN_SECONDS = 10.0
"""After this a run begins no other batch; the next run goes on. A process that is told to stop waits for the run."""


def run(store: Store, batch: Callable[[Session], int]) -> int:
    """`batch(session)`, which tells how much it did, until it finds nothing; the sum."""
    done, found, ends = 0, 1, time.monotonic() + RUN_SECONDS
    while found and time.monotonic() < ends:
        with store.transaction() as session:
            found = batch(session)
        done += found
    return done
