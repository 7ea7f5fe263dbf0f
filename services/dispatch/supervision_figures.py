"""Supervision counted by month 督办月报: every figure is a share of the orders it lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select
from sqlalchemy.orm import Session

from capability.life import permit
from chassis.entrypoints import asked
from chassis.identity import Principal
from contracts.dispatch import supervision_figures as say
from contracts.dispatch.supervision_figures import SupervisionMeasure as Measure
from contracts.dispatch.supervisions import SupervisionCause as Cause
from contracts.dispatch.supervisions import SupervisionState as S
from contracts.figures import figure, heading, period, rows_of
from services.dispatch import access, clocks
from services.dispatch.supervision_tables import Supervision

Command = dict[str, Any]
Row = dict[str, Any]
ALL = "全部"
UNIT = Supervision.unit_code
PARTS = {"cause": Supervision.cause, "unit": UNIT}
FORMULAS = {
    Measure.IN_TIME: "每次都按时回复的督办单÷已回复或已超时的督办单",
    Measure.ACCEPTED: "已办结的督办单÷已督办、未撤销的督办单",
}


@asked(say.ReportSupervisions)
def report(session: Session, who: Principal, command: Command, now: datetime) -> Row:
    """Errors: Forbidden."""
    permit(who, say.ReportSupervisions, access.Concern(session, "", command["area_path"]))
    figures = [one for measure in Measure for one in _figures(session, command, measure, now)]
    return {**heading(say.ReportSupervisions.title, command, clocks.policy(now)), "figures": figures}


@asked(say.ListCountedSupervisions)
def list_counted(session: Session, who: Principal, command: Command, now: datetime) -> Row:
    """The orders of one figure, by number; `cursor` is the last number seen. Errors: Forbidden."""
    permit(who, say.ListCountedSupervisions, access.Concern(session, "", command["area_path"]))
    counts, limit, number = _counts(Measure(command["measure"]), now), command["limit"], Supervision.case_number
    query = select(
        number.label("number"), UNIT.label("unit"), Supervision.cause, Supervision.state, counts.label("counts"),
        Supervision.created_at.label("at"),
    )  # fmt: skip
    wanted = [column == command[name] for name, column in PARTS.items() if command[name] is not None]
    wanted += [counts == command["counts"]] if command["counts"] is not None else []
    wanted += [number > command["cursor"]] if command["cursor"] is not None else []
    query = query.where(*_issued(command, Measure(command["measure"]), now), *wanted)
    rows = [dict(row) for row in session.execute(query.order_by(number).limit(limit + 1)).mappings()]
    return {"items": rows[:limit], "next_cursor": rows[limit - 1]["number"] if len(rows) > limit else None}


def _issued(command: Command, measure: Measure, now: datetime) -> list[ColumnElement[bool]]:
    """An order that is neither answered nor late yet says nothing of answering in time."""
    span = period(command, clocks.policy(now))
    issued = [Supervision.created_at >= span.begins, Supervision.created_at < span.ends]
    found = [Supervision.area_path.within(command["area_path"]), *issued, Supervision.state != S.LIFTED]
    waited = and_(Supervision.state == S.ISSUED, Supervision.returns == 0)
    return [*found, or_(not_(waited), _late(now))] if measure is Measure.IN_TIME else found


def _late(now: datetime) -> ColumnElement[bool]:
    overdue = and_(Supervision.state == S.ISSUED, func.coalesce(Supervision.due_at < now, false()))
    return or_(Supervision.late, overdue)


def _counts(measure: Measure, now: datetime) -> ColumnElement[bool]:
    return Supervision.state == S.ACCEPTED if measure is Measure.ACCEPTED else not_(_late(now))


def _figures(session: Session, command: Command, measure: Measure, now: datetime) -> Iterator[Row]:
    """All, each cause, each unit that has any order of the period."""
    counts = func.count().filter(_counts(measure, now)), func.count()
    counted = select(Supervision.cause, UNIT, *counts).where(*_issued(command, measure, now))
    rows = session.execute(counted.group_by(Supervision.cause, UNIT)).all()
    every = select(UNIT).where(*_issued(command, Measure.ACCEPTED, now)).distinct()
    parts: list[tuple[str, dict[str, str]]] = [(ALL, {})]
    parts += [(cause.label, {"cause": cause.value}) for cause in Cause]
    parts += [(unit, {"unit": unit}) for unit in sorted(session.scalars(every))]
    for name, only in parts:
        mine = [row for row in rows if (only.get("cause", row[0]), only.get("unit", row[1])) == row[:2]]
        link = rows_of("supervision-figures", command, measure=measure.value, **only)
        share = sum(row[2] for row in mine), sum(row[3] for row in mine)
        yield figure(f"{measure.label}·{name}", *share, FORMULAS[measure], link, "counts=true")
