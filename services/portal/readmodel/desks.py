"""A desk in groups by the time left: counted by the database under the conditions its rows are listed by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, DateTime, Subquery, and_, case, cast, exists, func, not_, or_, select, tuple_
from sqlalchemy.orm import Session

from chassis.identity import Principal
from kernel.codes import CaseKind
from services.portal.readmodel import lists
from services.portal.readmodel.tables import Entry, Matter

NEAR = timedelta(hours=24)
APPEAL = CaseKind.APPEAL.value
CONTACT = ("appeal_registered", "appeal_urgency_raised", "appeal_first_contacted")


class Group(NamedTuple):
    """What of a desk belongs to it; `rule` says so to people."""

    code: str
    name: str
    rule: str
    holds: Callable[[Subquery, datetime], ColumnElement[bool]]


class Line(NamedTuple):
    """A matter on a desk. `due` is what runs out first; `contact` until when the resident has to be reached, where
    nobody has yet."""

    matter: Matter
    due: datetime | None
    contact: datetime | None


class Desk(NamedTuple):
    """How many lie on it, in all and by group."""

    all: int
    groups: dict[str, int]


BY_TIME = (
    Group("late", "已逾期", "期限已经过了。", lambda desk, now: desk.c.due < now),
    Group("soon", "24 小时内到期", "从现在起 24 小时之内到期。", lambda desk, now: desk.c.due.between(now, now + NEAR)),
    Group("later", "以后到期", "24 小时以后才到期。", lambda desk, now: desk.c.due > now + NEAR),
    Group("waiting", "等我办，没有时限", "等您办，但没有时限在走。", lambda desk, _: desk.c.due.is_(None)),
)
"""Each matter of a desk is in one of them."""
TOUCHED = "最近 24 小时内到您这里，或者别人办了一步，您还没有接着办；是否到期不论。"
NEW = Group("new", "新到", TOUCHED, lambda desk, _: desk.c.fresh)
GROUPS = {group.code: group for group in (*BY_TIME, NEW)}


def counts(session: Session, who: Principal, now: datetime) -> Desk:
    """How many matters each group has."""
    desk = _desk(who, now)
    told = [func.count().filter(group.holds(desk, now)) for group in GROUPS.values()]
    session.execute(lists.CUSTOM_PLAN)
    whole, *each = session.execute(select(func.count(), *told).select_from(desk)).one()
    return Desk(whole, dict(zip(GROUPS, each, strict=True)))


def page(
    session: Session, who: Principal, group: Group | None, asked: dict[str, Any], now: datetime
) -> tuple[list[Line], str | None]:
    """The rows of a group, or of all, what runs out first at first. `asked`: `limit` and `cursor`. Errors: Invalid."""
    desk = _desk(who, now)
    first = func.coalesce(desk.c.due, lists.FOREVER)
    query = select(Matter, desk.c.due, desk.c.contact).join(desk, desk.c.id == Matter.id)
    if group:
        query = query.where(group.holds(desk, now))
    if asked.get("cursor"):
        query = query.where(tuple_(first, Matter.id) > tuple_(*lists.opened(asked["cursor"])))
    session.execute(lists.CUSTOM_PLAN)
    limit = asked["limit"]
    rows = [Line(*row) for row in session.execute(query.order_by(first, Matter.id).limit(limit + 1))]
    last = rows[limit - 1] if len(rows) > limit else None
    return rows[:limit], lists.sealed(last.due, last.matter.id) if last else None


def newest(session: Session) -> int:
    """The `seq` of the newest entry of all."""
    return session.scalar(select(func.max(Entry.seq))) or 0


def arrived(session: Session, who: Principal, after: int) -> int:
    """How many matters on the desk have an entry after this `seq` that somebody else made."""
    told = exists().where(
        Entry.case_number == Matter.case_number, Entry.seq > after, Entry.subject == Matter.id, Entry.actor != who.id
    )
    query = select(func.count()).select_from(Matter).where(lists.awaits(who), told)
    session.execute(lists.CUSTOM_PLAN)
    return session.scalars(query).one()


def group_of(line: Line, now: datetime) -> str:
    """Which of BY_TIME it is in."""
    if line.due is None:
        return "waiting"
    return "late" if line.due < now else "soon" if line.due <= now + NEAR else "later"


def _desk(who: Principal, now: datetime) -> Subquery:
    contact = _contact_due().label("contact")
    own = exists().where(
        Entry.case_number == Matter.case_number, Entry.subject == Matter.id,
        Entry.aggregate_version == Matter.version, Entry.actor == who.id,
    )  # fmt: skip
    fresh = and_(Matter.updated_at > now - NEAR, not_(own)).label("fresh")
    rows = select(Matter.id, Matter.due_at, contact, fresh).where(lists.awaits(who)).subquery()
    least = func.least(rows.c.due_at, rows.c.contact).label("due")
    return select(rows.c.id, rows.c.contact, rows.c.fresh, least).subquery()


def _contact_due() -> ColumnElement[datetime | None]:
    """Until when somebody has to have reached the resident of a root; null once somebody has, or who told it is not
    known."""
    reached = func.bool_or(or_(Entry.name == CONTACT[-1], Entry.data["anonymous"].astext == "true"))
    first = func.min(cast(Entry.data["first_contact_due"].astext, DateTime(timezone=True)))
    told = Entry.case_number == Matter.case_number, Entry.name.in_(CONTACT), Matter.root, Matter.kind == APPEAL
    return select(case((func.coalesce(reached, False), None), else_=first)).where(*told).scalar_subquery()
