"""Hearing once: an event and the work it causes commit together, so a second delivery does nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.tables import INBOX

_CLAIM = (
    insert(INBOX)
    .values(handler=bindparam("handler"), event_id=bindparam("event_id"), heard_at=bindparam("heard_at"))
    .on_conflict_do_nothing()
    .returning(INBOX.c.handler)
)


def first_time(session: Session, handler: str, event_id: str, now: datetime) -> bool:
    """Claims (handler, event) in the caller's transaction; False when it was claimed before.

    A delivery running at the same time makes this wait until that one has committed or rolled back.
    """
    claim = {"handler": handler, "event_id": event_id, "heard_at": now}
    return session.connection().execute(_CLAIM, claim).first() is not None
