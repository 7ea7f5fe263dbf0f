"""Polling, the back-stop: the messages of a unit by position, for programs that can only ask."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from capability.life import permit
from chassis.entrypoints import asked
from chassis.identity import Principal
from contracts.dispatch.updates import ListDepartmentUpdates
from services.dispatch import access, locks
from services.dispatch.department_tables import DepartmentMessage


@asked(ListDepartmentUpdates)
def list_updates(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Messages after position `since`, the oldest first, at most `limit`. Errors: Forbidden for other units."""
    unit, since = command["unit"], command["since"]
    permit(who, ListDepartmentUpdates, access.Concern(session, unit), access.TESTS)
    _number(session, unit)
    query = select(DepartmentMessage).where(DepartmentMessage.unit_code == unit, DepartmentMessage.position > since)
    rows = list(session.scalars(query.order_by(DepartmentMessage.position).limit(command["limit"])))
    items = [{"position": row.position, "message": json.loads(row.body)} for row in rows]
    return {"items": items, "next_since": rows[-1].position if rows else since}


def _number(session: Session, unit: str) -> None:
    """Gives numbers to messages that have none. Done when somebody looks, one after the other a unit: what was
    committed later gets a higher number than all that was ever shown, so that no poller passes a message over."""
    locks.take_turns(session, "department_message", unit)
    mine = DepartmentMessage.unit_code == unit
    last = session.scalar(select(func.max(DepartmentMessage.position)).where(mine)) or 0
    fresh = select(DepartmentMessage).where(mine, DepartmentMessage.position.is_(None)).order_by(DepartmentMessage.id)
    for position, row in enumerate(session.scalars(fresh), last + 1):
        row.position = position
    session.flush()
