"""Clocks that ran out: each stage is raised to each level once, by a row written with its event.

The ladder is policy key dispatch.escalation.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.identity import Principal
from chassis.store import new_id
from contracts.events import dispatch as events
from kernel.codes import EscalationLevel, OverdueStage
from kernel.deadlines import ladder
from kernel.deadlines.table import raise_levels
from services.dispatch import clocks, facts, units
from services.dispatch.tables import Clock, Escalation, Person, Task

BATCH = 50


def raise_due(session: Session, who: Principal, now: datetime) -> int:
    """Raises what is due, up to a batch of tasks; any number of replicas may do so at once. Returns how many events.

    The tasks are locked first and their clocks read after, so that a clock met a moment ago is seen as met.
    """
    steps = ladder(clocks.policy(now).value("dispatch.escalation"))
    awake = and_(Clock.met_at.is_(None), Clock.cancelled_at.is_(None), Clock.paused_at.is_(None), Clock.wake_at <= now)
    late = select(Task).where(exists().where(Clock.subject_id == Task.id, awake)).order_by(Task.id).limit(BATCH)
    held = {task.id: task for task in session.scalars(late.with_for_update(skip_locked=True))}
    raised = 0
    due = select(Clock).where(Clock.subject_id.in_(held), awake).order_by(Clock.due_at, Clock.id)
    for clock in session.scalars(due):
        for level in raise_levels(clock, now, steps):
            stage = OverdueStage(clock.stage)
            raised += raise_level(session, who, held[clock.subject_id], stage, level, clock.due_at, now)
    return raised


def raise_level(
    session: Session,
    who: Principal,
    task: Task,
    stage: OverdueStage,
    level: EscalationLevel,
    due_at: datetime,
    now: datetime,
) -> bool:
    """Tells one level of one stage; False when it was told before. The caller holds the task's lock."""
    row = {"task_id": task.id, "stage": stage, "level": level, "due_at": due_at, "raised_at": now}
    once = insert(Escalation).values(id=new_id(), **row).on_conflict_do_nothing().returning(Escalation.id)
    if session.scalar(once) is None:
        return False
    session.expire(task, ["escalations"])
    said = {"stage": stage, "level": level, "due_at": due_at, "notify_receiver": _told(session, task, level)}
    facts.tell_task(session, events.WhistleTaskOverdue, task, who, now, **said)
    return True


def _told(session: Session, task: Task, level: EscalationLevel) -> Person | None:
    """The B-holder, else the A-holder, for the first level; above it, posts and not persons are told."""
    if level is not EscalationLevel.RECEIVER_B:
        return None
    return units.first_receiver(session, task.unit_code, "B") or units.first_receiver(session, task.unit_code, "A")
