"""Orders a unit's program should have signed and did not.

Rejected, purged with the queue, taken and forgotten, never fetched: on the broker these leave no trace, and to the
resident they are one thing. So the sign clock decides, whatever became of the message: what it has run out on is shown
to the operator (`shaodao status`, an alert) beside the people whom the escalation tells, and can be ordered again.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from chassis import audit
from chassis.errors import Conflict
from chassis.identity import Principal
from kernel.codes import TaskState
from services.dispatch import departments, locks
from services.dispatch.department_tables import Webhook
from services.dispatch.tables import Task, Unit


def late(session: Session, now: datetime, unit: str | None = None) -> list[Task]:
    """Tasks of units with software of their own whose sign clock has run out, the most overdue first."""
    query = _late(select(Task), now).order_by(Task.sign_due, Task.id)
    return list(session.scalars(query.where(Task.unit_code == unit) if unit else query))


def by_unit(session: Session, now: datetime) -> dict[str, int]:
    """How many such tasks each unit has."""
    query = _late(select(Task.unit_code, func.count()), now).group_by(Task.unit_code)
    return {row[0]: row[1] for row in session.execute(query)}


def order_again(session: Session, who: Principal, task_id: Any, now: datetime) -> Task:
    """Tells the unit's program of the task once more, as a new message about the same task. Audited.

    Errors: NotFound; Conflict where the task is not waiting to be signed.
    """
    task = locks.hold_task(session, task_id)
    if task.state != TaskState.ASSIGNED:
        raise Conflict("该哨令不在待签收状态", state=task.state, allowed_states=[TaskState.ASSIGNED])
    departments.send(session, task, now)
    audit.note(session, who, now, "ordered_again", f"task:{task.id}", "部门接入", unit=task.unit_code)
    return task


def _late(query: Any, now: datetime) -> Any:
    posted = select(Webhook.unit_code).where(Webhook.active)
    reached = or_(Unit.connected, Unit.code.in_(posted))
    return query.join(Unit, Task.unit_code == Unit.code).where(
        reached, Task.state == TaskState.ASSIGNED, Task.sign_due < now
    )
