"""What operators see of messages that wait: a way out that is missing or closed shows here, never as 'sent'."""

from __future__ import annotations

from datetime import datetime

from prometheus_client import Gauge
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from services.notify.rules import QuietHours
from services.notify.states import DeliveryState
from services.notify.tables import Message

gateways_open = Gauge("shaodao_notify_gateways", "Ways out that are set up; 0 means nothing can be sent")
messages_due = Gauge("shaodao_notify_messages_due", "Messages that should have left by now")
oldest_due_seconds = Gauge("shaodao_notify_oldest_due_seconds", "How long the oldest of them has been due")


def show_backlog(session: Session, now: datetime, gateways: int) -> dict[str, float]:
    """Sets the gauges, and returns what they show. Messages held back by quiet hours are not due."""
    due: list[ColumnElement[bool]] = [
        Message.state == DeliveryState.QUEUED,
        Message.recipient_id.is_not(None),
        Message.send_after <= now,
    ]
    if QuietHours.on(now).cover(now):
        due.append(Message.breaks_quiet.is_(True))
    count, oldest = session.execute(select(func.count(), func.min(Message.send_after)).where(*due)).one()
    shown = {"gateways": gateways, "due": count, "oldest_seconds": (now - oldest).total_seconds() if oldest else 0.0}
    gateways_open.set(shown["gateways"])
    messages_due.set(shown["due"])
    oldest_due_seconds.set(shown["oldest_seconds"])
    return shown
