"""What every service does beside its own capabilities: forget what is old, and answer for what it said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis import answered, outbox, parked
from chassis.bus.shapes import EventsSince
from chassis.entrypoints import asked, every
from chassis.errors import Forbidden
from chassis.identity import Principal
from chassis.store import Store


@every(seconds=600, transaction=False)
def forget_answers(store: Store, who: Principal, now: datetime) -> None:
    answered.forget(store, now)


@every(seconds=3600, transaction=False)
def forget_parked(store: Store, who: Principal, now: datetime) -> None:
    parked.look_after(store, now)


@asked(EventsSince)
def events_since(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The log of published facts, for peers that missed some. Errors: Forbidden for people."""
    if who.kind != "service":
        raise Forbidden("只有服务可以读取事件日志")
    return {"events": outbox.events_since(session, **command), "end": outbox.end(session)}
