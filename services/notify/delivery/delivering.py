"""Delivering: messages leave one after the other, and operators see how many wait.

A way out that is missing or closed shows in the gauges, never as 'sent'.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from prometheus_client import Gauge
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis.entrypoints import Ask, every
from chassis.errors import Fault, Forbidden, NotFound, ServiceError
from chassis.identity import Principal
from chassis.settings import read
from chassis.store import Store
from contracts.dispatch.task_links import MakeTaskLink
from contracts.intake.residents import FindAddresses
from contracts.mediation.sessions import SessionPlace
from services.notify import links, sending
from services.notify.delivery.together import Together
from services.notify.gateways.base import Gateway
from services.notify.gateways.setting_up import from_environment
from services.notify.rules import QuietHours
from services.notify.states import DeliveryState
from services.notify.tables import Message

ADDRESS_SECONDS = 3.0
REFUSALS: dict[str, type[ServiceError]] = {error().code: error for error in (NotFound, Forbidden)}
"""What intake would have answered for one person alone."""

GAUGES = {
    "gateways": Gauge("shaodao_notify_gateways", "Ways out that are set up; 0 means nothing can be sent"),
    "due": Gauge("shaodao_notify_messages_due", "Messages that should have left by now"),
    "oldest_seconds": Gauge("shaodao_notify_oldest_due_seconds", "How long the oldest of them has been due"),
}


@every(seconds=2, transaction=False)
def send_due(store: Store, who: Principal, now: datetime, *, ask: Ask) -> None:
    def contacts(addresses: Sequence[str]) -> dict[str, dict[str, Any]]:
        found = ask(FindAddresses, {"addresses": addresses, "purpose": "NOTIFY"}, deadline=ADDRESS_SECONDS)
        return {each["address"]: each for each in found["items"]}

    together = Together(contacts)

    def contact(address: str) -> dict[str, Any]:
        """By the number of a case its reporter, by id anybody else. Errors: those of intake for that one."""
        found = together(address)
        if refused := found.get("refused"):
            raise REFUSALS.get(refused, Fault)(refused)
        return dict(found["reached"])

    def place(session_id: UUID) -> str:
        return str(ask(SessionPlace, {"session_id": str(session_id)}, deadline=ADDRESS_SECONDS)["place_text"])

    def link(task_id: UUID, person_id: str) -> str | None:
        asked = {"task_id": str(task_id), "receiver": person_id}
        return links.address(read("PORTAL_URL", ""), ask(MakeTaskLink, asked, deadline=ADDRESS_SECONDS)["token"])

    sending.send_due(store, who, now, contact, ways_out(), place, link)


@every(seconds=15)
def show_backlog(session: Session, who: Principal, now: datetime) -> None:
    backlog(session, now, len(ways_out()))


@cache
def ways_out() -> tuple[Gateway, ...]:
    """The gateways of this process, set up once."""
    return from_environment()


def backlog(session: Session, now: datetime, ways: int) -> dict[str, float]:
    """Sets the gauges, and returns what they show. Messages held back by quiet hours are not due."""
    queued, due = Message.state == DeliveryState.QUEUED, [Message.recipient_id.is_not(None), Message.send_after <= now]
    if QuietHours.on(now).cover(now):
        due.append(Message.breaks_quiet.is_(True))
    count, oldest = session.execute(select(func.count(), func.min(Message.send_after)).where(queued, *due)).one()
    shown = {"gateways": ways, "due": count, "oldest_seconds": (now - oldest).total_seconds() if oldest else 0.0}
    for name, value in shown.items():
        GAUGES[name].set(value)
    return shown
