"""Counting what the search finds: each count is of the rows that the same question lists (search.found)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import Date, Select, and_, cast, func, select, text
from sqlalchemy.orm import Session

from chassis.identity import Principal
from kernel.areas import cut, depth
from kernel.calendar import at, end_of, local_day
from kernel.codes import CaseKind, Urgency
from kernel.periods import Period
from services.portal.readmodel import lists, scope, search, sights
from services.portal.readmodel.tables import Matter

OF_APPEALS = text(f"kind = '{CaseKind.APPEAL}'")
"""As index ix_matter_opened says it."""
MIDNIGHT, ZONE = time(0), "Asia/Shanghai"
NOBODY_NAMED = search.Named()


class Standing(NamedTuple):
    """Cases that go on, how many of them are late, and how many are urgent."""

    open: int = 0
    overdue: int = 0
    risk: int = 0

    def __add__(self, other: Any) -> Standing:
        return Standing(*(mine + more for mine, more in zip(self, other, strict=True)))


class Stage(NamedTuple):
    """Matters that go on, how many of them are late, and how many have their limit today, late ones among them."""

    open: int
    overdue: int
    today: int


class Way(NamedTuple):
    """What is told apart in the flow of appeals."""

    channel: str
    way: str
    state: str
    reopened: str


def by_area(session: Session, who: Principal, place: str, now: datetime) -> dict[str, Standing]:
    """Of each area right below `place`, and under its own path of what lies nowhere below: open cases."""
    asked = {"area_path": place, "open": True, "roots": True}
    counts = func.count(), func.count().filter(Matter.due_at < now), func.count().filter(_urgent())
    query = search.found(who, asked, NOBODY_NAMED, now).where(lists.OPEN)
    found: dict[str, Standing] = {}
    for path, *told in _rows(session, query, [Matter.area_path], counts):
        below = cut(path, depth(place) + 1)
        found[below] = found.get(below, Standing()) + tuple(told)
    return found


def _urgent() -> Any:
    return Matter.urgency == Urgency.EMERGENCY


def stages(session: Session, who: Principal, place: str, now: datetime) -> dict[tuple[str, str], Stage]:
    """What goes on at `place`, of whatever kind, by kind and state."""
    asked, today = {"area_path": place, "open": True}, end_of(local_day(now))
    late, due = Matter.due_at < now, Matter.due_at.between(at(local_day(now), MIDNIGHT), today)
    counts = func.count(), func.count().filter(late), func.count().filter(and_(due, Matter.due_at < today))
    query = search.found(who, asked, NOBODY_NAMED, now)
    return {
        (kind, state): Stage(*told) for kind, state, *told in _rows(session, query, [Matter.kind, Matter.state], counts)
    }


def flow(session: Session, who: Principal, asked: dict[str, Any], now: datetime) -> Counter[Way]:
    """Appeals that `asked` finds, by the way they took."""
    query = search.found(who, {**asked, "kind": CaseKind.APPEAL}, NOBODY_NAMED, now).where(OF_APPEALS)
    told = [func.coalesce(Matter.tally[name].astext, "") for name in ("channel", "way", "reopened")]
    columns = [told[0], told[1], Matter.state, told[2]]
    return Counter({Way(*row[:4]): row[4] for row in _rows(session, query, columns, [func.count()])})


def days(session: Session, who: Principal, asked: dict[str, Any], now: datetime) -> Counter[tuple[date, str]]:
    """Appeals that `asked` finds, by the day they were registered and the uppermost category."""
    query = search.found(who, {**asked, "kind": CaseKind.APPEAL}, NOBODY_NAMED, now).where(OF_APPEALS)
    day, category = cast(func.timezone(ZONE, Matter.opened_at), Date), Matter.tally["category"].astext
    found: Counter[tuple[date, str]] = Counter()
    for on, code, number in _rows(session, query, [day, category], [func.count()]):
        found[on, (code or "").partition(".")[0]] += number
    return found


def outcomes(
    session: Session, who: Principal, asked: dict[str, Any], kinds: Sequence[str], now: datetime
) -> dict[str, Counter[str]]:
    """Matters of these kinds that `asked` finds, by state."""
    query = search.found(who, asked, NOBODY_NAMED, now).where(Matter.kind.in_(kinds))
    found: dict[str, Counter[str]] = {kind: Counter() for kind in kinds}
    for kind, state, number in _rows(session, query, [Matter.kind, Matter.state], [func.count()]):
        found[kind][state] = number
    return found


def _rows(session: Session, query: Select[Any], columns: Sequence[Any], counts: Sequence[Any]) -> list[Any]:
    session.execute(lists.CUSTOM_PLAN)
    grouped = query.with_only_columns(*columns, *counts).group_by(*(text(str(no + 1)) for no in range(len(columns))))
    return list(session.execute(grouped).all())


def of_everybody(session: Session, place: str, span: Period) -> tuple[Counter[str], Counter[str]]:
    """For a public page: appeals registered in the period by area and by uppermost category. What is secret, sealed or
    a complaint of somebody is not in it."""
    category = func.split_part(func.coalesce(Matter.tally["category"].astext, ""), ".", 1)
    query = (
        select(Matter.area_path, category, func.count())
        .where(Matter.root, OF_APPEALS, sights.placed([place]), Matter.secret.is_(False), Matter.against == scope.NONE)
        .where(and_(Matter.opened_at >= at(span.first, MIDNIGHT), Matter.opened_at < end_of(span.last)))
        .group_by(Matter.area_path, text("2"))
    )
    areas, categories = Counter[str](), Counter[str]()
    for path, code, number in session.execute(query):
        areas[path] += number
        categories[code] += number
    return areas, categories
