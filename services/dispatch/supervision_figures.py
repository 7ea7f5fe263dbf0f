"""Supervision counted by month 督办月报: every figure is a share of the orders it lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select
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
FORMULAS = {
    Measure.IN_TIME: "每次都按时回复的督办单÷已回复或已超时的督办单",
    Measure.ACCEPTED: "已办结的督办单÷已督办、未撤销的督办单",
}


@asked(say.ReportSupervisions)
def report(session: Session, who: Principal, command: Command, now: datetime) -> Row:
    """Errors: Forbidden."""
    permit(who, say.ReportSupervisions, access.Concern(session, "", command["area_path"]))
    orders = _issued(session, command, now)
    figures = [one for measure in Measure for one in _figures(command, measure, orders, now)]
    return {**heading(say.ReportSupervisions.title, command, clocks.policy(now)), "figures": figures}


@asked(say.ListCountedSupervisions)
def list_counted(session: Session, who: Principal, command: Command, now: datetime) -> Row:
    """The orders of one figure, up to a page's limit a call, by number; `cursor` is the last number seen.

    Errors: Forbidden.
    """
    permit(who, say.ListCountedSupervisions, access.Concern(session, "", command["area_path"]))
    rows = _counted(_issued(session, command, now), Measure(command["measure"]), now)
    wanted = {name: command[name] for name in ("cause", "unit") if command[name] is not None}
    mine = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    left = [row for row in mine if command["cursor"] is None or row["number"] > command["cursor"]]
    shown = left[: command["limit"]]
    return {"items": shown, "next_cursor": shown[-1]["number"] if len(left) > len(shown) else None}


def _issued(session: Session, command: Command, now: datetime) -> list[Supervision]:
    span = period(command, clocks.policy(now))
    issued = (Supervision.created_at >= span.begins, Supervision.created_at < span.ends)
    query = select(Supervision).where(Supervision.area_path.within(command["area_path"]), *issued)
    return list(session.scalars(query.where(Supervision.state != S.LIFTED).order_by(Supervision.case_number)))


def _figures(command: Command, measure: Measure, orders: list[Supervision], now: datetime) -> Iterator[Row]:
    rows = list(_counted(orders, measure, now))
    parts: list[tuple[str, dict[str, str]]] = [(ALL, {})]
    parts += [(cause.label, {"cause": cause.value}) for cause in Cause]
    parts += [(unit, {"unit": unit}) for unit in sorted({order.unit for order in orders})]
    for name, only in parts:
        mine = [row for row in rows if all(row[key] == value for key, value in only.items())]
        link = rows_of("supervision-figures", command, measure=measure.value, **only)
        counts = sum(row["counts"] for row in mine)
        yield figure(f"{measure.label}·{name}", counts, len(mine), FORMULAS[measure], link)


def _counted(orders: list[Supervision], measure: Measure, now: datetime) -> Iterator[Row]:
    """An order that is neither answered nor late yet says nothing of answering in time."""
    for order in orders:
        late = order.late or (order.state == S.ISSUED and order.due_at is not None and order.due_at < now)
        waited = order.state == S.ISSUED and not order.returns
        if measure is Measure.IN_TIME and waited and not late:
            continue
        counts = order.state == S.ACCEPTED if measure is Measure.ACCEPTED else not late
        told = {name: getattr(order, name) for name in ("number", "unit", "cause", "state")}
        yield {**told, "counts": counts, "at": order.created_at}
