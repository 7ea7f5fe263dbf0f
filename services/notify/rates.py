"""Three rates 三率 (domain §4.3): counted from follow-ups that ended in the period; weights are policy data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import BigInteger, Select, and_, cast, func, select, text
from sqlalchemy.orm import Session, lazyload

from capability import paging
from capability.life import permit
from chassis.entrypoints import asked
from chassis.identity import Principal
from contracts.figures import KEY, NO_DATA, figure, heading, period, rows_of
from contracts.notify import rates as say
from kernel.areas import depth
from kernel.codes import FollowUpOccasion, FollowUpState, Satisfied, Solved
from kernel.periods import Period
from services.notify.rules import policy
from services.notify.tables import ENDED_STATES, FollowUp

Command = dict[str, Any]
ENDED = text(ENDED_STATES)
"""As index ix_follow_up_ended says it, so that a query may use it."""


COUNTED = {"response": f"occasion={FollowUpOccasion.RESULT}", "solution": f"solved={Solved.YES}"}
"""What narrows the valid follow-ups to a numerator; that of satisfaction is weighted and has no rows of its own."""


@asked(say.ReportRates)
def report(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Errors: Forbidden."""
    permit(who, say.ReportRates, SimpleNamespace(**command))
    place, tallies = command["area_path"], _tallied(session, command, period(command, policy(now)))
    whole = sum(tallies.values(), Tally())
    figures = list(_figures(place, whole, command, now))
    for path in sorted(path for path in tallies if path != place):
        figures += _figures(path, tallies[path], command, now)
    return {**heading(say.ReportRates.title, command, policy(now)), "figures": figures}


@asked(say.ListRated)
def list_rated(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """The follow-ups the figures of a place count, the last that ended first. Errors: Forbidden."""
    permit(who, say.ListRated, SimpleNamespace(**command))
    query, order = _only(_ended(command, period(command, policy(now))), command), (FollowUp.updated_at, FollowUp.id)
    return paging.page(session, query.options(lazyload("*")), command, _row, *order, newest_first=True)


def _only(query: Select[FollowUp], command: Command) -> Select[FollowUp]:
    """Those of a numerator, or of a denominator."""
    if command["valid"] is not None:
        query = query.where((FollowUp.state == FollowUpState.COMPLETED) == command["valid"])
    answers = ("occasion", "solved", "satisfied")
    return query.where(*(getattr(FollowUp, name) == command[name] for name in answers if command[name] is not None))


def _row(row: FollowUp) -> dict[str, Any]:
    names = ("number", "area_path", "occasion", "solved", "satisfied")
    ended = {"valid": row.state == FollowUpState.COMPLETED, "completed_at": row.completed_at or row.updated_at}
    return {**{name: getattr(row, name) for name in names}, **ended}


def _ended(command: Command, span: Period) -> Select[FollowUp]:
    """By when they ended; one that was invalid ended with its last change."""
    within = (FollowUp.updated_at >= span.begins, FollowUp.updated_at < span.ends)
    return select(FollowUp).where(ENDED, FollowUp.area_path.within(command["area_path"]), *within)


@dataclass(frozen=True)
class Tally:
    """Follow-ups of one place, counted."""

    rows: int = 0
    valid: int = 0
    response: int = 0
    solution: int = 0
    satisfied: int = 0
    basically: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(own + more for own, more in zip(astuple(self), astuple(other), strict=True)))


def _tallied(session: Session, command: Command, span: Period) -> dict[str, Tally]:
    """By the place right below, or the place itself for what lies nowhere below: counted where the rows are."""
    valid = FollowUp.state == FollowUpState.COMPLETED
    parts = (
        valid,
        and_(valid, FollowUp.occasion == FollowUpOccasion.RESULT),
        and_(valid, FollowUp.solved == Solved.YES),
        and_(valid, FollowUp.satisfied == Satisfied.SATISFIED),
        and_(valid, FollowUp.satisfied == Satisfied.BASICALLY),
    )
    counts = (func.count(), *(func.count().filter(part) for part in parts))
    each = _ended(command, span).with_only_columns(FollowUp.area_path, *counts).group_by(FollowUp.area_path).subquery()
    path, *sums = each.c  # by their own places first: to cut every row's path takes twice as long
    below = func.subltree(path, 0, func.least(func.nlevel(path), depth(command["area_path"]) + 1))
    query = select(below, *(cast(func.sum(one), BigInteger) for one in sums)).group_by(below)
    return {row[0]: Tally(*row[1:]) for row in session.execute(query)}


def _figures(path: str, counted: Tally, command: Command, now: datetime) -> Iterator[dict[str, Any]]:
    rules = policy(now).value(KEY)
    half, every = rules["basically_satisfied"], rows_of("rates", {**command, "area_path": path})
    link = f"{every}&valid=true"
    parts = {
        "response": counted.response, "solution": counted.solution,
        "satisfaction": counted.satisfied + half * counted.basically,
    }  # fmt: skip
    formulas = {
        "response": ("响应率", "到期前已反馈结果的件数÷有效回访件数"),
        "solution": ("解决率", "已解决的件数÷有效回访件数"),
        "satisfaction": ("满意率", f"（满意＋{half}×基本满意）÷有效回访件数"),
    }
    for name, (label, formula) in formulas.items():
        yield figure(f"{label}·{path}", parts[name], counted.valid, formula, link, COUNTED.get(name, ""))
    yield figure(f"有效回访占比·{path}", counted.valid, counted.rows, "有效回访件数÷回访件数", every, "valid=true")
    yield _score(path, parts, counted.valid, rules["weights"], link)
    for code, number in ((Satisfied.SATISFIED, counted.satisfied), (Satisfied.BASICALLY, counted.basically)):
        formula = f"“{code.label}”的件数÷有效回访件数"
        yield figure(f"{code.label}占比·{path}", number, counted.valid, formula, link, f"satisfied={code}")


def _score(path: str, parts: dict[str, float], valid: int, weights: dict[str, float], link: str) -> dict[str, Any]:
    said = f"100×（{weights['response']}×响应率＋{weights['solution']}×解决率＋{weights['satisfaction']}×满意率）"
    total = sum(weights[name] * part for name, part in parts.items())
    value = f"{100 * total / valid:.1f}分" if valid else NO_DATA
    return {**figure(f"得分·{path}", total, valid, said, link), "value": value}
