"""Notify's own facts: recorded, and told to people by the same tables as everybody's, in the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis import outbox
from chassis.envelope import Event, parse
from chassis.identity import Principal
from chassis.store import Aggregate

Tells = Callable[[Session, Principal, Event, datetime], None]
TELLS: dict[str, Tells] = {}
"""What tells people of an own fact, by its name; filled by telling.py from the tables."""


def say(session: Session, fact: Any, about: Aggregate, who: Principal, now: datetime, **data: Any) -> None:
    """As `outbox.record`. Nobody hears the own facts over the bus: they would come later, and for nothing."""
    told = outbox.record(session, fact, about, who, now, **data)
    if tells := TELLS.get(fact.name):
        tells(session, who, replace(parse(told), data=fact().load(told["data"])), now)
