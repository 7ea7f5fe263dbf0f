"""What a unit does with its task 哨令: sign, report in, tell of progress, finish. Only its roster may."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Invalid
from chassis.identity import Principal
from chassis.store import expect
from contracts.dispatch.tasks import (
    FinishTask,
    ProgressTask,
    ReportIn,
    SignTask,
    WhistleTaskCompleted,
    WhistleTaskProgressed,
    WhistleTaskReportedIn,
    WhistleTaskSigned,
)
from kernel.calendar import load_calendar, moment_words
from kernel.codes import OverdueStage
from kernel.deadlines import due_at
from services.dispatch import access, assignment, clocks, facts, locks, states, views
from services.dispatch.tables import Evidence, Task

CLOCK_SKEW = timedelta(minutes=5)
"""How far a telephone's clock may be ahead of ours."""

Command = dict[str, Any]
View = dict[str, Any]


def move(task: Task, command: str) -> None:
    """Errors: Conflict, naming the states that allow the command."""
    states.task_machine(task.whistle.kind).move(task, command)
    task.next_due = clocks.waited_for(task)


def for_unit(session: Session, who: Principal, command: Command) -> Task:
    """The task, for a receiver on its unit's roster. Errors: NotFound, Forbidden, VersionMismatch."""
    task = locks.hold_task(session, command["task_id"])
    access.require_receiver(session, who, task)
    return expect(task, command.get("expected_version"))


@asked(SignTask)
def sign(session: Session, who: Principal, command: Command, now: datetime) -> View:
    """Received ≠ signed: a named receiver takes it on. Errors: Forbidden, Conflict."""
    task = for_unit(session, who, command)
    move(task, "sign")
    task.receiver, task.signed_at = facts.person(who), now
    in_time = clocks.met(session, task, OverdueStage.SIGN, now)
    facts.tell_task(session, WhistleTaskSigned, task, who, now, receiver=task.receiver, in_time=in_time)
    return views.task(session, who, task)


@asked(ReportIn)
def report_in(session: Session, who: Principal, command: Command, now: datetime) -> View:
    """人到: at the place, at the meeting or online. Errors: Forbidden, Conflict, Invalid (arrival in the future).

    A claim counts when it lies after the signing and at most policy key dispatch.arrival before it is told; else the
    moment of telling counts, the claim is kept beside it, and the log shows both to the whistler.
    """
    task = for_unit(session, who, command)
    move(task, "report_in")
    claimed = command.get("arrived_at") or now
    if claimed > now + CLOCK_SKEW:
        raise Invalid.because({"arrived_at": ["到达时间应在现在之前"]})
    arrived = claimed if _believed(task, claimed, now) else now
    task.mode, task.arrived_at, task.reported_in_at, task.geo = command["mode"], arrived, now, command.get("geo")
    if arrived != claimed:
        task.claimed_arrival = claimed
        assignment.log(session, task, None, now, _doubt(claimed, now))
    in_time = clocks.met(session, task, OverdueStage.REPORT, arrived)
    said = {"mode": task.mode, "arrived_at": arrived, "in_time": in_time, "claimed_arrival": task.claimed_arrival}
    facts.tell_task(session, WhistleTaskReportedIn, task, who, now, **said)
    return views.task(session, who, task)


def _believed(task: Task, claimed: datetime, now: datetime) -> bool:
    rules = clocks.policy(now)
    latest_telling = due_at(claimed, rules.limit("dispatch.arrival"), load_calendar(rules.region), rules.hours)
    return task.created_at <= claimed and now <= latest_telling


def _doubt(claimed: datetime, now: datetime) -> str:
    return f"自报到达时间{moment_words(claimed, year=True)}，{moment_words(now, year=True)}才收到，按收到时间计"


@asked(ProgressTask)
def progress(session: Session, who: Principal, command: Command, now: datetime) -> View:
    """A line in the log. Errors: Forbidden, Conflict."""
    task = for_unit(session, who, command)
    move(task, "progress")
    assignment.log(session, task, who, now, command["note"])
    facts.tell_task(session, WhistleTaskProgressed, task, who, now)
    return views.task(session, who, task)


@asked(FinishTask)
def finish(session: Session, who: Principal, command: Command, now: datetime) -> View:
    """The unit's word that it is done, with evidence; the whistler's confirmation makes it true.

    Errors: Forbidden, Conflict, Invalid without evidence.
    """
    task = for_unit(session, who, command)
    move(task, "finish")
    if not command["evidence"]:
        raise Invalid.because({"evidence": ["办结必须附佐证材料"]})
    task.result_text, task.finished_at = command["result_text"], now
    start = len(task.evidence)
    task.evidence += [Evidence(no=start + no, **file) for no, file in enumerate(command["evidence"])]
    in_time = clocks.met(session, task, OverdueStage.FINISH, now)
    said = {"evidence_count": len(command["evidence"]), "in_time": in_time}
    facts.tell_task(session, WhistleTaskCompleted, task, who, now, **said)
    return views.task(session, who, task)
