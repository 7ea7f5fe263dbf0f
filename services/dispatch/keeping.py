"""What units sent, kept sealed for a term (policy key dispatch.letters_kept), read only with a trace of who read it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from chassis import audit, batches
from chassis.entrypoints import every
from chassis.identity import Principal
from chassis.store import Store
from services.dispatch import clocks
from services.dispatch.department_tables import DepartmentReply

BATCH = 500
SHOWN = 50


@every(seconds=600, transaction=False)
def forget_letters(store: Store, who: Principal, now: datetime) -> None:
    batches.run(store, lambda session: forget(session, now))


def forget(session: Session, now: datetime) -> int:
    """Takes away the bodies whose term is over, up to a batch; how many. What became of them, and why, stays."""
    until = now - timedelta(days=clocks.policy(now).value("dispatch.letters_kept", "days"))
    over = DepartmentReply.body.is_not(None), DepartmentReply.received_at < until
    batch = select(DepartmentReply.id).where(*over).limit(BATCH).with_for_update(skip_locked=True)
    ids = list(session.scalars(batch))
    session.execute(update(DepartmentReply).where(DepartmentReply.id.in_(ids)).values(body=None))
    return len(ids)


def read(session: Session, who: Principal, unit_code: str | None, now: datetime) -> Iterator[tuple[UUID, bytes]]:
    """The last letters of a unit, or of all, that are not forgotten: row and body. Audited."""
    audit.note(session, who, now, "read_letters", f"unit:{unit_code or '*'}", "部门接入")
    query = select(DepartmentReply.id, DepartmentReply.body).where(DepartmentReply.body.is_not(None))
    query = query.where(DepartmentReply.unit_code == unit_code) if unit_code else query
    newest = query.order_by(DepartmentReply.id.desc()).limit(SHOWN)
    for row, body in session.execute(newest):
        yield row, body or b""
