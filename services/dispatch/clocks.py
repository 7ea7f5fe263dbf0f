"""The clocks of a task: sign, report in, finish. Limits are policy (keys dispatch.sign, dispatch.report); the limit to
finish is the whistle's own. EMERGENCY clocks run by the wall and never stand (domain §3.6 inv. 5)."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.entrypoints import every
from chassis.identity import Principal
from kernel.calendar import load_calendar, local_day
from kernel.codes import OverdueStage, TaskState, WhistleKind
from kernel.deadlines import Limit, due_at
from kernel.deadlines.recount import recounted
from kernel.deadlines.table import cancel, find_open, first_deadline, meet, pause_deadline, resume_deadline
from kernel.policy import PolicyPack, pack
from services.dispatch.tables import Clock, Rating, Task, Whistle

SUBJECT = "TASK"
NEVER = datetime(2999, 1, 1, tzinfo=UTC)
"""Sorts tasks without a running clock behind all others."""

_WAITED_FOR = {
    TaskState.ASSIGNED: "sign_due",
    TaskState.SIGNED: "report_due",
    TaskState.OBJECTED: "report_due",
    TaskState.REPORTED_IN: "finish_due",
}
_STANDING = (OverdueStage.REPORT, OverdueStage.FINISH)


def policy(now: datetime) -> PolicyPack:
    """The pack of this place, as it stands today."""
    return pack(os.environ.get("POLICY_PACK", "default"), local_day(now))


def due(key: str, start: datetime, now: datetime) -> datetime:
    """When the limit of a policy key, begun at `start`, ends."""
    rules = policy(now)
    return due_at(start, rules.limit(key), load_calendar(rules.region), rules.hours)


def start(session: Session, task: Task, whistle: Whistle, now: datetime) -> None:
    """Starts the clocks of a new task that has an id, and writes their dates on it.

    Who is asked to a meeting later than the report limit is in time at the meeting; not so in an emergency.
    """
    rules, kind, asked_time = policy(now), whistle.kind, whistle.asked_time
    task.sign_due = _open(session, task, OverdueStage.SIGN, "dispatch.sign", rules, now, kind).due_at
    report = _open(session, task, OverdueStage.REPORT, "dispatch.report", rules, now, kind)
    if asked_time is not None and kind != WhistleKind.EMERGENCY and asked_time > report.due_at:
        line = {"act": "asked_time", "at": now.isoformat(), "was": report.due_at.isoformat()}
        line["due_at"] = asked_time.isoformat()
        report.keep(replace(report.term(), due_at=asked_time, history=(*report.history, line)))
    task.report_due = report.due_at
    if task.finish_within:
        start_finish(session, task, whistle, now)
    task.next_due = waited_for(task)


def start_finish(session: Session, task: Task, whistle: Whistle, now: datetime) -> None:
    """The limit to finish that the whistle asks for: never longer than what its case has left (policy dispatch.finish,
    at_most SOURCE_REMAINING), unless the street agreed. A case that is late already leaves the limit as asked."""
    rules, cap = policy(now), whistle.source_due
    capped = rules.value("dispatch.finish")["at_most"] == "SOURCE_REMAINING" and not whistle.longer_agreed
    task.finish_due = first_deadline(
        session, Clock, SUBJECT, task.id, OverdueStage.FINISH, now, task.finish_within or "",
        pack=rules, policy_key="dispatch.finish", not_after=cap if capped and cap and cap > now else None,
    ).due_at  # fmt: skip


def _open(
    session: Session, task: Task, stage: OverdueStage, key: str, rules: PolicyPack, now: datetime, kind: str
) -> Clock:
    limit = rules.limit(key, kind)
    return first_deadline(session, Clock, SUBJECT, task.id, stage, now, limit, pack=rules, policy_key=key, code=kind)


def waited_for(task: Task) -> datetime:
    """What the desk sorts by: when the next step of the unit is due."""
    column = _WAITED_FOR.get(TaskState(task.state))
    due: datetime | None = getattr(task, column) if column else None
    return due or NEVER


def met(session: Session, task: Task, stage: OverdueStage, at: datetime) -> bool:
    """Stops a clock at the instant its stage was reached; True when in time, or when there was no limit."""
    clock = meet(session, Clock, task.id, stage, at)
    return clock is None or bool(clock.in_time)


def run_again(session: Session, task: Task, now: datetime) -> None:
    """The clock to finish goes on as if it had never stopped: the work was not done."""
    last = select(Clock).where(Clock.subject_id == task.id, Clock.stage == OverdueStage.FINISH)
    for clock in session.scalars(last.where(Clock.met_at.is_not(None), Clock.cancelled_at.is_(None))):
        clock.met_at, clock.wake_at = None, now


def stand(session: Session, task: Task, now: datetime) -> None:
    """While the street decides on an objection, the unit's clocks stand; one that has passed already does not."""
    for stage in _STANDING:
        clock = find_open(session, Clock, task.id, stage)
        if clock is not None and now <= clock.due_at:
            pause_deadline(session, Clock, task.id, stage, now, "OBJECTED")


def go_on(session: Session, task: Task, now: datetime) -> None:
    """The objection was rejected: the clocks run again, later by the time they stood."""
    for stage in _STANDING:
        clock = find_open(session, Clock, task.id, stage)
        if clock is None or clock.paused_at is None:
            continue
        resume_deadline(session, Clock, task.id, stage, now, policy(now))
        setattr(task, f"{stage.lower()}_due", clock.due_at)


def stop_all(session: Session, task: Task, now: datetime) -> None:
    """Nothing more is expected of the unit."""
    cancel(session, Clock, task.id, now)
    task.next_due = waited_for(task)


@every(seconds=5)
def recompute_deadlines(session: Session, who: Principal, now: datetime) -> int:
    """Counts a page of open clocks again once the calendar has changed; their tasks follow. How many changed."""

    def hold(ids: list[UUID]) -> None:
        session.execute(select(Task.id).where(Task.id.in_(ids)).order_by(Task.id).with_for_update())

    rows = recounted(session, Clock, now, policy(now), hold)
    for clock in rows:
        task = session.get_one(Task, clock.subject_id)
        setattr(task, f"{clock.stage.lower()}_due", clock.due_at)
        task.next_due = waited_for(task)
    return len(rows)


def objection_due(task: Task, kind: str, now: datetime) -> datetime:
    """Until when the unit may object to what it was sent (policy key intake.object_within)."""
    rules = policy(now)
    limit: Limit = rules.limit("intake.object_within", "EMERGENCY" if kind == WhistleKind.EMERGENCY else "NORMAL")
    return due_at(task.created_at, limit, load_calendar(rules.region), rules.hours)


def rating_appeal_due(rating: Rating, now: datetime) -> datetime:
    """Until when the unit may appeal against its rating (policy key dispatch.rating_appeal)."""
    return due("dispatch.rating_appeal", rating.at, now)
