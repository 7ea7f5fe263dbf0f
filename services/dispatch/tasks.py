"""What a unit does with its task 哨令: sign, report in, tell of progress, finish. Only its roster may."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Invalid
from chassis.identity import Principal
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
from services.dispatch import assignment, clocks, facts, states
from services.dispatch.tables import Evidence, Task

CLOCK_SKEW = timedelta(minutes=5)
"""How far a telephone's clock may be ahead of ours."""

Command = dict[str, Any]


@asked(SignTask)
def sign(session: Session, who: Principal, command: Command, now: datetime) -> Task:
    """Received ≠ signed: a named receiver takes it on. Errors: as `Life.begin`."""
    task = states.begin(session, who, SignTask, command)
    task.receiver, task.signed_at = facts.person(who), now
    in_time = clocks.met(session, task, OverdueStage.SIGN, now)
    return states.done(session, who, task, now, WhistleTaskSigned, receiver=task.receiver, in_time=in_time)


@asked(ReportIn)
def report_in(session: Session, who: Principal, command: Command, now: datetime) -> Task:
    """人到: at the place, at the meeting or online. Errors: as `Life.begin`; Invalid (arrival in the future).

    A claim counts when it lies after the signing and at most policy key dispatch.arrival before it is told; else the
    moment of telling counts, the claim is kept beside it, and the log shows both to the whistler.
    """
    task = states.begin(session, who, ReportIn, command)
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
    return states.done(session, who, task, now, WhistleTaskReportedIn, **said)


def _believed(task: Task, claimed: datetime, now: datetime) -> bool:
    rules = clocks.policy(now)
    latest_telling = due_at(claimed, rules.limit("dispatch.arrival"), load_calendar(rules.region), rules.hours)
    return task.created_at <= claimed and now <= latest_telling


def _doubt(claimed: datetime, now: datetime) -> str:
    return f"自报到达时间{moment_words(claimed, year=True)}，{moment_words(now, year=True)}才收到，按收到时间计"


@asked(ProgressTask)
def progress(session: Session, who: Principal, command: Command, now: datetime) -> Task:
    """A line in the log. Errors: as `Life.begin`."""
    task = states.begin(session, who, ProgressTask, command)
    assignment.log(session, task, who, now, command["note"])
    return states.done(session, who, task, now, WhistleTaskProgressed)


@asked(FinishTask)
def finish(session: Session, who: Principal, command: Command, now: datetime) -> Task:
    """The unit's word that it is done, with evidence; the whistler's confirmation makes it true.

    Errors: as `Life.begin`; Invalid without evidence.
    """
    task = states.begin(session, who, FinishTask, command)
    if not command["evidence"]:
        raise Invalid.because({"evidence": ["办结必须附佐证材料"]})
    task.result_text, task.finished_at = command["result_text"], now
    start = len(task.evidence)
    task.evidence += [Evidence(no=start + no, **file) for no, file in enumerate(command["evidence"])]
    in_time = clocks.met(session, task, OverdueStage.FINISH, now)
    said = {"evidence_count": len(command["evidence"]), "in_time": in_time}
    return states.done(session, who, task, now, WhistleTaskCompleted, **said)
