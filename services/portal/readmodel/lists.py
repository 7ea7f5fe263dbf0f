"""Lists of cases and desks, page by page, the earliest due first, each within sight of the one who asks."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from marshmallow import ValidationError
from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select, text, tuple_, union_all
from sqlalchemy.orm import Session

from chassis.errors import Forbidden, Invalid
from chassis.identity import Principal
from services.portal.readmodel import scope
from services.portal.readmodel.kinds import FOLLOW_UP, RESTING, TASK
from services.portal.readmodel.shapes import Place
from services.portal.readmodel.tables import Matter

FOREVER = text("'infinity'::timestamptz")
DUE = func.coalesce(Matter.due_at, FOREVER)
UNIT = Matter.tally["unit"].astext
OPEN = or_(Matter.desks.is_not(None), Matter.state == text(f"'{RESTING}'"))
"""Somebody is awaited, or it rests until something that belongs to it is done."""

CUSTOM_PLAN = text("set local plan_cache_mode = force_custom_plan")
"""What is near depends on who asks: a plan for anybody reads the whole city for some."""

JUDGED = (TASK, FOLLOW_UP)
"""What nobody of the unit at work checks, rates, decides or follows up (domain §3.6 inv. 7)."""

PLACE = Place()

Page = tuple[list[Matter], str | None]


def cases(session: Session, who: Principal, asked: dict[str, Any], now: datetime) -> Page:
    """Roots, those without a clock last. `asked` may narrow; a cursor goes on where a page ended."""
    return _page(session, sighted(who).where(*_narrowed(who, asked, now)), asked)


def sighted(who: Principal) -> Select[Matter]:
    """All cases `who` may know of."""
    return select(Matter).where(Matter.root, scope.in_sight(who), scope.unconcerned(who))


def desk(session: Session, who: Principal, asked: dict[str, Any], now: datetime) -> Page:
    """What waits for the asker, of whatever kind."""
    return _page(session, select(Matter).where(awaits(who), *_narrowed(who, asked, now)), asked)


def awaits(who: Principal) -> ColumnElement[bool]:
    """The condition on a matter that it is on the desk of `who`: it waits for her, and she may judge it."""
    fair = or_(Matter.kind.not_in(JUDGED), UNIT.not_in(sorted(who.units)), Matter.desks.overlap(scope.in_person(who)))
    return and_(scope.waiting(who), scope.unconcerned(who), func.coalesce(fair, True))


def elsewhere(session: Session, who: Principal, asked: dict[str, Any]) -> Page:
    """Cases in sight of `who` that go on and are not on her desk."""
    return _page(session, sighted(who).where(*_elsewhere(who)), asked)


def count_elsewhere(session: Session, who: Principal, most: int) -> int:
    """How many there are, counted no further than to one more than `most`."""
    found = sighted(who).where(*_elsewhere(who)).with_only_columns(Matter.id).limit(most + 1)
    session.execute(CUSTOM_PLAN)
    return session.scalars(select(func.count()).select_from(found.subquery())).one()


def _elsewhere(who: Principal) -> tuple[ColumnElement[bool], ...]:
    return OPEN, not_(func.coalesce(awaits(who), False))


def is_open(matter: Matter) -> bool:
    """As OPEN."""
    return matter.desks is not None or matter.state == RESTING


def tasks(session: Session, who: Principal, asked: dict[str, Any]) -> Page:
    """What the asker's units were called to and is not settled. Errors: Forbidden for who works for no called unit."""
    mine = scope.units(who)
    if not mine:
        raise Forbidden("只有接哨单位的人员有哨令工作台", roles=sorted(scope.OF_UNIT))
    query = select(Matter).where(Matter.kind == text(f"'{TASK}'"), UNIT.in_(mine), Matter.desks.is_not(None))
    return _page(session, query.where(scope.unconcerned(who)), asked)


def belonging(session: Session, root: Matter) -> Sequence[Matter]:
    """What belongs to a case or to one that was merged into it, in the order it was opened."""
    numbers = {root.number, *merged(session, root.number)}
    others = select(Matter).where(Matter.case_number.in_(numbers), Matter.id != root.id)
    return session.scalars(others.order_by(Matter.opened_at, Matter.id)).all()


def merged(session: Session, number: str) -> set[str]:
    """Numbers of the cases that follow this one, however many merges lie between."""
    into, found, fresh = Matter.tally["into"].astext, set[str](), {number}
    while fresh:
        query = select(Matter.number).where(Matter.root, Matter.tally.has_key("into"), into.in_(fresh))
        fresh = set(session.scalars(query)) - found - {number}
        found |= fresh
    return found


def _narrowed(who: Principal, asked: dict[str, Any], now: datetime) -> list[ColumnElement[bool]]:
    known = {
        "state": lambda states: Matter.state.in_(states),
        "kind": lambda kind: Matter.kind == kind,
        "area_path": Matter.area_path.within,
        "mine": lambda _: Matter.id.in_(_in_person(who)),
        "open": lambda _: OPEN,
        "due_before": lambda moment: Matter.due_at < moment,
        "overdue": lambda _: Matter.due_at < now,
    }
    return [narrow(asked[name]) for name, narrow in known.items() if asked.get(name)]


def _in_person(who: Principal) -> Any:
    """Ids of what `who` handles or is awaited for: each half by its own index."""
    part = scope.PART
    handled = select(part.id).where(part.root, part.tally["handler"].astext == who.id)
    return union_all(handled, select(part.id).where(part.desks.overlap([f"person:{who.id}"])))


def _page(session: Session, query: Select[Matter], asked: dict[str, Any]) -> Page:
    if asked.get("cursor"):
        query = query.where(tuple_(DUE, Matter.id) > tuple_(*opened(asked["cursor"])))
    session.execute(CUSTOM_PLAN)
    limit = asked.get("limit") or 50
    rows = list(session.scalars(query.order_by(DUE, Matter.id).limit(limit + 1)))
    return rows[:limit], sealed(rows[limit - 1].due_at, rows[limit - 1].id) if len(rows) > limit else None


def sealed(due: datetime | None, key: str) -> str:
    """The cursor of the page after that row."""
    told = json.dumps([due and due.isoformat(), key])
    return base64.urlsafe_b64encode(told.encode()).decode()


def opened(cursor: str) -> list[Any]:
    """Errors: Invalid."""
    try:
        due, key = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        place = PLACE.load({"due": due, "key": key})
    except (ValueError, TypeError, RecursionError, ValidationError) as error:
        raise Invalid.because({"cursor": ["翻页标记无效"]}) from error
    return [place["due"] or FOREVER, place["key"]]
