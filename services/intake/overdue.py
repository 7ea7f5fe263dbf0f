"""Clocks of appeals that ran out: each is told once for each level of the ladder (policy key dispatch.escalation)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from chassis import batches
from chassis.entrypoints import every
from chassis.identity import Principal
from chassis.store import Store
from contracts.intake.working import AppealOverdue
from kernel.codes import AppealStage, EscalationLevel
from kernel.deadlines import EscalationStep, ladder
from kernel.deadlines.table import raise_levels
from services.intake import facts, posts
from services.intake.policy import rules
from services.intake.tables import Appeal, Deadline, OverdueRaised

BATCH = 100
"""Most clocks of one transaction."""


@every(seconds=5, transaction=False)
def raise_overdue(store: Store, who: Principal, now: datetime) -> None:
    """Raises everything that is due, a batch a transaction."""
    batches.run(store, lambda session: raise_due(session, who, now))


def raise_due(session: Session, who: Principal, now: datetime) -> int:
    """Says `appeal_overdue` once for each step an appeal has reached; how many times, for one batch of clocks.

    Any number of replicas may do so at once: a clock in somebody's hands is passed over.
    """
    steps = ladder(rules(now).value("dispatch.escalation"))
    due = (
        select(Deadline, Appeal)
        .join(Appeal, Appeal.id == Deadline.subject_id)
        .where(Deadline.met_at.is_(None), Deadline.cancelled_at.is_(None), Deadline.paused_at.is_(None))
        .where(Deadline.wake_at <= now)
        .order_by(Deadline.wake_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    found = session.execute(due)
    reached = [row for deadline, appeal in found.all() for row in _raise(session, who, deadline, appeal, steps, now)]
    if reached:
        session.execute(insert(OverdueRaised), reached)
    return len(reached)


def _raise(
    session: Session, who: Principal, row: Deadline, appeal: Appeal, steps: Sequence[EscalationStep], now: datetime
) -> list[dict[str, object]]:
    """Tells the levels one clock has reached; the rows that keep them from being told again."""
    order, reached = [step.level for step in steps], []
    for raised in raise_levels(row, now, steps):
        level = order.index(EscalationLevel(raised)) + 1
        reached.append({"subject_id": appeal.id, "stage": row.stage, "cycle": row.id, "level": level, "at": now})
        about = _followed_up(session, appeal) if row.stage == AppealStage.FEEDBACK and level == 1 else {}
        said = {"stage": row.stage, "due_at": row.due_at, "level": level, **about}
        facts.tell(session, AppealOverdue, appeal, who, now, **said)
    return reached


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
