"""The limit of mediation 调解期限: 30 days by policy; it starts with the case and is met by an agreement.

A case is locked before its deadline everywhere, the timer included, so that the two never wait for each other.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from chassis import outbox
from chassis.entrypoints import every
from chassis.errors import Conflict
from chassis.identity import Principal
from contracts.deadlines import MediationDeadlineApproaching
from kernel.calendar import due_words
from kernel.deadlines import table
from kernel.deadlines.recount import recounted
from services.mediation import facts, states
from services.mediation.rules import EXTENSION, LIMIT, rules
from services.mediation.tables import Case, Deadline

STAGE = "MEDIATION"
_BATCH = 100


def start(session: Session, case: Case, now: datetime) -> datetime:
    """Opens the limit; answers the instant it ends."""
    pack = rules(now).pack
    limit = pack.limit(LIMIT)
    row = table.open_deadline(
        session, Deadline, "mediation_case", case.id, STAGE, now, limit, pack=pack, policy_key=LIMIT
    )
    return row.due_at


def meet(session: Session, case: Case, now: datetime) -> None:
    """An accord was reached; signatures may take longer than the limit."""
    table.meet(session, Deadline, case.id, STAGE, now)


def require_extensible(case: Case, now: datetime) -> None:
    """Errors: Conflict when it was extended as often as policy key mediation.extension says, or has passed."""
    times, clock = rules(now).pack.value(EXTENSION)["times"], case.clock
    if clock.term().extensions >= times:
        raise Conflict(f"调解期限已经延长过，最多延长{times}次", due_at=clock.due_at.isoformat(), times=times)
    if now > clock.due_at:
        raise Conflict(f"调解期限{due_words(clock.due_at)}已过，不能再延长", due_at=clock.due_at.isoformat())


def extend(session: Session, case: Case, reason: str, now: datetime) -> tuple[datetime, datetime]:
    """Moves the limit on by policy key mediation.extension: (old, new). Warnings count the longer time anew."""
    pack, clock = rules(now).pack, table.find_open(session, Deadline, case.id, STAGE)
    assert clock is not None  # a case before its agreement has its limit
    old, clock.overdue_raised = clock.due_at, []
    table.extend_deadline(session, Deadline, case.id, STAGE, pack.limit(EXTENSION), now, reason, pack)
    return old, clock.due_at


def call_off(session: Session, case: Case, now: datetime) -> None:
    table.cancel(session, Deadline, case.id, now)


def passed(session: Session, now: datetime) -> list[Case]:
    """Cases without agreement whose limit has passed, locked; those another worker holds are passed over."""
    still_open = and_(Deadline.met_at.is_(None), Deadline.cancelled_at.is_(None), Deadline.due_at < now)
    query = (
        select(Case)
        .join(Deadline, and_(Deadline.subject_id == Case.id, still_open))
        .where(Case.state.in_([state.value for state in states.BEFORE_AGREEMENT]))
        .order_by(Deadline.due_at)
        .limit(_BATCH)
    )
    return list(session.scalars(query.with_for_update(of=Case, skip_locked=True)))


@every(seconds=60)
def warn_approaching(session: Session, who: Principal, now: datetime) -> int:
    """Tells cases of which a share of the limit has passed, in this run up to a batch; how many."""
    woken = and_(Deadline.met_at.is_(None), Deadline.cancelled_at.is_(None), Deadline.wake_at <= now)
    query = (
        select(Case, Deadline).join(Deadline, and_(Deadline.subject_id == Case.id, woken)).order_by(Deadline.wake_at)
    )
    told = 0
    for case, clock in session.execute(query.limit(_BATCH).with_for_update(of=Case, skip_locked=True)).all():
        for step in table.raise_steps(clock, now):
            told += 1
            said = {"number": case.mediation_number, "percent": step.percent, "due_at": clock.due_at}
            outbox.record(session, MediationDeadlineApproaching, case, who, now, **said, holder=facts.holder(case))
    return told


@every(seconds=5)
def recompute_deadlines(session: Session, who: Principal, now: datetime) -> int:
    """Counts a page of open limits again once the calendar has changed, e.g. a year was loaded; how many changed."""

    def hold(ids: list[UUID]) -> None:
        session.execute(select(Case.id).where(Case.id.in_(ids)).order_by(Case.id).with_for_update())

    return len(recounted(session, Deadline, now, rules(now).pack, hold))
