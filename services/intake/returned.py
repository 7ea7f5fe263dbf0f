"""Solved but back 办结又回来 (domain §6, 23): counted from appeals (policy key intake.back_within)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, Interval, Select, cast, func, select
from sqlalchemy.orm import Session, aliased

from capability import paging, tallies
from capability.life import permit
from chassis.entrypoints import asked
from chassis.identity import Principal
from chassis.store import Moment
from contracts.figures import figure, heading, period, rows_of, shares_of
from contracts.intake import returned as say
from kernel.areas import depth
from kernel.codes import AppealState, Solved
from services.intake.policy import rules
from services.intake.tables import Appeal

Command = dict[str, Any]
WITHIN = "intake.back_within"
NOT_AGAIN = (AppealState.WITHDRAWN, AppealState.DECLINED)
"""What was no matter after all."""
Again = aliased(Appeal)


@asked(say.ReportReturned)
def report(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Errors: Forbidden."""
    permit(who, say.ReportReturned, SimpleNamespace(**command))
    shares = shares_of(command["area_path"], _counted(session, command, now))
    figures = list(_figures(shares, command, now))
    return {**heading(say.ReportReturned.title, command, rules(now)), "figures": figures}


@asked(say.ListReturned)
def list_returned(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Errors: Forbidden."""
    permit(who, say.ListReturned, SimpleNamespace(**command))
    query = _solved(command, now).where(_any_back(now))
    return paging.page(
        session, query, command, lambda row: _row(session, row, now), Appeal.closed_at, Appeal.id, newest_first=True
    )


def _solved(command: Command, now: datetime) -> Select[Appeal]:
    """Closed in the period because the person said that it is solved."""
    span = period(command, rules(now))
    within = (Appeal.closed_at >= span.begins, Appeal.closed_at < span.ends)
    told = (Appeal.state == AppealState.CLOSED, Appeal.solved == Solved.YES, Appeal.reporter_id.is_not(None))
    return select(Appeal).where(Appeal.area_path.within(command["area_path"]), *within, *told)


def _days(now: datetime) -> int:
    return rules(now).limit(WITHIN).amount


def _any_back(now: datetime) -> ColumnElement[bool]:
    soon = Appeal.closed_at.op("+", return_type=Moment())(cast(timedelta(days=_days(now)), Interval))
    return _back(Appeal, soon).exists()


def _back(of: Any, until: Any) -> Select[Appeal]:
    """What the same person brought again of the same kind after `of`, a row or all of them."""
    same = (Again.reporter_id == of.reporter_id, Again.category == of.category, Again.id != of.id)
    after = (Again.created_at > of.closed_at, Again.created_at <= until, Again.state.not_in(NOT_AGAIN))
    return select(Again).where(*same, *after)


def _row(session: Session, row: Appeal, now: datetime) -> dict[str, Any]:
    assert row.closed_at is not None
    found = _back(row, row.closed_at + timedelta(days=_days(now)))
    again = session.scalars(found.order_by(Again.created_at, Again.id).limit(1)).one()
    shown = {name: getattr(row, name) for name in ("category", "lead_unit", "closed_at")}
    return {"number": row.case_number, **shown, "back": again.case_number, "back_at": again.created_at}


def _counted(session: Session, command: Command, now: datetime) -> dict[str, tuple[int, int]]:
    """Come back and all, by the place right below, or the place itself for what lies nowhere below."""
    back = func.count().filter(_any_back(now))
    each = _solved(command, now).with_only_columns(Appeal.area_path, back, func.count()).group_by(Appeal.area_path)
    path, came, all_of_them = each.subquery().c
    below = tallies.cut(path, depth(command["area_path"]) + 1)
    query = select(below, func.sum(came), func.sum(all_of_them)).group_by(below)
    return {row[0]: (int(row[1]), int(row[2])) for row in session.execute(query)}


def _figures(shares: list[tuple[str, tuple[int, int]]], command: Command, now: datetime) -> Iterator[dict[str, Any]]:
    formula = f"同一人{_days(now)}天内又反映同类事项的件数÷回访说已解决而办结的件数"
    for path, (part, whole) in shares:
        yield figure(f"办结又回来·{path}", part, whole, formula, rows_of("returned", {**command, "area_path": path}))
