"""The state tables of a message and of a follow-up (domain §3.4)."""

from __future__ import annotations

from capability.machine import Machine, Move
from kernel.codes import FollowUpState, MessageState
from kernel.codes.base import Code


class DeliveryState(Code):
    """States a message is stored in; `HELD` of the published code is QUEUED as seen during quiet hours."""

    QUEUED = MessageState.QUEUED.value, MessageState.QUEUED.label
    SENT = MessageState.SENT.value, MessageState.SENT.label
    FAILED = MessageState.FAILED.value, MessageState.FAILED.label


D, F = DeliveryState, FollowUpState

MESSAGE: Machine[DeliveryState] = Machine(
    "message",
    D.QUEUED,
    {"try_later": Move({D.QUEUED}, None), "sent": Move({D.QUEUED}, D.SENT), "give_up": Move({D.QUEUED}, D.FAILED)},
)

FOLLOW_UP: Machine[FollowUpState] = Machine(
    "follow_up",
    F.DUE,
    {
        "attempt_follow_up": Move({F.DUE, F.TRYING}, F.TRYING),
        "complete_follow_up": Move({F.TRYING}, F.COMPLETED),
        "close_follow_up_invalid": Move({F.DUE, F.TRYING}, F.INVALID),
    },
)

OPEN_FOLLOW_UPS = frozenset(FollowUpState) - FOLLOW_UP.terminal
