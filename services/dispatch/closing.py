"""A whistle closes by itself once nothing is asked of any unit any more."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy.orm import Session

from chassis.identity import Principal
from contracts.dispatch.whistles import WhistleClosed
from kernel.codes import TaskState, WhistleState
from services.dispatch import facts, stages, states
from services.dispatch.tables import Whistle


def close_if_settled(session: Session, who: Principal, whistle: Whistle, now: datetime) -> None:
    """Closes a blown whistle whose tasks are all rated, waived or reassigned; the caller holds its lock."""
    counted = Counter(task.state for task in whistle.tasks)
    if whistle.state != WhistleState.BLOWN or set(counted) - stages.SETTLED:
        return
    states.WHISTLE.move(whistle, "close")
    whistle.closed_at = now
    totals = {
        "tasks": len(whistle.tasks),
        "rated": counted[TaskState.RATED],
        "waived": counted[TaskState.WAIVED],
        "reassigned": counted[TaskState.REASSIGNED],
    }
    facts.tell_whistle(session, WhistleClosed, whistle, who, now, **totals)
