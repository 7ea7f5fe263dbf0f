"""Terms of keeping 保存期限 of whistles, orders and rectifications, and of where people were (domain §4.8).

What departments sent as it came has a term of its own (`keeping.py`).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from capability.terms import CLOSED, Retention, Term
from chassis.erased import GONE
from contracts.dispatch.rectification_views import RectificationState
from contracts.dispatch.retention import CountDueInDispatch
from services.dispatch import states
from services.dispatch.rectification_tables import Proof, Rectification, Spot
from services.dispatch.supervision_tables import OPEN, Supervision, SupervisionReply
from services.dispatch.tables import Evidence, Note, Task, Whistle

TRACKS = "retention.tracks"
SETTLED = (RectificationState.CLOSED, RectificationState.REVOKED)
ENDED = Whistle.state.in_(states.WHISTLE.terminal)
CLOSED_AT = func.coalesce(Whistle.closed_at, Whistle.updated_at)
_OF_WHISTLE = select(CLOSED_AT).where(Whistle.id == Task.whistle_id).scalar_subquery()
_OF_NOTE = select(CLOSED_AT).join(Task).where(Task.id == Note.task_id).scalar_subquery()
_ENDED_TASKS = select(Task.id).join(Task.whistle).where(ENDED)
_ORDERS = select(Supervision.id).where(Supervision.state.not_in(OPEN))
_RECTIFIED = select(Rectification.id).where(Rectification.state.in_(SETTLED))


def _since(model: Any, of: Any) -> Any:
    return select(model.updated_at).where(model.id == of).scalar_subquery()


TERMS = (
    Term(
        "哨单", CLOSED, Whistle, CLOSED_AT, ENDED,
        {"reason": GONE, "asked_action_text": GONE, "asked_place_text": GONE, "decision_reason": GONE},
    ),
    Term("哨令", CLOSED, Task, _OF_WHISTLE, Task.id.in_(_ENDED_TASKS), {"result_text": GONE}),
    Term("办理记录", CLOSED, Note, _OF_NOTE, Note.task_id.in_(_ENDED_TASKS), {"text": GONE}),
    Term(
        "督办单", CLOSED, Supervision, Supervision.updated_at, Supervision.state.not_in(OPEN),
        {"demand": GONE, "reason": GONE, "ending": GONE},
    ),
    Term(
        "督办回复", CLOSED, SupervisionReply, SupervisionReply.at, SupervisionReply.supervision_id.in_(_ORDERS),
        {"text": None, "returned": GONE},
    ),
    Term(
        "整改点位", CLOSED, Spot, _since(Rectification, Spot.rectification_id), Spot.rectification_id.in_(_RECTIFIED),
        {"user_name": None, "place_text": None},
    ),
    Term("整改证明", CLOSED, Proof, Proof.at, Proof.rectification_id.in_(_RECTIFIED), {"note": None}),
    Term("报到定位", TRACKS, Task, Task.reported_in_at, Task.reported_in_at.is_not(None), {"geo": None}),
    Term("照片定位", TRACKS, Evidence, Evidence.taken_at, Evidence.taken_at.is_not(None), {"geo": None}),
)  # fmt: skip
RETENTION = Retention(CountDueInDispatch, TERMS)
