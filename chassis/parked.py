"""Parked messages: kept until a person replays or discards them (tools.parked), and no longer than their term.

Body and headers are sealed, and have a term: a settled message is forgotten after PARKED_DAYS, an open one loses its
body after PARKED_BODY_DAYS, which is announced PARKED_WARNING_DAYS before. What had its effect or was given up stays in
the inbox, which forgets nothing: no term brings it back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.settings import read
from chassis.store import Store
from chassis.tables import INBOX, OUTBOX, PARKED
from chassis.telemetry import metrics
from chassis.telemetry.logs import log

LONGEST_ERROR = 4000


@dataclass(frozen=True)
class Terms:
    """How long parked messages are kept, in days."""

    settled: int = 90
    body: int = 365
    warning: int = 30

    @classmethod
    def from_environment(cls) -> Terms:
        names = {"settled": "PARKED_DAYS", "body": "PARKED_BODY_DAYS", "warning": "PARKED_WARNING_DAYS"}
        return cls(**{field: int(read(name, str(getattr(cls, field)))) for field, name in names.items()})


def park(session: Session, now: datetime, message: dict[str, Any], error: str) -> bool:
    """Keeps a message (the columns event_id … attempts of the table) with what went wrong; `error` holds no values.

    False where the event waits already, had its effect, or was given up: a person is told once.
    """
    heard = (INBOX.c.handler == message["handler"], INBOX.c.event_id == message["event_id"])
    if message["event_id"] and session.execute(select(exists().where(*heard))).scalar():
        return False
    row = insert(PARKED).values(**message, error=error[:LONGEST_ERROR], parked_at=now)
    return session.execute(row.on_conflict_do_nothing().returning(PARKED.c.id)).first() is not None


def forget(session: Session, now: datetime, terms: Terms) -> None:
    """Forgets what is past its term, and the copies of bodies that were replayed and have left."""
    gone = now - timedelta(days=terms.settled)
    session.execute(_emptied())
    session.execute(delete(PARKED).where(PARKED.c.state != "PARKED", PARKED.c.settled_at < gone, _copy_is_empty()))
    late = (PARKED.c.state == "PARKED", PARKED.c.body.is_not(None))
    over = now - timedelta(days=terms.body)
    session.execute(update(PARKED).where(*late, PARKED.c.parked_at < over).values(body=None, headers=None))


def _emptied() -> Any:
    """The outbox is read by people and never forgotten: what was sealed does not stay there in plain words."""
    sent = (OUTBOX.c.id == PARKED.c.replay_id, OUTBOX.c.sent_at.is_not(None), OUTBOX.c.body != "")
    return update(OUTBOX).where(PARKED.c.state == "REPLAYED", *sent).values(body="")


def _copy_is_empty() -> Any:
    return ~exists().where(OUTBOX.c.id == PARKED.c.replay_id, OUTBOX.c.body != "")


def ending(session: Session, now: datetime, terms: Terms) -> int:
    """How many open messages lose their body within the time of warning."""
    soon = now - timedelta(days=terms.body - terms.warning)
    query = select(func.count()).where(
        PARKED.c.state == "PARKED", PARKED.c.body.is_not(None), PARKED.c.parked_at < soon
    )
    return int(session.execute(query).scalar_one())


def look_after(store: Store, now: datetime) -> None:
    """What the clock does to parked messages: forgets, and warns."""
    terms = Terms.from_environment()
    with store.transaction() as session:
        forget(session, now, terms)
        soon = ending(session, now, terms)
    metrics.parked_ending.set(soon)
    if soon:
        log.warning("parked_bodies_end", messages=soon, within_days=terms.warning)
