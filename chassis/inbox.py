"""Hearing once: an event and the work it causes commit together, so a second delivery does nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Session

from chassis.tables import INBOX

_CLAIMS = select(
    func.unnest(bindparam("handlers", type_=ARRAY(Text))),
    func.unnest(bindparam("event_ids", type_=ARRAY(Text))),
    bindparam("heard_at", type_=INBOX.c.heard_at.type),
)
_CLAIM = (
    insert(INBOX)
    .from_select(["handler", "event_id", "heard_at"], _CLAIMS)
    .on_conflict_do_nothing()
    .returning(INBOX.c.handler, INBOX.c.event_id)
)
Claim = tuple[str, str]
"""(handler, event id)."""


def first_times(session: Session, claims: Iterable[Claim], now: datetime) -> set[Claim]:
    """Claims these in the caller's transaction, with one statement; those that were not claimed before.

    A delivery running at the same time makes this wait until that one has committed or rolled back.
    """
    handlers, event_ids = zip(*sorted(set(claims)), strict=True)
    claim = {"handlers": list(handlers), "event_ids": list(event_ids), "heard_at": now}
    return {(row.handler, row.event_id) for row in session.connection().execute(_CLAIM, claim)}


def first_time(session: Session, handler: str, event_id: str, now: datetime) -> bool:
    """Claims one; False when it was claimed before."""
    return bool(first_times(session, [(handler, event_id)], now))
