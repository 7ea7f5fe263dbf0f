"""What a service said, and facts for its handlers to hear."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

import contracts.registry  # noqa: F401  fills the examples that are derived
from chassis import closing
from chassis.envelope import Event, type_of
from chassis.tables import OUTBOX


def said(session: Session, name: str | None = None) -> list[dict[str, Any]]:
    """The envelopes in the outbox, oldest first, one by one; also those this session has not committed yet."""
    return [each for each in _sent(session, "%") if name in (None, name_of(each))]


def _sent(session: Session, exchanges: str) -> list[dict[str, Any]]:
    closing.write(session)
    bodies = select(OUTBOX.c.body).where(OUTBOX.c.exchange.like(exchanges)).order_by(OUTBOX.c.position)
    return [each for body in session.execute(bodies).scalars() for each in envelopes_in(body)]


def envelopes_in(body: str) -> list[dict[str, Any]]:
    """What one row of the outbox says: a batch, or one message for somebody."""
    told = json.loads(body)
    return told if isinstance(told, list) else [told]


def name_of(envelope: dict[str, Any]) -> str:
    return str(envelope["type"].split(".")[-2])


def names_said(session: Session) -> list[str]:
    """The names of the facts, oldest first."""
    return [name_of(envelope) for envelope in _sent(session, "%.events")]


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
        standing=more.get("standing"),
    )
