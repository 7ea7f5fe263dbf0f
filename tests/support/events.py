"""What a service said, and facts for its handlers to hear."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis import closing
from chassis.envelope import Event, type_of
from chassis.tables import OUTBOX


def said(session: Session, name: str | None = None) -> list[dict[str, Any]]:
    """The envelopes in the outbox, oldest first; also those this session has not committed yet."""
    closing.write(session)
    rows = session.execute(select(OUTBOX.c.routing_key, OUTBOX.c.body).order_by(OUTBOX.c.position))
    return [json.loads(row.body) for row in rows if name in (None, row.routing_key)]


def names_said(session: Session) -> list[str]:
    """Just their names, oldest first."""
    return [envelope["type"].split(".")[-2] for envelope in said(session)]


def hear(contract: Any, data: dict[str, Any] | None = None, **more: Any) -> Event:
    """A fact as a handler gets it: `data` is laid over the contract's example and loaded through its schema."""
    return Event(
        id=more.get("id", str(uuid4())),
        type=type_of(contract),
        source=contract.source,
        subject=str(more.get("subject", uuid4())),
        time=more.get("time", datetime(2024, 7, 5, 1, 0, tzinfo=UTC)),
        aggregate_version=more.get("aggregate_version", 1),
        area_path=more.get("area_path", "yinchuan.xingqing.lijingjie.yinhong.g3"),
        actor=more.get("actor", "u-lishan"),
        case_number=more.get("case_number", "S202407050001000011"),
        causation_id=None,
        traceparent=None,
        data=contract().load({**contract.example, **(data or {})}),
    )
