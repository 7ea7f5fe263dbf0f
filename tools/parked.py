"""Parked messages: listed, shown, replayed to the failed queue alone, or discarded. Every act is audited."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, select, update
from sqlalchemy.orm import Session

from chassis import audit, inbox, outbox
from chassis.envelope import CARRIED
from chassis.errors import Conflict, Invalid, NotFound
from chassis.identity import Principal
from chassis.store import new_id
from chassis.tables import PARKED

OPEN = [column for column in PARKED.c if column.name not in ("body", "headers")]
"""What may be listed without opening anything."""


def list_parked(session: Session, state: str = "PARKED", limit: int = 100) -> list[RowMapping]:
    """The oldest first, without their sealed parts."""
    query = select(*OPEN).where(PARKED.c.state == state).order_by(PARKED.c.id).limit(limit)
    return list(session.execute(query).mappings())


def show(session: Session, who: Principal, parked_id: int, now: datetime) -> RowMapping:
    """One message with everything known of it. Errors: NotFound."""
    row = session.execute(select(PARKED).where(PARKED.c.id == parked_id)).mappings().first()
    if row is None:
        raise NotFound(f"没有编号为 {parked_id} 的停放消息")
    audit.note(session, who, now, "parked_shown", f"parked:{parked_id}", "show", handler=row["handler"])
    return row


def replay(session: Session, who: Principal, parked_id: int, now: datetime) -> None:
    """Sends the message once more, to the queue it failed in and no other.

    Errors: NotFound, Conflict when settled, Invalid when its body is past its term.
    """
    row = _open(session, parked_id)
    if row["body"] is None:
        raise Invalid.because({"body": ["消息内容已过保存期限，只能丢弃"]})
    service, replay_id = row["queue"].split(".")[0], new_id()
    body, headers = row["body"].decode("utf8", errors="replace"), row["headers"] or {}
    key, about = row["queue"], str(row["event_id"] or "")
    kept = {name: headers[name] for name in CARRIED if name in headers}
    outbox.enqueue(session, now, str(replay_id), f"{service}.replay", key, about, body, kept)
    _settle(session, who, row, now, "REPLAYED", "replay", replay_id=replay_id)


def discard(session: Session, who: Principal, parked_id: int, reason: str, now: datetime) -> None:
    """Gives the message up, for good: the same event counts as heard from now on.

    Errors: Invalid without a reason, NotFound, Conflict when settled.
    """
    if not reason.strip():
        raise Invalid.because({"reason": ["丢弃消息必须说明原因"]})
    row = _open(session, parked_id)
    if row["event_id"]:
        inbox.first_time(session, row["handler"], row["event_id"], now)
    _settle(session, who, row, now, "DISCARDED", reason)


def _open(session: Session, parked_id: int) -> RowMapping:
    query = select(PARKED).where(PARKED.c.id == parked_id).with_for_update()
    row = session.execute(query).mappings().first()
    if row is None:
        raise NotFound(f"没有编号为 {parked_id} 的停放消息")
    if row["state"] != "PARKED":
        raise Conflict("该消息已处理过", state=row["state"], allowed_states=["PARKED"])
    return row


def _settle(
    session: Session, who: Principal, row: RowMapping, now: datetime, state: str, reason: str, **more: Any
) -> None:
    settled = {"state": state, "settled_at": now, "settled_by": who.id, "reason": reason, **more}
    session.execute(update(PARKED).where(PARKED.c.id == row["id"]).values(**settled))
    audit.note(session, who, now, f"parked_{state.lower()}", f"parked:{row['id']}", reason, handler=row["handler"])
