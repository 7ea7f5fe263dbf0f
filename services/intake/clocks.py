"""The clocks of an appeal: first contact and feedback (policy keys intake.first_contact, intake.feedback)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from chassis.errors import Conflict
from chassis.store import new_id
from kernel.codes import AppealStage, Urgency
from kernel.deadlines import DeadlineClosed, ExtensionRefused, Limit, Unit, started
from kernel.deadlines.table import NoOpenDeadline, cancel, extend_deadline, find_open, meet
from services.intake.machines import NON_TERMINAL
from services.intake.policy import calendar, rules
from services.intake.tables import Appeal, Deadline

KEYS = {AppealStage.FIRST_CONTACT: "intake.first_contact", AppealStage.FEEDBACK: "intake.feedback"}


def first(appeal: Appeal, now: datetime) -> tuple[Deadline, Deadline]:
    """Both clocks of a new appeal, to be written with it; the feedback date is what the citizen is promised."""
    contact = _clock(appeal, AppealStage.FIRST_CONTACT, appeal.urgency, now)
    feedback = _clock(appeal, AppealStage.FEEDBACK, appeal.urgency, now)
    appeal.first_contact_due, appeal.promise_at, appeal.due_at = contact.due_at, feedback.due_at, feedback.due_at
    return contact, feedback


def restart_feedback(session: Session, appeal: Appeal, now: datetime) -> datetime:
    """A fresh feedback clock for a case taken up again."""
    cancel(session, Deadline, appeal.id, now, AppealStage.FEEDBACK)
    session.flush()
    appeal.due_at = _add(session, appeal, AppealStage.FEEDBACK, appeal.urgency, now).due_at
    return appeal.due_at


def raised(session: Session, appeal: Appeal, now: datetime) -> None:
    """The clocks of the higher urgency, from now, where they end before those that run; else these run on."""
    for stage in KEYS:
        row = find_open(session, Deadline, appeal.id, stage)
        sooner = _clock(appeal, stage, appeal.urgency, now)
        if row is None or row.due_at <= sooner.due_at:
            continue
        cancel(session, Deadline, appeal.id, now, stage)
        session.flush()
        session.add(sooner)
        if stage is AppealStage.FIRST_CONTACT:
            appeal.first_contact_due = sooner.due_at
        else:
            appeal.due_at, appeal.promise_at = sooner.due_at, min(appeal.promise_at, sooner.due_at)


def contacted(session: Session, appeal: Appeal, now: datetime) -> bool:
    """Stops the first-contact clock. Whether it was in time."""
    appeal.first_contacted_at = now
    meet(session, Deadline, appeal.id, AppealStage.FIRST_CONTACT, now)
    return now <= appeal.first_contact_due


def is_in_time(appeal: Appeal, now: datetime) -> bool:
    """Whether work done now is inside the running feedback clock."""
    return appeal.due_at is None or now <= appeal.due_at


def danger_removed(session: Session, appeal: Appeal, now: datetime) -> None:
    """The emergency clock is met; what is left, such as cause and liability, runs by the clock of COMPLEX items."""
    if appeal.urgency != Urgency.EMERGENCY or _is_rest(session, appeal):
        return
    meet(session, Deadline, appeal.id, AppealStage.FEEDBACK, now)
    session.flush()
    appeal.due_at = _add(session, appeal, AppealStage.FEEDBACK, Urgency.COMPLEX, now).due_at


def extend(session: Session, appeal: Appeal, days: int, reason: str, now: datetime) -> tuple[datetime, datetime]:
    """Moves the feedback date on by natural days: (old, new).

    Errors: Conflict when it has passed, was extended before, or by more than its own length (policy intake.extension).
    """
    times = rules(now).value("intake.extension")["times"]
    old = appeal.due_at
    if old is None:
        raise Conflict("没有正在计算的办理期限")
    by = Limit(days, Unit.DAYS)
    try:
        row = extend_deadline(
            session, Deadline, appeal.id, AppealStage.FEEDBACK, by, now, reason, rules(now), times=times
        )
    except (DeadlineClosed, ExtensionRefused, NoOpenDeadline) as refusal:
        raise Conflict(str(refusal), due_at=old.isoformat()) from refusal
    appeal.due_at = row.due_at
    return old, row.due_at


def reported(session: Session, appeal: Appeal, now: datetime) -> None:
    """The result is there: feedback is met, and nobody needs to be reached first any more."""
    meet(session, Deadline, appeal.id, AppealStage.FEEDBACK, now)
    cancel(session, Deadline, appeal.id, now)


def stop(session: Session, appeal: Appeal, now: datetime) -> None:
    """No clock runs for an appeal that has ended."""
    cancel(session, Deadline, appeal.id, now)


def overdue_stages(appeal: Appeal, now: datetime) -> list[AppealStage]:
    """Which clocks have run out and still run: not a state, work goes on."""
    if appeal.state not in NON_TERMINAL or appeal.result_at is not None:
        return []
    late_contact = appeal.first_contacted_at is None and appeal.first_contact_due < now
    late_feedback = appeal.due_at is not None and appeal.due_at < now
    stages = {AppealStage.FIRST_CONTACT: late_contact, AppealStage.FEEDBACK: late_feedback}
    return [stage for stage, late in stages.items() if late]


def _add(session: Session, appeal: Appeal, stage: AppealStage, code: str, now: datetime) -> Deadline:
    """A clock of a stage that has none. The store refuses a second open one."""
    row = _clock(appeal, stage, code, now)
    session.add(row)
    return row


def _clock(appeal: Appeal, stage: AppealStage, code: str, now: datetime) -> Deadline:
    pack, key = rules(now), KEYS[stage]
    term = started(now, pack.limit(key, code), calendar(now), pack.hours)
    row = Deadline(id=new_id(), subject_kind="APPEAL", subject_id=appeal.id, stage=str(stage))
    row.started_at, row.limit_text, row.told = term.started_at, str(term.limit), True
    row.policy_key, row.policy_version, row.overdue_raised = key, pack.stamp(key, code), []
    row.keep(term)
    return row


def _is_rest(session: Session, appeal: Appeal) -> bool:
    row = find_open(session, Deadline, appeal.id, AppealStage.FEEDBACK)
    limit = rules(row.started_at).limit(KEYS[AppealStage.FEEDBACK], Urgency.EMERGENCY) if row else None
    return row is None or row.limit_text != str(limit)
