"""Receipts 送达回执: the carrier tells how a letter fared, perhaps hours after it took it."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis import outbox
from chassis.entrypoints import asked
from chassis.errors import NotFound
from chassis.identity import Principal
from contracts.notify.messages import Failure, MessageDelivered, MessageReturned, Receipt, ReportReceipt
from services.notify import hand_deliveries
from services.notify.messages import fact
from services.notify.states import MESSAGE, DeliveryState
from services.notify.tables import Message
from services.notify.ways import receipt

CARRIER = Principal("carrier", "送达回执", kind="service")


@asked(ReportReceipt)
def report(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What came back goes out by another way, at once. Errors: NotFound for an unknown message or word alike.

    A word is good for the way it was given for: once the message went by another, the old one no longer counts. That
    the request to tell somebody in person arrived does not mean that the person was told.
    """
    row = session.get(Message, command["message_id"], with_for_update=True)
    if row is None or not hmac.compare_digest(receipt(str(row.id), row.channel), command["receipt"]):
        raise NotFound("没有这条通知，或者回执口令不对")
    good = command["outcome"] == Receipt.DELIVERED
    if row.state == DeliveryState.SENT and not (good and hand_deliveries.waits(session, row)):
        session.info["causationid"] = row.caused_by
        (_delivered if good else _returned)(session, row, command["outcome"], now)
    return {"state": row.state}


def _delivered(session: Session, row: Message, outcome: Receipt, now: datetime) -> None:
    MESSAGE.move(row, "delivered")
    outbox.record(session, MessageDelivered, row, CARRIER, now, **fact(row))


def _returned(session: Session, row: Message, outcome: Receipt, now: datetime) -> None:
    MESSAGE.move(row, "returned")
    row.failure, row.tried, row.attempts, row.send_after = Failure(outcome.value), [*row.tried, row.channel], 0, now
    outbox.record(session, MessageReturned, row, CARRIER, now, **fact(row), failure=row.failure)
