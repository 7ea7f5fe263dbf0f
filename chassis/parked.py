"""Parked messages: listed, shown, replayed to the failed queue alone, or discarded. Every act is audited."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.orm import Session

from chassis import audit, outbox
from chassis.envelope import CARRIED
from chassis.errors import Conflict, Invalid, NotFound
from chassis.identity import Principal
from chassis.store import new_id
from chassis.tables import PARKED


def park(session: Session, now: datetime, message: dict[str, Any], error: str) -> None:
    """Keeps a message (the columns event_id … attempts of the table) with what went wrong."""
    session.execute(insert(PARKED).values(**message, error=error[:4000], parked_at=now))


def list_parked(session: Session, state: str = "PARKED", limit: int = 100) -> list[RowMapping]:
    """The oldest first."""
    query = select(PARKED).where(PARKED.c.state == state).order_by(PARKED.c.id).limit(limit)
    return list(session.execute(query).mappings())


def show(session: Session, parked_id: int) -> RowMapping:
    """One message with everything known of it. Errors: NotFound."""
    row = session.execute(select(PARKED).where(PARKED.c.id == parked_id)).mappings().first()
    if row is None:
        raise NotFound(f"没有编号为 {parked_id} 的停放消息")
    return row


def replay(session: Session, who: Principal, parked_id: int, now: datetime) -> None:
    """Sends the message once more, to the queue it failed in and no other. Errors: NotFound, Conflict when settled."""
    row = _open(session, parked_id)
    service = row["queue"].split(".")[0]
    body = bytes(row["body"]).decode("utf8", errors="replace")
    key, about = row["queue"], str(row["event_id"] or "")
    kept = {name: row["headers"][name] for name in CARRIED if name in row["headers"]}
    outbox.enqueue(session, now, str(new_id()), f"{service}.replay", key, about, body, kept)
    _settle(session, who, row, now, "REPLAYED", "replay")


def discard(session: Session, who: Principal, parked_id: int, reason: str, now: datetime) -> None:
    """Gives the message up. Errors: Invalid without a reason, NotFound, Conflict when settled."""
    if not reason.strip():
        raise Invalid.because({"reason": ["丢弃消息必须说明原因"]})
    _settle(session, who, _open(session, parked_id), now, "DISCARDED", reason)


def _open(session: Session, parked_id: int) -> RowMapping:
    query = select(PARKED).where(PARKED.c.id == parked_id).with_for_update()
    row = session.execute(query).mappings().first()
    if row is None:
        raise NotFound(f"没有编号为 {parked_id} 的停放消息")
    if row["state"] != "PARKED":
        raise Conflict("该消息已处理过", state=row["state"], allowed_states=["PARKED"])
    return row


def _settle(session: Session, who: Principal, row: RowMapping, now: datetime, state: str, reason: str) -> None:
    settled = {"state": state, "settled_at": now, "settled_by": who.id, "reason": reason}
    session.execute(update(PARKED).where(PARKED.c.id == row["id"]).values(**settled))
    audit.note(session, who, now, f"parked_{state.lower()}", f"parked:{row['id']}", reason, handler=row["handler"])
