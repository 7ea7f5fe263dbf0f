"""Rows held until commit, always in one order: the whistle, then its tasks. So nobody waits in a circle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session, contains_eager, joinedload

from chassis.errors import NotFound
from chassis.store import take
from services.dispatch.tables import Task, Whistle


def hold_task(session: Session, task_id: Any) -> Task:
    """The task, locked together with its whistle. Errors: NotFound."""
    task = find_task(session, {"task_id": task_id})
    if task is None:
        raise NotFound("没有找到这个哨令", task_id=str(task_id))
    return task


def find_task(session: Session, asked: Mapping[str, Any]) -> Task | None:
    """The task a command names, locked together with its whistle; None where there is none."""
    whistle_id = session.scalar(select(Task.whistle_id).where(Task.id == asked["task_id"]))
    if whistle_id is None:
        return None
    take(session, Whistle, whistle_id)
    return take(session, Task, asked["task_id"])


def hold_tasks(session: Session, whistle: Whistle) -> list[Task]:
    """All tasks of a whistle that is held already, locked and as they stand now."""
    session.flush()
    query = select(Task).where(Task.whistle_id == whistle.id).order_by(Task.id).with_for_update()
    return list(session.scalars(query.execution_options(populate_existing=True)))


def free(tasks: Select[Task]) -> Select[Task]:
    """For timers: those of the tasks that nobody holds, with what a fact tells of them, locked with their whistles."""
    around = (contains_eager(Task.whistle), joinedload(Task.unit, innerjoin=True), joinedload(Task.objection))
    found = tasks.join(Task.whistle).options(*around)
    return found.with_for_update(of=(Task, Whistle), skip_locked=True)


def take_turns(session: Session, *about: Any) -> None:
    """Those who ask about the same thing wait for each other until commit, although there is no row yet to lock."""
    key = ":".join(map(str, about))
    session.execute(text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})
