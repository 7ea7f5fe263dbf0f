"""Parts of a task 逐处销号: who ticks one that is ticked already meets a conflict that names who did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from contracts.department_codes import TaskChange
from contracts.dispatch.parts import TickParts, WhistleTaskPartsDone
from kernel.attachments import Attachments
from services.dispatch import departments, states
from services.dispatch.tables import Task
from services.dispatch.task_tables import TaskPart


@asked(TickParts)
def tick(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> Task:
    """Errors: as `Life.begin`; Invalid for a number there is not; Conflict for a part that is done."""
    task = states.begin(session, who, TickParts, command)
    missing = [str(no) for no in command["parts"] if no not in {part.no for part in task.parts}]
    Invalid.where(parts=missing and f"没有第{'、'.join(missing)}处")
    return done(session, who, task, lambda part: part.no in command["parts"], command["photos"], now)


def done(
    session: Session, who: Principal, task: Task, which: Callable[[TaskPart], bool], photos: Attachments, now: datetime
) -> Task:
    """Marks parts of a task that is held, and tells it. Errors: Conflict."""
    ticked = [part for part in task.parts if which(part)]
    for part in ticked:
        if part.done_at:
            raise Conflict(f"“{part.name}”{part.done_by_name}已经销号", no=part.no, done_at=part.done_at.isoformat())
        part.done_at, part.done_by_id, part.done_by_name, part.photos = now, who.id, who.name, photos
    so_far = sum(part.done_at is not None for part in task.parts)
    counts = {"count": len(ticked), "done": so_far, "parts": len(task.parts)}
    states.done(session, who, task, now, WhistleTaskPartsDone, **counts)
    told: dict[str, Any] = {"parts": [part.no for part in ticked], "parts_done": so_far, "parts_total": len(task.parts)}
    departments.tell_change(session, task, TaskChange.PARTS_DONE, now, **told)
    return task
