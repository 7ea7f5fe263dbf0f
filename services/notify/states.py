"""The state tables of a message and of a follow-up (domain §3.4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from capability.life import Life, Rules
from capability.machine import Machine, Move
from chassis.errors import Conflict, NotFound
from chassis.identity import Principal
from contracts.notify.base import CASE_READERS
from contracts.notify.follow_ups import AttemptFollowUp, CloseFollowUpInvalid, CompleteFollowUp
from kernel.codes import FollowUpState, MessageState
from kernel.codes.base import Code
from services.notify import saying
from services.notify.tables import FollowUp


class DeliveryState(Code):
    """States a message is stored in; `HELD` of the published code is QUEUED as seen during quiet hours.

    GATHERED went into a digest (`digests.py`) and shows as what that is.
    """

    QUEUED = MessageState.QUEUED.value, MessageState.QUEUED.label
    SENT = MessageState.SENT.value, MessageState.SENT.label
    DELIVERED = MessageState.DELIVERED.value, MessageState.DELIVERED.label
    FAILED = MessageState.FAILED.value, MessageState.FAILED.label
    GATHERED = MessageState.GATHERED.value, MessageState.GATHERED.label


D, F = DeliveryState, FollowUpState

MESSAGE: Machine[DeliveryState] = Machine(
    "message",
    D.QUEUED,
    {
        "try_later": Move({D.QUEUED}, None),
        "sent": Move({D.QUEUED}, D.SENT),
        "give_up": Move({D.QUEUED}, D.FAILED),
        "delivered": Move({D.SENT}, D.DELIVERED),
        "returned": Move({D.SENT}, D.QUEUED),
        "gathered": Move({D.QUEUED}, D.GATHERED),
        "lost": Move({D.SENT}, D.FAILED),
    },
)


def _hold(session: Session, asked: Mapping[str, Any]) -> FollowUp | None:
    return session.get(FollowUp, asked["follow_up_id"], with_for_update=True)


def _unknown(asked: Mapping[str, Any]) -> NotFound:
    return NotFound("没有找到对应的记录")


def _tell(session: Session, event: Any, row: FollowUp, who: Principal, now: datetime, **data: Any) -> None:
    saying.say(session, event, row, who, now, follow_up_id=row.id, subject=row.subject, **data)


def _refusal(row: FollowUp, command: str) -> Conflict | None:
    """Only whom somebody has reached can have answered."""
    if command != CompleteFollowUp.method or row.reached:
        return None
    return Conflict("还没有联系上群众，不能完成回访", attempts=len(row.attempts), reached=0)


FOLLOW_UP: Life[FollowUp, FollowUpState] = Life(
    FollowUp,
    F.DUE,
    {
        AttemptFollowUp: Move({F.DUE, F.TRYING}, F.TRYING),
        CompleteFollowUp: Move({F.TRYING}, F.COMPLETED),
        CloseFollowUpInvalid: Move({F.DUE, F.TRYING}, F.INVALID),
        "supersede": Move({F.DUE, F.TRYING}, F.SUPERSEDED),
    },
    Rules(_hold, CASE_READERS, _unknown, _tell, refusal=_refusal),
)

OPEN_FOLLOW_UPS = frozenset(FollowUpState) - FOLLOW_UP.terminal
