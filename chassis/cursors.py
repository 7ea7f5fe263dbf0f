"""How far this service has read each peer's log: the memory of catching up."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
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
    """Everything up to `read` was heard, or waits in the inbox."""
    session.execute(PEER_CURSOR.update().where(PEER_CURSOR.c.source == source).values(position=read))


def start_over(session: Session, sources: Iterable[str]) -> None:
    """These logs are read again from their beginning: for whoever has forgotten what was heard, or hears it late."""
    fresh = insert(PEER_CURSOR).values([{"source": source, "position": BEGINNING} for source in sources])
    session.execute(fresh.on_conflict_do_update(index_elements=["source"], set_={"position": BEGINNING}))
