"""A unit's desk: its tasks, what is due first on top. Seen by the unit, and by who answers for the place."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session, joinedload, selectinload

from chassis.entrypoints import asked
from chassis.errors import Invalid
from chassis.identity import Principal
from contracts.dispatch.tasks import GetTask, ListTasks
from services.dispatch import access, cursors, views
from services.dispatch.tables import Task

View = dict[str, Any]


@asked(GetTask)
def get_task(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> View:
    """Errors: NotFound, also for who may not see it."""
    task = session.get(Task, command["task_id"])
    if task is None:
        raise access.unknown()
    access.require_task_reader(session, who, task)
    return views.task(session, who, task)


@asked(ListTasks)
def list_tasks(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> View:
    """A page of a unit's tasks. Others than the unit itself see those of their own area only. Errors: Forbidden."""
    rosters = access.rosters(session, who)
    query = _seen(session, who, command["unit"])
    if command["state"]:
        query = query.where(Task.state.in_(command["state"]))
    if command.get("cursor"):
        query = query.where(tuple_(Task.next_due, Task.id) > _place(command["cursor"]))
    query = query.order_by(Task.next_due, Task.id).options(
        joinedload(Task.whistle), joinedload(Task.unit), joinedload(Task.objection), selectinload(Task.escalations)
    )
    return cursors.page(session, query, command, key=_key, view=lambda task: views.summary(who, task, rosters))


def _seen(session: Session, who: Principal, unit_code: str) -> Select[Task]:
    """What of a unit's tasks `who` may see at all."""
    query = select(Task).where(Task.unit_code == unit_code)
    if access.of_unit(session, who, unit_code):
        return query
    return query.where(access.in_sight(who, Task.area_path))


def _key(task: Task) -> str:
    return f"{task.next_due.isoformat()}|{task.id}"


def _place(cursor: str) -> tuple[datetime, UUID]:
    due, _, task_id = cursors.opened(cursor).partition("|")
    try:
        return datetime.fromisoformat(due), UUID(task_id)
    except ValueError as error:
        raise Invalid.because({"cursor": ["翻页标记无效"]}) from error
