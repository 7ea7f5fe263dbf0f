"""Care coverage 关怀覆盖 (domain §1.2 row 31): counted from the calls of the rounds themselves, by place and week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, lazyload

from capability import paging, tallies
from capability.life import permit
from chassis.entrypoints import asked
from chassis.identity import Principal
from contracts.figures import figure, heading, period, rows_of
from contracts.notify import care_coverage as say
from contracts.notify.care_rounds import CareCallState
from kernel.areas import depth, labels
from kernel.calendar import day_words
from services.notify.care_rounds import SETTLED, CareCall, CareRound
from services.notify.rules import policy

Command = dict[str, Any]
REACHED, NEEDING = CareCall.state.in_(SETTLED), CareCall.needing
FORMULAS = {
    "reached": ("落实率", "已通话、见到本人、家人已说明或已入户救助的÷名单上的", "reached=true"),
    "needing": ("有困难", "电话里说了困难的÷名单上的", "needing=true"),
    "missed": ("未落实", "还没有着落的÷名单上的", "reached=false"),
}
"""By what is counted: its name, the formula in words, and what narrows the rows to those of the numerator."""


@dataclass(frozen=True)
class Covered:
    """People of one place or week, counted."""

    listed: int = 0
    reached: int = 0
    needing: int = 0

    def __add__(self, other: Covered) -> Covered:
        return Covered(*(own + more for own, more in zip(astuple(self), astuple(other), strict=True)))

    @property
    def missed(self) -> int:
        return self.listed - self.reached


@asked(say.ReportCareCoverage)
def report(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Errors: Forbidden."""
    permit(who, say.ReportCareCoverage, SimpleNamespace(**command))
    place = command["area_path"]
    places, weeks = defaultdict[str, Covered](Covered), defaultdict[date, Covered](Covered)
    for path, week, counted in _counted(session, command, now):
        places[path] += counted
        weeks[week] += counted
    figures = list(_figures(place, sum(places.values(), Covered()), command))
    for path in sorted(path for path in places if path != place):
        figures += _figures(path, places[path], {**command, "area_path": path})
    for week in sorted(weeks):
        figures += _figures(f"{day_words(week)}一周", weeks[week], command, week=week)
    return {**heading(say.ReportCareCoverage.title, command, policy(now)), "figures": figures}


@asked(say.ListCareCovered)
def list_covered(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """The calls the figures of a place count, the latest first. Errors: Forbidden."""
    permit(who, say.ListCareCovered, SimpleNamespace(**command))
    query = select(CareCall).join(CareRound, CareRound.id == CareCall.round_id).where(*_within(command, now))
    if command["week"] is not None:
        query = query.where(CareRound.week == command["week"])
    for name, part in (("reached", REACHED), ("needing", NEEDING)):
        if command[name] is not None:
            query = query.where(part if command[name] else ~part)
    page = paging.page(session, query.options(lazyload("*")), command, lambda row: row, CareCall.id, newest_first=True)
    return {**page, "items": _rows(session, page["items"])}


def _rows(session: Session, calls: list[CareCall]) -> list[dict[str, Any]]:
    rounds = {one.round_id for one in calls}
    weeks = dict(session.execute(select(CareRound.id, CareRound.week).where(CareRound.id.in_(rounds))).all())
    kept = ("number", "area_path", "state", "tries", "needing")
    return [
        {
            **{name: getattr(one, name) for name in kept},
            "week": weeks[one.round_id],
            "reached": CareCallState(one.state) in SETTLED,
        }
        for one in calls
    ]


def _within(command: Command, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """The calls of a place in the weeks whose Friday lies in the month."""
    span = period(command, policy(now))
    listed = CareCall.area_path.within(command["area_path"]), CareCall.state != CareCallState.CALLED_OFF
    return CareRound.week.between(span.first, span.last), *listed


def _counted(session: Session, command: Command, now: datetime) -> Iterator[tuple[str, date, Covered]]:
    """By the place right below, or the place itself for what lies nowhere below, and by week."""
    below = depth(command["area_path"]) + 1
    path = tallies.cut(CareCall.area_path, below)
    parts = func.count(), func.count().filter(REACHED), func.count().filter(NEEDING)
    query = select(path, CareRound.week, *parts).join(CareRound, CareRound.id == CareCall.round_id)
    for of, week, *numbers in session.execute(query.where(*_within(command, now)).group_by(path, CareRound.week)):
        yield ".".join(labels(of)[:below]), week, Covered(*numbers)


def _figures(of: str, counted: Covered, command: Command, **only: Any) -> Iterator[dict[str, Any]]:
    rows = rows_of("care-coverage", command, **only)
    for name, (label, formula, numerator) in FORMULAS.items():
        yield figure(f"{label}·{of}", getattr(counted, name), counted.listed, formula, rows, numerator)
