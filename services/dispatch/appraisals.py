"""Double appraisal 双考核: of departments, and of those who whistle. Every figure is a share of the rows it opens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, and_, cast, false, func, null, or_, select, true, tuple_
from sqlalchemy.orm import Session

from capability import paging
from capability.life import permit
from chassis.entrypoints import asked
from chassis.identity import Principal
from contracts.dispatch import appraisals as say
from contracts.dispatch.appraisals import Measure
from contracts.figures import figure, heading, period, rows_of
from kernel.codes import OverdueStage, ReturnReason, WhistleState
from kernel.periods import Period
from services.dispatch import access, clocks
from services.dispatch.tables import Clock, Rating, Task, Unit, Whistle

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
BY_STAGE = {str(stage): measure for measure, stage in STAGES.items()}
FULL, MANY = 100, 2000
IN_TIME = func.coalesce(Clock.met_at <= Clock.due_at, false())
WHISTLER = Whistle.drafted_by["id"].astext
DECIDED = or_(Whistle.state == WhistleState.RETURNED, Whistle.blown_at.is_not(None))
RETURNED_AS_NEEDLESS = and_(
    Whistle.state == WhistleState.RETURNED, func.coalesce(Whistle.reason_code, "").in_(sorted(NEEDLESS))
)
Names = dict[str, str]
Query = Select[*tuple[Any, ...]]


Shares = dict[tuple[Measure, str], tuple[int, int]]
"""Numerator and denominator by measure and whose it is (a unit's code, a whistler's id)."""


@asked(say.ReportAppraisal)
def report(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Errors: Forbidden."""
    permit(who, say.ReportAppraisal, access.Concern(session, "", command["area_path"]))
    shares, names = _shares(session, command, period(command, clocks.policy(now)), now)
    figures = [one for measure in Measure for one in _figures(command, measure, shares, names)]
    return {**heading(say.ReportAppraisal.title, command, clocks.policy(now)), "figures": figures}


def _figures(command: Command, measure: Measure, shares: Shares, names: Names) -> Iterator[dict[str, Any]]:
    """Of all, then of each who has any."""
    mine = {of: share for (counted, of), share in shares.items() if counted is measure}
    everybody = ALL_WHISTLERS if measure is Measure.NEEDLESS else ALL_UNITS
    total = sum(part for part, _ in mine.values()), sum(whole for _, whole in mine.values())
    for of, (part, whole) in [(None, total), *sorted(mine.items())]:
        link = rows_of("appraisals", command, measure=measure.value, **({"of": of} if of else {}))
        name = f"{measure.label}·{names[of] if of else everybody}"
        only = "" if measure is Measure.SCORE else "counts=true"
        yield figure(name, part, whole, FORMULAS[measure], link, only)


def _shares(session: Session, command: Command, span: Period, now: datetime) -> tuple[Shares, Names]:
    """Counted where the rows are: a month of a city has too many to read."""
    found: Shares = {}
    between = _stretch(session, command, span)
    for unit, stage, part, whole in session.execute(_clocked(command, span, now).where(between(Clock.subject_id))):
        found[BY_STAGE[stage], unit] = (part, whole)
    for unit, accepted, confirmed, points, rated in session.execute(_judged(command, span, between)):
        found |= {(Measure.ACCEPTED, unit): (accepted, confirmed)} if confirmed else {}
        found |= {(Measure.SCORE, unit): (points, FULL * rated)} if rated else {}
    whistlers = session.execute(_decided(command, span)).all()
    found |= {(Measure.NEEDLESS, of): (part, whole) for of, _, part, whole in whistlers}
    units = {of for _, of in found}
    names = dict(session.execute(select(Unit.code, Unit.name).where(Unit.code.in_(units))).all())
    return found, {**names, **{of: name for of, name, *_ in whistlers}}


def _of_period(model: type[Task] | type[Whistle], command: Command, span: Period) -> Sequence[ColumnElement[bool]]:
    made = model.created_at
    return model.area_path.within(command["area_path"]), made >= span.begins, made < span.ends


def _stretch(session: Session, command: Command, span: Period) -> Callable[[Any], ColumnElement[bool]]:
    """Where many tasks are counted, the condition that an id lies between theirs: what belongs to them is then read in
    one stretch, not task by task, and never all that there is. Ids grow with time, so little else lies there."""
    key = cast(Task.id, Text).collate("C")
    borders = select(func.count(), func.min(key), func.max(key)).where(*_of_period(Task, command, span))
    count, low, high = session.execute(borders).one()
    return lambda of: of.between(UUID(low), UUID(high)) if count > MANY else true()


