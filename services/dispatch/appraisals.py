"""Double appraisal 双考核: of departments, and of those who whistle. Every figure is a share of the rows it opens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, false, func, null, or_, select, tuple_, union_all
from sqlalchemy.orm import Session

from capability import paging, tallies
from capability.life import permit
from capability.tallies import Source, Tally
from chassis.entrypoints import asked, every
from chassis.identity import Principal
from contracts.dispatch import appraisals as say
from contracts.dispatch.appraisals import Measure
from contracts.figures import figure, heading, period, rows_of
from kernel.areas import depth
from kernel.codes import OverdueStage, ReturnReason, WhistleState
from kernel.periods import Period
from services.dispatch import access, clocks
from services.dispatch.tables import Base, Clock, Rating, Task, Unit, Whistle

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
FULL = 100
KEPT_DEPTH = 2
"""Of districts and cities every day is kept; a smaller place has few rows."""
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
    """From what is kept of each day; a clock that runs and is late is counted as it runs."""
    found: Shares = {}
    names: Names = {}
    counted = _counts(command, span)
    query = select(counted.c.key, *tallies.sums(counted, 2 * len(STAGES))).group_by(counted.c.key)
    for (kind, of, name), *numbers in session.execute(query):
        for measure, part, whole in zip(MEASURES[kind], numbers[::2], numbers[1::2], strict=False):
            before = found.get((measure, of), (0, 0))
            found |= {(measure, of): (before[0] + part, before[1] + whole)} if whole else {}
        if name:
            names[of] = max(name, names.get(of, ""))
    for unit, stage, late in session.execute(_late(command, span, now)):
        part, whole = found.get((BY_STAGE[stage], unit), (0, 0))
        found[BY_STAGE[stage], unit] = (part, whole + late)
    units = select(Unit.code, Unit.name).where(Unit.code.in_({of for _, of in found}))
    return found, {**dict(session.execute(units).all()), **names}


def _counts(command: Command, span: Period) -> Any:
    place, days = command["area_path"], (span.first, span.last)
    if depth(place) > KEPT_DEPTH:
        return _counted(lambda model: _of_period(model, command, span)).subquery()
    return tallies.rows(DAYS, lambda of: (of.c.period.between(*days), tallies.below(of.c.place, place)))


Which = Callable[[Any], Sequence[ColumnElement[bool]]]


def _of_period(model: type[Task] | type[Whistle], command: Command, span: Period) -> Sequence[ColumnElement[bool]]:
    made = model.created_at
    return model.area_path.within(command["area_path"]), made >= span.begins, made < span.ends


def _of_bucket(begins: Any, ends: Any, place: Any) -> CompoundSelect[Any]:
    def which(model: Any) -> Sequence[ColumnElement[bool]]:
        made = model.created_at
        return made >= begins, made < ends, tallies.inside(model.area_path, place, KEPT_DEPTH)

    return _counted(which)


MEASURES = {
    "CLOCKED": tuple(STAGES), "JUDGED": (Measure.ACCEPTED, Measure.SCORE), "DECIDED": (Measure.NEEDLESS,),
}  # fmt: skip
"""What the counts of a row are of, a numerator and a denominator each; each has as many as there are stages."""


def _counted(which: Which) -> CompoundSelect[Any]:
    """By what is counted and whose it is: nothing here depends on what the time is."""
    return union_all(_clocked(which), _judged(which), _decided(which))


def _clocked(which: Which) -> Query:
    """A clock that was called off counts for nobody."""
    counts = [
        func.count().filter(Clock.stage == stage, *more) for stage in STAGES.values() for more in ((IN_TIME,), ())
    ]
    query = select(tallies.key("CLOCKED", Task.unit_code, ""), tallies.counts(*counts))
    met = Clock.stage.in_(BY_STAGE), Clock.cancelled_at.is_(None), Clock.met_at.is_not(None)
    return query.join(Clock, Clock.subject_id == Task.id).where(*which(Task), *met).group_by(Task.unit_code)


def _late(command: Command, span: Period, now: datetime) -> Query:
    """What runs counts once it is overdue."""
    query = select(Task.unit_code, Clock.stage, func.count()).join(Clock, Clock.subject_id == Task.id)
    runs = Clock.met_at.is_(None), Clock.cancelled_at.is_(None), Clock.due_at <= now, Clock.stage.in_(BY_STAGE)
    return query.where(*_of_period(Task, command, span), *runs).group_by(Task.unit_code, Clock.stage)


def _says_something(now: datetime) -> Sequence[ColumnElement[bool]]:
    """A clock that was called off counts for nobody; one that runs only once it is overdue."""
    return Clock.cancelled_at.is_(None), or_(Clock.met_at.is_not(None), Clock.due_at <= now)


def _judged(which: Which) -> Query:
    confirmed = Task.confirmed_at.is_not(None)
    accepted = func.count().filter(confirmed, Task.rejections == 0), func.count().filter(confirmed)
    scored = func.coalesce(func.sum(Rating.total), 0), FULL * func.count(Rating.total)
    query = select(tallies.key("JUDGED", Task.unit_code, ""), tallies.counts(*accepted, *scored, 0, 0))
    return query.outerjoin(Rating, Rating.task_id == Task.id).where(*which(Task)).group_by(Task.unit_code)


def _decided(which: Which) -> Query:
    """Whistles that were blown or returned; what waits, or is called off before, counts for nobody."""
    name = Whistle.drafted_by["name"].astext
    counts = tallies.counts(func.count().filter(RETURNED_AS_NEEDLESS), func.count(), 0, 0, 0, 0)
    query = select(tallies.key("DECIDED", WHISTLER, name), counts)
    return query.where(*which(Whistle), DECIDED).group_by(WHISTLER, name)


BUCKET = f"SELECT {tallies.day('t.created_at')}, {tallies.top('t.area_path', KEPT_DEPTH)} FROM"
DAYS = tallies.keep(
    Base.metadata,
    Tally(
        "appraisal",
        "1 day",
        _of_bucket,
        (
            Source("task", f"{BUCKET} r t", ("created_at", "area_path", "unit_code", "confirmed_at", "rejections")),
            Source(
                "whistle",
                f"{BUCKET} r t",
                ("created_at", "area_path", "state", "blown_at", "reason_code", "drafted_by"),
            ),
            Source(
                "clock",
                f"{BUCKET} r JOIN task t ON t.id = r.subject_id WHERE r.met_at IS NOT NULL",
                ("subject_id", "stage", "due_at", "met_at", "cancelled_at"),
            ),
            Source("rating", f"{BUCKET} r JOIN task t ON t.id = r.task_id", ("task_id", "total")),
        ),
    ),
)


@every(seconds=tallies.SECONDS)
def recount_appraisal(session: Session, who: Principal, now: datetime) -> int:
    return tallies.recount(session, DAYS)


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
