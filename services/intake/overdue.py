"""Clocks of appeals that run out: warned of twice, then told once a level (policy key dispatch.escalation)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from capability import at_once
from chassis import batches
from chassis.entrypoints import every
from chassis.identity import Principal
from chassis.store import Store
from contracts.deadlines import IntakeDeadlineApproaching
from contracts.intake.working import AppealOverdue
from kernel.codes import AppealStage
from kernel.deadlines import EarlyWarning, Step, ladder
from kernel.deadlines.table import raise_steps
from services.intake import facts, posts
from services.intake.policy import rules
from services.intake.tables import Appeal, Deadline, OverdueRaised

BATCH = 100
"""Most clocks of one transaction."""
_TOLD = ("subject_id", "stage", "cycle", "level", "at")


@every(seconds=5, transaction=False)
def raise_overdue(store: Store, who: Principal, now: datetime) -> None:
    """Raises everything that is due, a batch a transaction."""
    batches.run(store, lambda session: raise_due(session, who, now))


def raise_due(session: Session, who: Principal, now: datetime) -> int:
    """Says once what each clock has reached, warning or overdue; of how many, for one batch of clocks.

    Any number of replicas may do so at once: a clock in somebody's hands is passed over.
    """
    steps = ladder(rules(now).value("dispatch.escalation"))
    due = (
        select(Deadline, Appeal)
        .join(Appeal, Appeal.id == Deadline.subject_id)
        .where(Deadline.met_at.is_(None), Deadline.cancelled_at.is_(None), Deadline.paused_at.is_(None))
        .where(Deadline.wake_at <= now)
        .options(selectinload(Appeal.reporter))
        .order_by(Deadline.wake_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    held = session.execute(due).all()
    reached = [(*row, step) for row in held for step in raise_steps(row[0], now, steps)]
    with session.no_autoflush:  # one statement a table, not one an appeal
        for clock, appeal, step in reached:
            _tell(session, who, clock, appeal, step, steps, now)
        _keep(session, [(clock, steps.index(step) + 1) for clock, _, step in reached if step in steps], now)
        clocks, appeals = [clock for clock, _ in held], {appeal.id: appeal for _, appeal in held}.values()
        at_once.update(session, clocks, "overdue_raised", "wake_at")
        at_once.update(session, appeals, "version")
        at_once.let_go(session, (*clocks, *appeals))
    return len(reached)


def _tell(
    session: Session, who: Principal, row: Deadline, appeal: Appeal, step: Step, steps: Sequence[Step], now: datetime
) -> None:
    """Tells a warning, or a level."""
    said = {"stage": row.stage, "due_at": row.due_at}
    if isinstance(step, EarlyWarning):
        said |= {"percent": step.percent, "holder": facts.handler(appeal)}
        return facts.tell(session, IntakeDeadlineApproaching, appeal, who, now, **said)
    level = steps.index(step) + 1
    about = _followed_up(session, appeal) if row.stage == AppealStage.FEEDBACK and level == 1 else {}
    return facts.tell(session, AppealOverdue, appeal, who, now, **said, level=level, **about)


def _keep(session: Session, told: Sequence[tuple[Deadline, int]], now: datetime) -> None:
    """The rows that keep a level of a clock from being told again. Errors: IntegrityError where one was."""
    rows = [(clock.subject_id, clock.stage, clock.id, level, now) for clock, level in told]
    if rows:
        at_once.insert(session, OverdueRaised, _TOLD, [dict(zip(_TOLD, row, strict=True)) for row in rows])


def _followed_up(session: Session, appeal: Appeal) -> dict[str, Any]:
    """Whom the follow-up at the deadline asks, and who may not make it: who works on the case, else who took it in."""
    shown = None if appeal.secret else appeal.reporter
    return {
        "handler": facts.handler(appeal) or facts.first_responder(appeal),
        "handler_unit": appeal.lead_unit or posts.unit_for(session, appeal.area_path),
        "resident": facts.masked(shown),
        "contact_preference": appeal.contact_preference,
        "anonymous": appeal.reporter_id is None,
    }
