"""Clocks that run out: warned of twice, then raised to each level once, by a row written with its event.

The ladder is policy key dispatch.escalation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from capability import versions
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
    warned = 0
    steps: list[Step] = []
    for clock, step in _reached(session, held, now, rules):
        task = held[clock.subject_id]
        if isinstance(step, EarlyWarning):
            warned += 1
            _warn(session, who, task, clock, step, now)
        else:
            steps.append(Step(task, OverdueStage(clock.stage), step.level, clock.due_at))
    told = tell(session, who, steps, now)
    versions.keep(session, held.values())
    supervising.overdue(session, who, ((one.task, one.stage) for one in steps if one.level == rules[-1].level), now)
    return warned + told


def _awake(now: datetime) -> ColumnElement[bool]:
    still_open = and_(Clock.met_at.is_(None), Clock.cancelled_at.is_(None), Clock.paused_at.is_(None))
    return and_(still_open, Clock.wake_at <= now)


def _reached(
    session: Session, held: dict[UUID, Task], now: datetime, rules: tuple[EscalationStep, ...]
) -> Iterator[tuple[Clock, EarlyWarning | EscalationStep]]:
    due = select(Clock).where(Clock.subject_id.in_(held), _awake(now)).order_by(Clock.due_at, Clock.id)
    for clock in session.scalars(due) if held else ():
        for step in raise_steps(clock, now, rules):
            yield clock, step


def _warn(session: Session, who: Principal, task: Task, clock: Clock, step: EarlyWarning, now: datetime) -> None:
    outbox.record(
        session, DispatchDeadlineApproaching, task, who, now, number=task.whistle.number, stage=clock.stage,
        percent=step.percent, due_at=clock.due_at, unit=facts.unit_ref(task.unit), holder=task.receiver,
    )  # fmt: skip


def tell(session: Session, who: Principal, reached: Sequence[Step], now: datetime) -> int:
    """Tells each step that was not told before; how many. The caller holds the tasks' locks."""
    fresh = _written(session, reached, now)
    told: dict[tuple[str, EscalationLevel], Person | None] = {}
    for step in reached:
        if (step.task.id, step.stage, step.level) not in fresh:
            continue
        to = (step.task.unit_code, step.level)
        if to not in told:
            told[to] = _told(session, *to, now)
        session.expire(step.task, ["escalations"])
        said = {"stage": step.stage, "level": step.level, "due_at": step.due_at, "notify_receiver": told[to]}
        said["by_link"] = told[to] is not None and task_links.works_by_mail(session, step.task.unit)
        facts.tell_task(session, WhistleTaskOverdue, step.task, who, now, **said)
    return len(fresh)


def _written(session: Session, reached: Sequence[Step], now: datetime) -> set[tuple[UUID, str, str]]:
    """The rows that say a step was told; those that stood already are not among them."""
    rows = [
        {"id": new_id(), "task_id": step.task.id, "stage": step.stage, "level": step.level, "due_at": step.due_at,
         "raised_at": now}
        for step in reached
    ]  # fmt: skip
    if not rows:
        return set()
    once = insert(Escalation).on_conflict_do_nothing()
    written = session.execute(once.returning(Escalation.task_id, Escalation.stage, Escalation.level), rows)
    return {(row.task_id, row.stage, row.level) for row in written}


def _told(session: Session, unit_code: str, level: EscalationLevel, now: datetime) -> Person | None:
    """Above the first level posts and not persons are told; who is on leave is passed over."""
    if level is not EscalationLevel.RECEIVER_B:
        return None
    return rosters.deputy_for(session, unit_code, now)
