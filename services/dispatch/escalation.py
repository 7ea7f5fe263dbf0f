"""Clocks that run out: warned of twice, then raised to each level once, by a row written with its event.

The ladder is policy key dispatch.escalation.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from capability import at_once
from chassis import batches, outbox
from chassis.entrypoints import every
from chassis.identity import Principal
from chassis.store import Store, new_id
from contracts.deadlines import DispatchDeadlineApproaching
from contracts.dispatch.tasks import WhistleTaskOverdue
from kernel.codes import EscalationLevel, OverdueStage
from kernel.deadlines import EarlyWarning, EscalationStep, ladder
from kernel.deadlines.table import raise_steps
from services.dispatch import clocks, facts, locks, rosters, supervising, task_links
from services.dispatch.tables import Clock, Escalation, Person, Task

BATCH = 100
"""Most tasks of one transaction."""
_RAISED = ("id", "task_id", "stage", "level", "due_at", "raised_at")
_ONCE = "on conflict (task_id, stage, level) do nothing"


class Step(NamedTuple):
    """One level of one stage of a task has been reached."""

    task: Task
    stage: OverdueStage
    level: EscalationLevel
    due_at: datetime


@every(seconds=5, transaction=False)
def raise_overdue(store: Store, who: Principal, now: datetime) -> int:
    """Raises everything that is due, a batch a transaction. Returns how many events."""
    return batches.run(store, lambda session: raise_due(session, who, now))


def raise_due(session: Session, who: Principal, now: datetime) -> int:
    """Raises what is due, up to a batch of tasks; any number of replicas may do so at once. Returns how many events.

    The tasks are locked first and their clocks read after, so that a clock met a moment ago is seen as met. Their
    whistles are locked with them: a row written twice in a transaction locks what it points to, and commands hold the
    whistle before the task.
    """
    rules = ladder(clocks.policy(now).value("dispatch.escalation"))
    late = select(Task).join(Clock, Clock.subject_id == Task.id).where(_awake(now)).order_by(Clock.wake_at).limit(BATCH)
    held = {task.id: task for task in session.scalars(locks.free(late))}
    with session.no_autoflush:  # one statement a table, not one a task
        return _raise(session, who, held, now, rules)


def _raise(
    session: Session, who: Principal, held: dict[UUID, Task], now: datetime, rules: tuple[EscalationStep, ...]
) -> int:
    clocks, warned = _awake_of(session, held, now), 0
    steps: list[Step] = []
    for clock, step in ((one, step) for one in clocks for step in raise_steps(one, now, rules)):
        task = held[clock.subject_id]
        if isinstance(step, EarlyWarning):
            warned += 1
            _warn(session, who, task, clock, step, now)
        else:
            steps.append(Step(task, OverdueStage(clock.stage), step.level, clock.due_at))
    told = tell(session, who, steps, now)
    at_once.update(session, clocks, "overdue_raised", "wake_at")
    at_once.update(session, held.values(), "version")
    supervising.overdue(session, who, ((one.task, one.stage) for one in steps if one.level == rules[-1].level), now)
    if session.new:
        session.flush()
    at_once.let_go(session, (*clocks, *held.values()))
    return warned + told


def _awake(now: datetime) -> ColumnElement[bool]:
    still_open = and_(Clock.met_at.is_(None), Clock.cancelled_at.is_(None), Clock.paused_at.is_(None))
    return and_(still_open, Clock.wake_at <= now)


def _awake_of(session: Session, held: dict[UUID, Task], now: datetime) -> list[Clock]:
    due = select(Clock).where(Clock.subject_id.in_(held), _awake(now)).order_by(Clock.due_at, Clock.id)
    return list(session.scalars(due)) if held else []


def _warn(session: Session, who: Principal, task: Task, clock: Clock, step: EarlyWarning, now: datetime) -> None:
    outbox.record(
        session, DispatchDeadlineApproaching, task, who, now, number=task.whistle.number, stage=clock.stage,
        percent=step.percent, due_at=clock.due_at, unit=facts.unit_ref(task.unit), holder=task.receiver,
    )  # fmt: skip


def tell(session: Session, who: Principal, reached: Sequence[Step], now: datetime) -> int:
    """Tells each step that was not told before; how many. The caller holds the tasks' locks."""
    told: dict[tuple[str, EscalationLevel], Person | None] = {}
    fresh = _fresh(session, reached, now)
    for step in fresh:
        to = (step.task.unit_code, step.level)
        if to not in told:
            told[to] = _told(session, *to, now)
        session.expire(step.task, ["escalations"])
        said = {"stage": step.stage, "level": step.level, "due_at": step.due_at, "notify_receiver": told[to]}
        said["by_link"] = told[to] is not None and task_links.works_by_mail(session, step.task.unit)
        facts.tell_task(session, WhistleTaskOverdue, step.task, who, now, **said)
    return len(fresh)


def _fresh(session: Session, reached: Sequence[Step], now: datetime) -> list[Step]:
    """The steps that were not told before, each with the row that says so from now on."""
    rows = [(new_id(), step.task.id, str(step.stage), str(step.level), step.due_at, now) for step in reached]
    given = [dict(zip(_RAISED, row, strict=True)) for row in rows]
    written = set(at_once.insert(session, Escalation, _RAISED, given, _ONCE) if given else ())
    return [step for step, row in zip(reached, rows, strict=True) if row[0] in written]


def _told(session: Session, unit_code: str, level: EscalationLevel, now: datetime) -> Person | None:
    """Above the first level posts and not persons are told; who is on leave is passed over."""
    if level is not EscalationLevel.RECEIVER_B:
        return None
    return rosters.deputy_for(session, unit_code, now)
