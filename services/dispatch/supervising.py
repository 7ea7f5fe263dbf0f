"""Supervision 督办 that nobody need think of: ordered by the platform when a task is late to the top of its ladder,
comes again and again, or is rated too low for good; and what is late of an order climbs, once a cycle and level.

Ladder, counts and the low mark are policy keys supervision.*.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.entrypoints import every
from chassis.identity import Principal
from chassis.store import new_id
from contracts.dispatch import supervisions as say
from contracts.dispatch.supervisions import SupervisionCause as Cause
from contracts.dispatch.supervisions import SupervisionLevel as Level
from contracts.dispatch.supervisions import SupervisionStage as Stage
from contracts.dispatch.supervisions import SupervisionState as S
from kernel.codes import EscalationLevel, OverdueStage
from kernel.deadlines import ladder
from kernel.deadlines.raising import EscalationStep, is_reached, moment_at
from services.dispatch import clocks, locks, supervisions
from services.dispatch.stages import WORK_DONE
from services.dispatch.supervision_tables import OPEN, Supervision, SupervisionStep
from services.dispatch.supervisions import Wanted
from services.dispatch.tables import Rating, Task, Whistle

BATCH = 100
"""Most rows of one tick."""
RATED, REJECTED = "RATED", "REJECTED"
"""Cycles of dissatisfaction: a low rating that stands, three rejections."""


def overdue(session: Session, who: Principal, late: Iterable[tuple[Task, OverdueStage]], now: datetime) -> None:
    """The top of the ladder has heard that these stages of tasks are late."""
    words = "哨令{0}超时，各级提醒后仍没有{0}：请立即办理，说明原因和结果"
    wanted = [Wanted(task, stage, words.format(stage.label)) for task, stage in late]
    supervisions.order(session, who, Cause.OVERDUE, wanted, now)


def rejected(session: Session, who: Principal, task: Task, now: datetime) -> None:
    """The whistler did not take the work so often that the district decides."""
    demand = f"{task.rejections}次核实不通过：请说明原因，重新办理，报办理结果"
    supervisions.order(session, who, Cause.DISSATISFIED, [Wanted(task, REJECTED, demand)], now)


def repeated(session: Session, who: Principal, tasks: Sequence[Task], now: datetime) -> None:
    """Tasks of a whistle that is being blown: whose unit had done its part in the same matter so often before
    (policy key supervision.repeated)."""
    if not tasks:
        return
    matter, often = tasks[0].whistle, clocks.policy(now).value("supervision.repeated")
    done = select(Task.unit_code, func.count()).join(Whistle).where(Whistle.source_id == matter.source_id)
    done = done.where(Whistle.id != matter.id, Task.state.in_(WORK_DONE)).group_by(Task.unit_code)
    before = {row[0]: row[1] for row in session.execute(done)}
    times = {task: before.get(task.unit_code, 0) + 1 for task in tasks}
    words = "同一事项第{}次吹哨：请说明前几次为什么没有办好，这次怎么办好"
    again = [Wanted(task, str(count), words.format(count)) for task, count in times.items() if count >= often]
    supervisions.order(session, who, Cause.REPEATED, again, now)


def stands_at(total: int, now: datetime) -> datetime | None:
    """When a rating stands that is below policy key supervision.low_rating: once nobody may appeal any more."""
    low = total < clocks.policy(now).value("supervision.low_rating")
    return clocks.due("dispatch.rating_appeal", now, now) if low else None


def stands(session: Session, who: Principal, task: Task, rating: Rating, now: datetime) -> None:
    """A low rating was not appealed against in time, or was upheld. The caller holds the task's lock."""
    rating.stands_at = None
    if rating.total < clocks.policy(now).value("supervision.low_rating"):
        demand = f"赋分{rating.total}分，已不再改变：请说明原因和改进措施"
        supervisions.order(session, who, Cause.DISSATISFIED, [Wanted(task, RATED, demand)], now)


@every(seconds=60)
def settle_ratings(session: Session, who: Principal, now: datetime) -> int:
    """Low ratings whose time for an appeal is over; others come with the next tick. How many."""
    due = select(Task).join(Rating, Rating.task_id == Task.id).where(Rating.stands_at < now)
    tasks = session.scalars(locks.free(due.order_by(Rating.stands_at, Task.id).limit(BATCH))).all()
    for task in tasks:
        rating = session.get_one(Rating, task.id, populate_existing=True)
        if rating.stands_at is not None:
            stands(session, who, task, rating, now)
    return len(tasks)


@every(seconds=15)
def raise_supervisions(session: Session, who: Principal, now: datetime) -> int:
    """Tells the levels of orders that are late, any number of replicas at once. How many were told.

    Each order is written once: a second time would lock its task, which commands hold before it.
    """
    rules = ladder(clocks.policy(now).value("supervision.escalation"))
    due = select(Supervision).where(Supervision.raise_at < now, Supervision.state.in_(OPEN))
    first = due.order_by(Supervision.raise_at, Supervision.id).limit(BATCH)
    rows = session.scalars(first.with_for_update(skip_locked=True)).all()
    with session.no_autoflush:
        return sum(_raise(session, who, row, rules, now) for row in rows)


def _raise(session: Session, who: Principal, row: Supervision, rules: Sequence[EscalationStep], now: datetime) -> int:
    assert row.clock_from is not None
    assert row.due_at is not None
    stage = Stage.REPLY if row.state == S.ISSUED else Stage.DECISION
    row.late = row.late or stage is Stage.REPLY
    steps = list(_levels(row, stage, rules))
    reached = [step for step in steps if is_reached(row.clock_from, row.due_at, now, step)]
    ahead = [moment_at(row.clock_from, row.due_at, step.percent) for step in steps if step not in reached]
    row.raise_at = min(ahead, default=None)
    told = [step.level for step in reached if _fresh(session, row, stage, step.level, now)]
    for level in told:
        said = {"stage": stage, "told": level, "cycle": row.returns + 1}
        supervisions.LIFE.done(session, who, row, now, say.SupervisionOverdue, **said)
    return len(told)


def _levels(row: Supervision, stage: Stage, rules: Sequence[EscalationStep]) -> Iterator[EscalationStep]:
    """The head hears of an answer that is missing; of a decision, and below the order's own level, nobody."""
    passed = {EscalationLevel.RECEIVER_B, EscalationLevel.DEPT_HEAD} if stage is Stage.DECISION else set()
    passed |= {EscalationLevel.STREET} if row.level == Level.DISTRICT else set()
    return (step for step in rules if step.level not in passed)


def _fresh(session: Session, row: Supervision, stage: Stage, level: EscalationLevel, now: datetime) -> bool:
    """Writes that the level hears now; False where it stood already."""
    step = {"supervision_id": row.id, "cycle": row.returns + 1, "stage": stage, "level": level}
    once = insert(SupervisionStep).values(id=new_id(), **step, raised_at=now).on_conflict_do_nothing()
    return session.execute(once.returning(SupervisionStep.id)).first() is not None
