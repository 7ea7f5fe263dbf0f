"""Calling a whistle off: by the street, or because its case is gone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from chassis.identity import Principal
from contracts.department_codes import TaskChange
from contracts.dispatch.whistles import CancelWhistle, WhistleCancelled, WhistleTaskCancelled
from services.dispatch import clocks, departments, facts, locks, stages, states, supervisions, task_links
from services.dispatch.tables import Whistle


def call_off(session: Session, who: Principal, whistle: Whistle, now: datetime, code: str, reason: str) -> None:
    """Cancels a whistle and what is open of its tasks; their clocks stop for good. Errors: Conflict."""
    states.WHISTLE.move(whistle, CancelWhistle)
    whistle.reason_code, whistle.decision_reason = code, reason
    for task in locks.hold_tasks(session, whistle):
        if task.state not in stages.SETTLED:
            states.task_life(whistle.kind).move(task, "cancel")
            clocks.stop_all(session, task, now)
            departments.tell_change(session, task, TaskChange.CANCELLED, now, reason)
            to = task_links.written_to(session, task)
            facts.tell_task(session, WhistleTaskCancelled, task, who, now, reason_code=code, written_to=to)
            supervisions.moot(session, who, task, now, "哨单取消")
    facts.tell_whistle(session, WhistleCancelled, whistle, who, now, reason_code=code)
