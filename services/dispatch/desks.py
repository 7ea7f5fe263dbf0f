"""A unit's desk: its tasks, what is due first on top. Seen by the unit, and by who answers for the place."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from capability import paging
from capability.life import permit
from chassis.entrypoints import asked
from chassis.identity import Principal
from contracts.dispatch.base import UNIT
from contracts.dispatch.tasks import GetTask, ListTasks
from services.dispatch import access, states, views
from services.dispatch.tables import Task

View = dict[str, Any]


@asked(GetTask)
def get_task(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> Task:
    """Errors: NotFound, also for who may not see it."""
    task = session.get(Task, command["task_id"])
    if task is None or not states.TASK.sees(who, task):
        raise access.unknown()
    return task


@asked(ListTasks)
def list_tasks(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> View:
    """A page of a unit's tasks. Others than the unit itself see those of their own area only. Errors: Forbidden."""
    query = _seen(session, who, command["unit"])
    if command["state"]:
        query = query.where(Task.state.in_(command["state"]))
    found = query.options(*views.SUMMARY, *states.WEIGHED)
    view = partial(views.summary, who)
    return paging.page(session, found, command, view, Task.next_due, Task.id, one_plan=True)


def _seen(session: Session, who: Principal, unit_code: str) -> Select[Task]:
    """What of a unit's tasks `who` may see at all."""
    query, unit = select(Task).where(Task.unit_code == unit_code), access.Concern(session, unit_code)
    permit(who, ListTasks, unit, access.TESTS)
    if UNIT.allows(who, unit, access.TESTS):
        return query
    return query.where(access.in_sight(who, Task.area_path))
