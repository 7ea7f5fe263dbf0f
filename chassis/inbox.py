"""Hearing once: an event and the work it causes commit together, so a second delivery does nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.tables import INBOX


def first_time(session: Session, handler: str, event_id: str, now: datetime) -> bool:
    """Claims (handler, event) in the caller's transaction; False when it was claimed before.

    A delivery running at the same time makes this wait until that one has committed or rolled back.
    """
    claim = insert(INBOX).values(handler=handler, event_id=event_id, heard_at=now).on_conflict_do_nothing()
    return session.execute(claim.returning(INBOX.c.handler)).first() is not None
