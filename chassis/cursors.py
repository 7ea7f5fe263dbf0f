"""How far this service has read each peer's log, and which of its events is being tried: the memory of catching up."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import case, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.tables import PEER_CURSOR

BEGINNING = 0


def position(session: Session, source: str) -> int | None:
    """What was read last of this peer's log; None before the first reading."""
    found: int | None = session.execute(select(PEER_CURSOR.c.position).where(PEER_CURSOR.c.source == source)).scalar()
    return found


def begin(session: Session, source: str, end: int) -> None:
    """The first reading goes on from `end`; nothing changes where another process has begun."""
    session.execute(insert(PEER_CURSOR).values(source=source, position=end).on_conflict_do_nothing())


def advance(session: Session, source: str, read: int) -> None:
    """Everything up to `read` was handled, or lies with a person."""
    done = {"position": read, "trying": None, "tries": 0}
    session.execute(PEER_CURSOR.update().where(PEER_CURSOR.c.source == source).values(done))


def start_over(session: Session, sources: Iterable[str]) -> None:
    """These logs are read again from their beginning: for whoever has forgotten what was heard, or hears it late."""
    fresh = insert(PEER_CURSOR).values([{"source": source, "position": BEGINNING} for source in sources])
    again = {"position": BEGINNING, "trying": None, "tries": 0}
    session.execute(fresh.on_conflict_do_update(index_elements=["source"], set_=again))


def tried(session: Session, source: str, event_id: str) -> int:
    """Counts one more try of an event, before it begins, so that one the process dies on is counted; the number."""
    same = PEER_CURSOR.c.trying == event_id
    count = case((same, PEER_CURSOR.c.tries + 1), else_=1)
    query = PEER_CURSOR.update().where(PEER_CURSOR.c.source == source).values(trying=event_id, tries=count)
    return int(session.execute(query.returning(PEER_CURSOR.c.tries)).scalar_one())
