"""The clocks of an appeal: first contact, feedback and supervision, each with its policy key."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.entrypoints import every
from chassis.errors import Conflict
from chassis.identity import Principal
from chassis.store import new_id
from kernel.calendar import end_of, local_day
from kernel.codes import AppealStage, AppealState, Urgency
from kernel.deadlines import DeadlineClosed, ExtensionRefused, Limit, Unit, started
from kernel.deadlines.recount import recounted
from kernel.deadlines.table import NoOpenDeadline, cancel, extend_deadline, find_open, meet
from services.intake.conditions import NON_TERMINAL
from services.intake.inserting import fresh
from services.intake.policy import calendar, rules, tick
from services.intake.tables import Appeal, Deadline

KEYS = {
    AppealStage.FIRST_CONTACT: "intake.first_contact",
    AppealStage.FEEDBACK: "intake.feedback",
    AppealStage.SUPERVISION: "intake.supervision",
    AppealStage.JOINT_MEETING: "needlist.joint_meeting",
    AppealStage.ON_ACCOUNT: "intake.on_account",
}


SHOWN = {
    AppealStage.FIRST_CONTACT: "first_contact_due",
    AppealStage.FEEDBACK: "due_at",
    AppealStage.SUPERVISION: "supervision_due",
    AppealStage.JOINT_MEETING: "due_at",
    AppealStage.ON_ACCOUNT: "due_at",
}
"""Where the appeal shows the date of a clock."""
WORK = {AppealState.LISTED: AppealStage.JOINT_MEETING, AppealState.ON_ACCOUNT: AppealStage.ON_ACCOUNT}
"""What runs in place of the feedback clock."""
A_MOMENT = timedelta(microseconds=1)


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


def listed(session: Session, appeal: Appeal, now: datetime) -> datetime:
    """The feedback clock gives way to that of the joint meeting. Its date."""
    cancel(session, Deadline, appeal.id, now, AppealStage.FEEDBACK)
    session.flush()
    due = _add(session, appeal, AppealStage.JOINT_MEETING, None, now).due_at
    appeal.due_at = due
    return due


def decided(session: Session, appeal: Appeal, until: date | None, now: datetime) -> datetime:
    """The feedback clock runs again, to the day that was given; that of a danger noticed meanwhile is not put off."""
    meet(session, Deadline, appeal.id, AppealStage.JOINT_MEETING, now)
    if appeal.due_at and find_open(session, Deadline, appeal.id, AppealStage.FEEDBACK):
        return appeal.due_at
    row, pack = _add(session, appeal, AppealStage.FEEDBACK, appeal.urgency, now), rules(now)
    if until:
        limit = Limit((until - local_day(now)).days, Unit.DAYS)
        row.keep(started(now, limit, calendar(now), pack.hours, not_after=end_of(until)))
        row.limit_text = str(limit)
    appeal.due_at = row.due_at
    return row.due_at


def put_on_account(session: Session, appeal: Appeal, review_at: datetime, now: datetime) -> None:
    """The feedback clock gives way to that of the review, which ends with the day that was approved."""
    cancel(session, Deadline, appeal.id, now, AppealStage.FEEDBACK)
    cancel(session, Deadline, appeal.id, now, AppealStage.ON_ACCOUNT)
    session.flush()
    row, pack = _add(session, appeal, AppealStage.ON_ACCOUNT, None, now), rules(now)
    limit = Limit((local_day(review_at - A_MOMENT) - local_day(now)).days, Unit.DAYS)
    row.keep(started(now, limit, calendar(now), pack.hours, not_after=review_at))
    row.limit_text, appeal.due_at = str(limit), row.due_at


def taken_off_account(session: Session, appeal: Appeal, now: datetime) -> datetime:
    """The review is done; the feedback clock begins anew. Its date."""
    meet(session, Deadline, appeal.id, AppealStage.ON_ACCOUNT, now)
    appeal.due_at = _add(session, appeal, AppealStage.FEEDBACK, appeal.urgency, now).due_at
    return appeal.due_at


def raised(session: Session, appeal: Appeal, now: datetime) -> None:
    """The clocks of the higher urgency, from now, where they end before those that run; else these run on."""
    if appeal.state == AppealState.LISTED:
        cancel(session, Deadline, appeal.id, now, AppealStage.JOINT_MEETING)
        appeal.due_at = _add(session, appeal, AppealStage.FEEDBACK, appeal.urgency, now).due_at
        appeal.promise_at = min(appeal.promise_at, appeal.due_at)
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


@every(seconds=5)
def recompute_deadlines(session: Session, who: Principal, now: datetime) -> int:
    """Counts a page of open clocks again once the calendar has changed; their appeals follow. How many changed.

    What the citizen was promised stays as it was told.
    """

    def hold(ids: list[UUID]) -> None:
        session.execute(select(Appeal.id).where(Appeal.id.in_(ids)).order_by(Appeal.id).with_for_update())

    rows = recounted(session, Deadline, now, rules(now), hold)
    for row in rows:
        appeal = session.get_one(Appeal, row.subject_id)
        setattr(appeal, SHOWN[AppealStage(row.stage)], row.due_at)
    return len(rows)


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


def extend(session: Session, appeal: Appeal, by: Limit, reason: str, now: datetime) -> tuple[datetime, datetime]:
    """Moves the feedback date on: (old, new). Where the limit runs in hours, a day is 24 of them.

    Errors: Conflict when it has passed, was extended before, or by more than its own length (policy intake.extension),
    or when what runs is the clock of a danger (`not_for`): that one is not put off.
    """
    rule = rules(now).value("intake.extension")
    times, running = rule["times"], find_open(session, Deadline, appeal.id, AppealStage.FEEDBACK)
    if appeal.urgency in rule["not_for"] and not _is_rest(session, appeal):
        raise Conflict(f"{Urgency(appeal.urgency).label}事项的时限不得延长", urgency=appeal.urgency)
    if running is not None and by.unit is Unit.DAYS and running.term().limit.unit is Unit.HOURS:
        by = Limit(24 * by.amount, Unit.HOURS)
    old = appeal.due_at
    if old is None:
        raise Conflict("没有正在计算的办理期限")
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


def running(session: Session, appeal: Appeal) -> list[Deadline]:
    """The clocks that run now."""
    still = (Deadline.met_at.is_(None), Deadline.cancelled_at.is_(None))
    return list(session.scalars(select(Deadline).where(Deadline.subject_id == appeal.id, *still)))


def objection_until(now: datetime) -> datetime:
    """Until when a complainant may object to an ending (policy key intake.ending_objection)."""
    pack = rules(now)
    return started(now, pack.limit("intake.ending_objection"), calendar(now), pack.hours).due_at


def supervise(session: Session, appeal: Appeal, now: datetime) -> datetime:
    """The clock of the level above. Its date."""
    appeal.supervision_due = _add(session, appeal, AppealStage.SUPERVISION, None, now).due_at
    return appeal.supervision_due


def supervised(session: Session, appeal: Appeal, now: datetime) -> None:
    """The level above has decided."""
    meet(session, Deadline, appeal.id, AppealStage.SUPERVISION, now)
    appeal.supervision_due = None


def overdue_stages(appeal: Appeal, now: datetime) -> list[AppealStage]:
    """Which clocks have run out and still run: not a state, work goes on."""
    if appeal.state not in NON_TERMINAL:
        return []
    if appeal.result_at is not None:
        late = appeal.supervision_due is not None and appeal.supervision_due < now
        return [AppealStage.SUPERVISION] if late else []
    late_contact = appeal.first_contacted_at is None and appeal.first_contact_due < now
    late_feedback = appeal.due_at is not None and appeal.due_at < now
    work = WORK.get(AppealState(appeal.state), AppealStage.FEEDBACK)
    stages = {AppealStage.FIRST_CONTACT: late_contact, work: late_feedback}
    return [stage for stage, late in stages.items() if late]


def _add(session: Session, appeal: Appeal, stage: AppealStage, code: str | None, now: datetime) -> Deadline:
    """A clock of a stage that has none. The store refuses a second open one."""
    row = _clock(appeal, stage, code, now)
    session.add(row)
    return row


def _clock(appeal: Appeal, stage: AppealStage, code: str | None, now: datetime) -> Deadline:
    alike = _alike(rules(now).name, tick(), stage, code, now)
    return fresh(Deadline, id=new_id(), subject_id=appeal.id, overdue_raised=[], history=[], **alike)


@lru_cache(maxsize=64)
def _alike(name: str, tick: int, stage: AppealStage, code: str | None, now: datetime) -> dict[str, Any]:
    """What all clocks of a stage have in common that begin now, as those of an import do."""
    pack, key = rules(now), KEYS[stage]
    term = started(now, pack.limit(key, code), calendar(now), pack.hours)
    row = Deadline(subject_kind="APPEAL", stage=str(stage), overdue_raised=[], started_at=term.started_at)
    row.keep(term)
    said = {"limit_text": str(term.limit), "told": True, "policy_key": key, "policy_version": pack.stamp(key, code)}
    names = ("subject_kind", "stage", "started_at", "due_at", "paused_at", "wake_at")
    return {**said, **{each: getattr(row, each) for each in names}}


def _is_rest(session: Session, appeal: Appeal) -> bool:
    row = find_open(session, Deadline, appeal.id, AppealStage.FEEDBACK)
    limit = rules(row.started_at).limit(KEYS[AppealStage.FEEDBACK], Urgency.EMERGENCY) if row else None
    return row is None or row.limit_text != str(limit)


def show(appeal: Appeal, row: Deadline) -> None:
    """The appeal shows the date of this clock."""
    setattr(appeal, SHOWN[AppealStage(row.stage)], row.due_at)
