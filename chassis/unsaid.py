"""No state changes without a fact: a commit in which a row moved and nothing told it is refused (capability.md §3)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import get_history

from chassis.store import Aggregate

MOVED, TOLD = "moved", "told"


class StateNotTold(RuntimeError):
    """A row stands otherwise than the last fact about it says: a fault of the operation."""


def told(session: Session, row: Aggregate) -> None:
    """A fact was recorded that shows the row as it stands now."""
    session.info.setdefault(TOLD, {})[row.id] = getattr(row, "state", None)


@event.listens_for(Session, "before_flush")
def note(session: Session, *_: Any) -> None:
    """Remembers of each row that is about to be written the state it had before."""
    for row in (*session.new, *session.dirty):
        if isinstance(row, Aggregate) and hasattr(row, "state"):
            history = get_history(row, "state")
            if history.has_changes():
                session.info.setdefault(MOVED, {}).setdefault(row, next(iter(history.deleted), None))


@event.listens_for(Session, "before_commit")
def check(session: Session) -> None:
    """Errors: StateNotTold."""
    session.flush()
    moved, last = session.info.pop(MOVED, {}), session.info.pop(TOLD, {})
    for row, before in moved.items():
        if row in session and row.state not in (before, last.get(row.id)):
            raise StateNotTold(f"{type(row).__name__} {before} → {row.state}, told: {last.get(row.id)}")


@event.listens_for(Session, "after_rollback")
def forget(session: Session) -> None:
    session.info.pop(MOVED, None)
    session.info.pop(TOLD, None)
