"""Hearing once: an event and the work it causes commit together, so a second delivery does nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Session

from chassis.tables import INBOX

_CLAIM = (
    insert(INBOX)
    .values(handler=bindparam("handler"), event_id=bindparam("event_id"), heard_at=bindparam("heard_at"))
    .on_conflict_do_nothing()
    .returning(INBOX.c.handler)
)
_ROWS = select(
    bindparam("handler", type_=Text),
    func.unnest(bindparam("event_ids", type_=ARRAY(Text))),
    bindparam("heard_at", type_=INBOX.c.heard_at.type),
)
_CLAIM_ALL = (
    insert(INBOX)
    .from_select(["handler", "event_id", "heard_at"], _ROWS)
    .on_conflict_do_nothing()
    .returning(INBOX.c.event_id)
)


def first_time(session: Session, handler: str, event_id: str, now: datetime) -> bool:
    """Claims (handler, event) in the caller's transaction; False when it was claimed before.

    A delivery running at the same time makes this wait until that one has committed or rolled back.
    """
    claim = {"handler": handler, "event_id": event_id, "heard_at": now}
    return session.connection().execute(_CLAIM, claim).first() is not None


def first_times(session: Session, handler: str, event_ids: Sequence[str], now: datetime) -> set[str]:
    """Claims several events as `first_time` does one; those that were not claimed before."""
    claim = {"handler": handler, "event_ids": list(event_ids), "heard_at": now}
    return set(session.connection().execute(_CLAIM_ALL, claim).scalars())
