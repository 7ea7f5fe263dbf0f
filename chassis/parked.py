"""Parked messages: listed, shown, replayed to the failed queue alone, or discarded. Every act is audited.

Body and headers are sealed, and have a term: a settled message is forgotten after PARKED_DAYS, an open one loses its
body after PARKED_BODY_DAYS, which is announced PARKED_WARNING_DAYS before. What had its effect or was given up stays in
the inbox, which forgets nothing: no term brings it back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis import audit, inbox, outbox
from chassis.envelope import CARRIED
from chassis.errors import Conflict, Invalid, NotFound
from chassis.identity import Principal
from chassis.settings import read
from chassis.store import Store, new_id
from chassis.tables import INBOX, OUTBOX, PARKED
from chassis.telemetry import metrics
from chassis.telemetry.logs import log

LONGEST_ERROR = 4000
OPEN = [column for column in PARKED.c if column.name not in ("body", "headers")]
"""What may be listed without opening anything."""


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

    def body_ends(self, parked_at: datetime) -> datetime:
        return parked_at + timedelta(days=self.body)


def park(session: Session, now: datetime, message: dict[str, Any], error: str) -> bool:
    """Keeps a message (the columns event_id … attempts of the table) with what went wrong; `error` holds no values.

    False where the event waits already, had its effect, or was given up: a person is told once.
    """
    heard = (INBOX.c.handler == message["handler"], INBOX.c.event_id == message["event_id"])
    if message["event_id"] and session.execute(select(exists().where(*heard))).scalar():
        return False
    row = insert(PARKED).values(**message, error=error[:LONGEST_ERROR], parked_at=now)
    return session.execute(row.on_conflict_do_nothing().returning(PARKED.c.id)).first() is not None


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
