"""Double appraisal 双考核: of departments, and of those who whistle. Every figure is a share of the rows it opens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from capability.life import permit
from chassis.entrypoints import asked
from chassis.identity import Principal
from contracts.dispatch import appraisals as say
from contracts.dispatch.appraisals import Measure
from contracts.figures import figure, heading, period, rows_of
from kernel.codes import OverdueStage, ReturnReason, WhistleState
from kernel.periods import Period
from services.dispatch import access, clocks
from services.dispatch.tables import Clock, Task, Whistle

Command = dict[str, Any]
ALL_UNITS, ALL_WHISTLERS = "全部单位", "全部吹哨人"
NEEDLESS = {ReturnReason.NOT_A_WHISTLE, ReturnReason.CAN_SELF_HANDLE, ReturnReason.DUPLICATE}
FORMULAS = {
    Measure.SIGN: "按时签收的哨令÷已签收或已超时的哨令",
    Measure.REPORT: "按时报到的哨令÷已报到或已超时的哨令",
    Measure.FINISH: "按时办结的哨令÷已办结或已超时的哨令",
    Measure.ACCEPTED: "一次核实通过的哨令÷已核实通过的哨令",
    Measure.SCORE: "赋分之和÷满分之和",
    Measure.NEEDLESS: "因不必要被退回的哨单÷街道已决定的哨单",
}
STAGES = {
    Measure.SIGN: OverdueStage.SIGN, Measure.REPORT: OverdueStage.REPORT, Measure.FINISH: OverdueStage.FINISH,
}  # fmt: skip
FULL = 100


class Counted(NamedTuple):
    """One row: whose it is (a unit's code, a whistler's id), called what, and how much of `whole` it brings to the
    numerator."""

    of: str
    name: str
    part: int
    whole: int
    row: dict[str, Any]


@asked(say.ReportAppraisal)
def report(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Errors: Forbidden."""
    permit(who, say.ReportAppraisal, access.Concern(session, "", command["area_path"]))
    span = period(command, clocks.policy(now))
    figures = [one for measure in Measure for one in _figures(session, command, span, measure, now)]
    return {**heading(say.ReportAppraisal.title, command, clocks.policy(now)), "figures": figures}


@asked(say.ListAppraised)
def list_appraised(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """The rows of one figure, up to a page's limit a call, by number; `cursor` is the last number seen.

    Errors: Forbidden.
    """
    permit(who, say.ListAppraised, access.Concern(session, "", command["area_path"]))
    rows = _counted(session, command, period(command, clocks.policy(now)), Measure(command["measure"]), now)
    mine = sorted((one.row for one in rows if command["of"] in (None, one.of)), key=_place)
    left = [row for row in mine if command["cursor"] is None or _place(row) > command["cursor"]]
    shown = left[: command["limit"]]
    return {"items": shown, "next_cursor": _place(shown[-1]) if len(left) > len(shown) else None}


def _place(row: dict[str, Any]) -> str:
    return f"{row['number']}/{row['unit'] or ''}"


def _figures(
    session: Session, command: Command, span: Period, measure: Measure, now: datetime
) -> Iterator[dict[str, Any]]:
    rows = list(_counted(session, command, span, measure, now))
    everybody = ALL_WHISTLERS if measure is Measure.NEEDLESS else ALL_UNITS
    names = {one.of: one.name for one in rows}
    for of in (None, *sorted(names)):
        mine = [one for one in rows if of in (None, one.of)]
        link = rows_of("appraisals", command, measure=measure.value, **({"of": of} if of else {}))
        name = f"{measure.label}·{names[of] if of else everybody}"
        part, whole = sum(one.part for one in mine), sum(one.whole for one in mine)
        yield figure(name, part, whole, FORMULAS[measure], link)


def _counted(session: Session, command: Command, span: Period, measure: Measure, now: datetime) -> Iterable[Counted]:
    if measure is Measure.NEEDLESS:
        return _decided(session, command, span)
    tasks = _tasks(session, command, span)
    return _judged(tasks, measure) if measure not in STAGES else _clocked(session, tasks, STAGES[measure], now)


def _tasks(session: Session, command: Command, span: Period) -> list[Task]:
    assigned = (Task.created_at >= span.begins, Task.created_at < span.ends)
    return list(session.scalars(select(Task).where(Task.area_path.within(command["area_path"]), *assigned)))


def _clocked(session: Session, tasks: list[Task], stage: OverdueStage, now: datetime) -> Iterator[Counted]:
    """A clock that was called off counts for nobody; one that runs only once it is overdue."""
    held = {task.id: task for task in tasks}
    stages = select(Clock).where(Clock.subject_id.in_(held), Clock.stage == stage, Clock.cancelled_at.is_(None))
    for clock in session.scalars(stages):
        if clock.met_at is not None or clock.due_at <= now:
            yield _of(held[clock.subject_id], int(bool(clock.met_at and clock.in_time)), 1)


def _judged(tasks: list[Task], measure: Measure) -> Iterator[Counted]:
    for task in tasks:
        if measure is Measure.ACCEPTED and task.confirmed_at is not None:
            yield _of(task, int(task.rejections == 0), 1)
        if measure is Measure.SCORE and task.rating is not None:
            yield _of(task, task.rating.total, FULL)


def _of(task: Task, part: int, whole: int) -> Counted:
    row = {
        "number": task.whistle.number, "unit": task.unit_code, "whistler": task.whistle.drafted_by,
        "counts": part > 0, "at": task.created_at,
    }  # fmt: skip
    return Counted(task.unit_code, task.unit.name, part, whole, row)


def _decided(session: Session, command: Command, span: Period) -> Iterator[Counted]:
    """Whistles of the period that were blown or returned; what waits, or is called off before, counts for nobody."""
    made = (Whistle.created_at >= span.begins, Whistle.created_at < span.ends)
    query = select(Whistle).where(Whistle.area_path.within(command["area_path"]), *made)
    for whistle in session.scalars(query):
        returned = whistle.state == WhistleState.RETURNED
        if not returned and whistle.blown_at is None:
            continue
        needless = returned and whistle.reason_code in NEEDLESS
        row = {"number": whistle.number, "unit": None, "whistler": whistle.drafted_by, "counts": needless}
        by = whistle.drafted_by
        yield Counted(by["id"], by["name"], int(needless), 1, {**row, "at": whistle.created_at})
