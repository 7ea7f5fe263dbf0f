"""Three rates 三率 (domain §4.3): counted from follow-ups that ended in the period; weights are policy data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from capability import paging
from capability.life import permit
from chassis.entrypoints import asked
from chassis.identity import Principal
from contracts.figures import KEY, NO_DATA, figure, heading, period, rows_of
from contracts.notify import rates as say
from kernel.codes import FollowUpOccasion, FollowUpState, Satisfied, Solved
from kernel.periods import Period
from services.notify.rules import policy
from services.notify.tables import FollowUp

Command = dict[str, Any]
ENDED = (FollowUpState.COMPLETED, FollowUpState.INVALID)


@asked(say.ReportRates)
def report(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Errors: Forbidden."""
    permit(who, say.ReportRates, SimpleNamespace(**command))
    span, place = period(command, policy(now)), command["area_path"]
    rows = list(session.scalars(_ended(command, span)))
    below = sorted({path for row in rows if (path := _below(place, row.area_path))})
    figures = [
        one
        for path in (place, *below)
        for one in _figures(path, [row for row in rows if _within(row.area_path, path)], command, now)
    ]
    return {**heading(say.ReportRates.title, command, policy(now)), "figures": figures}


@asked(say.ListRated)
def list_rated(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """The follow-ups the figures of a place count, the newest first. Errors: Forbidden."""
    permit(who, say.ListRated, SimpleNamespace(**command))
    return paging.page(
        session, _ended(command, period(command, policy(now))), command, _row, FollowUp.id, newest_first=True
    )


def _row(row: FollowUp) -> dict[str, Any]:
    names = ("number", "area_path", "occasion", "solved", "satisfied")
    ended = {"valid": row.state == FollowUpState.COMPLETED, "completed_at": row.completed_at or row.updated_at}
    return {**{name: getattr(row, name) for name in names}, **ended}


def _ended(command: Command, span: Period) -> Select[FollowUp]:
    """By when they ended; one that was invalid ended with its last change."""
    within = (FollowUp.updated_at >= span.begins, FollowUp.updated_at < span.ends)
    return select(FollowUp).where(FollowUp.area_path.within(command["area_path"]), FollowUp.state.in_(ENDED), *within)


def _figures(path: str, rows: list[FollowUp], command: Command, now: datetime) -> Iterator[dict[str, Any]]:
    rules = policy(now).value(KEY)
    valid = [row for row in rows if row.state == FollowUpState.COMPLETED]
    link = rows_of("rates", {**command, "area_path": path})
    half = rules["basically_satisfied"]
    parts = {
        "response": sum(row.occasion == FollowUpOccasion.RESULT for row in valid),
        "solution": sum(row.solved == Solved.YES for row in valid),
        "satisfaction": sum(_points(row, half) for row in valid),
    }
    formulas = {
        "response": ("响应率", "到期前已反馈结果的件数÷有效回访件数"),
        "solution": ("解决率", "已解决的件数÷有效回访件数"),
        "satisfaction": ("满意率", f"（满意＋{half}×基本满意）÷有效回访件数"),
    }
    for name, (label, formula) in formulas.items():
        yield figure(f"{label}·{path}", parts[name], len(valid), formula, link)
    yield figure(f"有效回访占比·{path}", len(valid), len(rows), "有效回访件数÷回访件数", link)
    yield _score(path, parts, len(valid), rules["weights"], link)


def _points(row: FollowUp, half: float) -> float:
    return {Satisfied.SATISFIED: 1.0, Satisfied.BASICALLY: half}.get(Satisfied(row.satisfied or "UNSATISFIED"), 0.0)


def _score(path: str, parts: dict[str, float], valid: int, weights: dict[str, float], link: str) -> dict[str, Any]:
    said = f"100×（{weights['response']}×响应率＋{weights['solution']}×解决率＋{weights['satisfaction']}×满意率）"
    total = sum(weights[name] * part for name, part in parts.items())
    value = f"{100 * total / valid:.1f}分" if valid else NO_DATA
    return {**figure(f"得分·{path}", total, valid, said, link), "value": value}


def _within(path: str, place: str) -> bool:
    return path == place or path.startswith(f"{place}.")


def _below(place: str, path: str) -> str | None:
    """The place directly below `place` that `path` lies in; None for the place itself."""
    rest = path.removeprefix(place).strip(".")
    return f"{place}.{rest.split('.')[0]}" if rest else None
