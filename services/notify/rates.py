"""Three rates 三率 (domain §4.3): counted from follow-ups that ended in the period; weights are policy data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, text
from sqlalchemy.orm import Session, lazyload

from capability import paging, tallies
from capability.life import permit
from capability.tallies import Source, Tally
from chassis.entrypoints import asked, every
from chassis.identity import Principal
from contracts.figures import KEY, NO_DATA, figure, heading, period, rows_of
from contracts.notify import rates as say
from kernel.areas import depth, labels
from kernel.codes import FollowUpOccasion, FollowUpState, Satisfied, Solved
from kernel.periods import Period
from services.notify.rules import policy
from services.notify.tables import ENDED_STATES, Base, FollowUp

Command = dict[str, Any]
ENDED = text(ENDED_STATES)
"""As index ix_follow_up_ended says it, so that a query may use it."""
FIRST = FollowUp.occasion != FollowUpOccasion.SAMPLE
"""Samples are counted by themselves (re_calls.py)."""
KEPT_DEPTH = 2
"""Of districts and cities every day is kept by street; a smaller place has few rows."""


COUNTED = {"response": f"occasion={FollowUpOccasion.RESULT}", "solution": f"solved={Solved.YES}"}
"""What narrows the valid follow-ups to a numerator; that of satisfaction is weighted and has no rows of its own."""


@asked(say.ReportRates)
def report(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Errors: Forbidden."""
    permit(who, say.ReportRates, SimpleNamespace(**command))
    place, counted = command["area_path"], _by_place(session, command, period(command, policy(now)))
    whole = sum(counted.values(), Counted())
    figures = list(_figures(place, whole, command, now))
    for path in sorted(path for path in counted if path != place):
        figures += _figures(path, counted[path], command, now)
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
    return select(FollowUp).where(*_within(command["area_path"], span))


def _within(place: str, span: Period) -> tuple[ColumnElement[bool], ...]:
    between = FollowUp.updated_at >= span.begins, FollowUp.updated_at < span.ends
    return ENDED, FIRST, FollowUp.area_path.within(place), *between  # type: ignore[return-value]


@dataclass(frozen=True)
class Counted:
    """Follow-ups of one place, counted."""

    rows: int = 0
    valid: int = 0
    response: int = 0
    solution: int = 0
    satisfied: int = 0
    basically: int = 0

    def __add__(self, other: Counted) -> Counted:
        return Counted(*(own + more for own, more in zip(astuple(self), astuple(other), strict=True)))


VALID = FollowUp.state == FollowUpState.COMPLETED
PARTS = (
    VALID,
    and_(VALID, FollowUp.occasion == FollowUpOccasion.RESULT),
    and_(VALID, FollowUp.solved == Solved.YES),
    and_(VALID, FollowUp.satisfied == Satisfied.SATISFIED),
    and_(VALID, FollowUp.satisfied == Satisfied.BASICALLY),
)


def _counted(below: int, *which: Any) -> Select[Any]:
    """By the first labels of their places."""
    path = tallies.cut(FollowUp.area_path, below)
    counts = tallies.counts(func.count(), *(func.count().filter(part) for part in PARTS))
    return select(tallies.key(path), counts).where(*which).group_by(path)


def _of_bucket(begins: Any, ends: Any, place: Any) -> Select[Any]:
    between = FollowUp.updated_at >= begins, FollowUp.updated_at < ends
    return _counted(KEPT_DEPTH + 1, ENDED, FIRST, *between, tallies.inside(FollowUp.area_path, place, KEPT_DEPTH))


BUCKETS = f"SELECT {tallies.day('updated_at')}, {tallies.top('area_path', KEPT_DEPTH)} FROM r WHERE {ENDED_STATES}"
DAYS = tallies.keep(Base.metadata, Tally("rates", "1 day", _of_bucket, (Source("follow_up", BUCKETS),)))


@every(seconds=tallies.SECONDS)
def recount_rates(session: Session, who: Principal, now: datetime) -> int:
    return tallies.recount(session, DAYS)


def _by_place(session: Session, command: Command, span: Period) -> dict[str, Counted]:
    """By the place right below, or the place itself for what lies nowhere below."""
    place, below = command["area_path"], depth(command["area_path"]) + 1
    if below > KEPT_DEPTH + 1:
        counted = _counted(below, *_within(place, span)).subquery()
    else:
        days = (span.first, span.last)
        counted = tallies.rows(DAYS, lambda of: (of.c.period.between(*days), tallies.below(of.c.place, place)))
    query = select(counted.c.key, *tallies.sums(counted, 1 + len(PARTS))).group_by(counted.c.key)
    found: defaultdict[str, Counted] = defaultdict(Counted)
    for (path,), *numbers in session.execute(query):
        found[".".join(labels(path)[:below])] += Counted(*numbers)
    return found


def _figures(path: str, counted: Counted, command: Command, now: datetime) -> Iterator[dict[str, Any]]:
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