def _clocked(command: Command, span: Period, now: datetime) -> Query:
    counts = func.count().filter(IN_TIME), func.count()
    query = select(Task.unit_code, Clock.stage, *counts).join(Clock, Clock.subject_id == Task.id)
    said = query.where(*_of_period(Task, command, span), Clock.stage.in_(BY_STAGE), *_says_something(now))
    return said.group_by(Task.unit_code, Clock.stage)


def _says_something(now: datetime) -> Sequence[ColumnElement[bool]]:
    """A clock that was called off counts for nobody; one that runs only once it is overdue."""
    return Clock.cancelled_at.is_(None), or_(Clock.met_at.is_not(None), Clock.due_at <= now)


def _judged(command: Command, span: Period, between: Callable[[Any], ColumnElement[bool]]) -> Query:
    confirmed = Task.confirmed_at.is_not(None)
    accepted = func.count().filter(confirmed, Task.rejections == 0), func.count().filter(confirmed)
    scored = func.coalesce(func.sum(Rating.total), 0), func.count(Rating.total)
    query = select(Task.unit_code, *accepted, *scored).outerjoin(
        Rating, and_(Rating.task_id == Task.id, between(Rating.task_id))
    )
    return query.where(*_of_period(Task, command, span)).group_by(Task.unit_code)


def _decided(command: Command, span: Period) -> Query:
    """Whistles of the period that were blown or returned; what waits, or is called off before, counts for nobody."""
    counts = func.count().filter(RETURNED_AS_NEEDLESS), func.count()
    query = select(WHISTLER, func.max(Whistle.drafted_by["name"].astext), *counts)
    return query.where(*_of_period(Whistle, command, span), DECIDED).group_by(WHISTLER)


@asked(say.ListAppraised)
def list_appraised(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """The rows of one figure, the newest first. Errors: Forbidden."""
    permit(who, say.ListAppraised, access.Concern(session, "", command["area_path"]))
    measure, span = Measure(command["measure"]), period(command, clocks.policy(now))
    model, query = (Whistle, _whistles()) if measure is Measure.NEEDLESS else (Task, _tasks(measure, now))
    if command["of"] is not None:
        query = query.where((WHISTLER if model is Whistle else Task.unit_code) == command["of"])
    if command["counts"] is not None:
        query = query.where(_counting(measure) == command["counts"])
    place, limit = (model.created_at, model.id), command["limit"]
    if command["cursor"]:
        query = query.where(tuple_(*place) < tuple_(*paging.opened(command["cursor"], [datetime, UUID])))
    ordered = query.where(*_of_period(model, command, span)).order_by(*(column.desc() for column in place))
    rows = session.execute(ordered.limit(limit + 1)).mappings().all()
    last = [rows[limit - 1]["at"], rows[limit - 1]["id"]] if len(rows) > limit else None
    return {"items": [dict(row) for row in rows[:limit]], "next_cursor": paging.sealed(last) if last else None}


def _whistles() -> Query:
    counts = _counting(Measure.NEEDLESS).label("counts")
    return select(
        Whistle.id, Whistle.number, null().label("unit"), Whistle.drafted_by.label("whistler"), counts,
        Whistle.created_at.label("at"),
    ).where(DECIDED)  # fmt: skip


def _counting(measure: Measure) -> ColumnElement[bool]:
    """Whether a row is in the numerator."""
    own = {Measure.NEEDLESS: RETURNED_AS_NEEDLESS, Measure.ACCEPTED: Task.rejections == 0}
    return {**own, Measure.SCORE: Rating.total > 0}.get(measure, IN_TIME)


def _tasks(measure: Measure, now: datetime) -> Query:
    """With what a figure of this measure counts of each."""
    query = select(
        Task.id, Whistle.number, Task.unit_code.label("unit"), Whistle.drafted_by.label("whistler"),
        _counting(measure).label("counts"), Task.created_at.label("at"),
    ).join(Whistle, Whistle.id == Task.whistle_id)  # fmt: skip
    if measure is Measure.ACCEPTED:
        return query.where(Task.confirmed_at.is_not(None))
    if measure is Measure.SCORE:
        return query.join(Rating, Rating.task_id == Task.id)
    of_stage = Clock.stage == STAGES[measure]
    return query.join(Clock, Clock.subject_id == Task.id).where(of_stage, *_says_something(now))
