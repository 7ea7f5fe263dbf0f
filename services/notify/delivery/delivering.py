"""Delivering: messages leave one after the other, and operators see how many wait."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from chassis.entrypoints import Ask, every
from chassis.identity import Principal
from chassis.store import Store
from contracts.intake.residents import FindAddress, RevealContact
from contracts.mediation.sessions import SessionPlace
from kernel.numbers import check
from services.notify import gateways, metrics, sending

ADDRESS_SECONDS = 3.0


@every(seconds=2, transaction=False)
def send_due(store: Store, who: Principal, now: datetime, *, ask: Ask) -> None:
    def contact(address: str) -> dict[str, Any]:
        """By the number of a case its reporter, by id anybody else."""
        command, key = (FindAddress, "number") if check(address) else (RevealContact, "person_id")
        found: dict[str, Any] = ask(command, {key: address, "purpose": "NOTIFY"}, deadline=ADDRESS_SECONDS)
        return found

    def place(session_id: UUID) -> str:
        found = ask(SessionPlace, {"session_id": str(session_id)}, deadline=ADDRESS_SECONDS)
        return str(found["place_text"])

    sending.send_due(store, who, now, contact, ways_out(), place)


@every(seconds=15)
def show_backlog(session: Session, who: Principal, now: datetime) -> None:
    metrics.show_backlog(session, now, len(ways_out()))


@cache
def ways_out() -> tuple[gateways.Gateway, ...]:
    """The gateways of this process, set up once."""
    return gateways.from_environment()
