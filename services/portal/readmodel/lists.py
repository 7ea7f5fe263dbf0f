"""Lists of cases and desks, page by page, each within sight of the one who asks."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from marshmallow import ValidationError
from sqlalchemy import Select, func, select, text, tuple_
from sqlalchemy.orm import Session, defer

from chassis.errors import Forbidden, Invalid
from chassis.identity import Principal
from kernel.codes import AppealState, FollowUpState, HazardState, Role, TaskState, WhistleState
from services.portal.readmodel import scope
from services.portal.readmodel.picture import SETTLED, WITHOUT_CLOCK
from services.portal.readmodel.shapes import Place
from services.portal.readmodel.tables import CasePage, FollowUpRow, TaskRow, WhistleRow

ENDED = (WITHOUT_CLOCK - {"RESULT_REPORTED"}) | {"UNKNOWN"}
OPEN_CASES = sorted({*AppealState.values(), *HazardState.values()} - ENDED)
OPEN_TASKS = sorted(set(TaskState.values()) - SETTLED)
FOREVER = text("'infinity'::timestamptz")
PLACE = Place()

Page = tuple[list[Any], str | None]


def cases(session: Session, who: Principal, asked: dict[str, Any], now: datetime) -> Page:
    """The earliest due first, those without a clock last. `asked` may narrow; a cursor goes on where a page ended."""
    due = func.coalesce(CasePage.due_at, FOREVER)
    found = select(CasePage).where(scope.visible(who)).options(defer(CasePage.facts), defer(CasePage.last_versions))
    query = _narrowed(found, who, asked, now)
    return _page(session, query, due, CasePage.number, asked)


def _narrowed(query: Select[Any], who: Principal, asked: dict[str, Any], now: datetime) -> Select[Any]:
    if asked.get("state"):
        query = query.where(CasePage.state.in_(asked["state"]))
    if asked.get("kind"):
        query = query.where(CasePage.kind == asked["kind"])
    if asked.get("area_path"):
        query = query.where(CasePage.area_path.within(asked["area_path"]))
    if asked.get("mine"):
        query = query.where(CasePage.handler_id == who.id)
    if asked.get("open"):
        query = query.where(CasePage.state.in_(OPEN_CASES))
    if asked.get("due_before"):
        query = query.where(CasePage.due_at < asked["due_before"])
    if asked.get("overdue"):
        query = query.where(CasePage.due_at < now)
    return query


def tasks(session: Session, who: Principal, asked: dict[str, Any]) -> Page:
    """The desk of the asker's units, the earliest due first. Errors: Forbidden for who works for no called unit."""
    mine = scope.units(who)
    if not mine:
        raise Forbidden("只有接哨单位的人员有哨令工作台", roles=sorted(scope.OF_UNIT))
    due = func.coalesce(TaskRow.next_due, FOREVER)
    states = asked.get("state") or OPEN_TASKS
    query = select(TaskRow).where(TaskRow.unit.in_(mine), TaskRow.state.in_(states))
    query = query.where(scope.unconcerned(who, TaskRow.case_number))
    return _page(session, query, due, TaskRow.task_id, asked)


def to_check(session: Session, who: Principal, most: int = 50) -> Sequence[TaskRow]:
    """Finished tasks that wait for the whistler's word, where `who` may have blown."""
    places = scope.nodes(who, frozenset({Role.GRID, Role.COMMUNITY, Role.STREET}))
    waiting = TaskRow.state.in_([TaskState.FINISHED, TaskState.CONFIRMED])
    mine = scope.within(TaskRow.area_path, places) & scope.unconcerned(who, TaskRow.case_number)
    return session.scalars(select(TaskRow).where(waiting, mine).order_by(TaskRow.updated_at).limit(most)).all()


def to_decide(session: Session, who: Principal, most: int = 50) -> Sequence[TaskRow]:
    """Objections that wait for the street or the district."""
    mine = scope.within(TaskRow.area_path, scope.nodes(who, APPROVERS))
    mine &= scope.unconcerned(who, TaskRow.case_number)
    return session.scalars(select(TaskRow).where(TaskRow.objected, mine).order_by(TaskRow.updated_at).limit(most)).all()


def to_approve(session: Session, who: Principal, most: int = 50) -> Sequence[WhistleRow]:
    """Whistles that wait for the street's approval."""
    mine = scope.within(WhistleRow.area_path, scope.nodes(who, APPROVERS))
    mine &= scope.unconcerned(who, WhistleRow.case_number)
    waiting = WhistleRow.state == WhistleState.PENDING_APPROVAL
    return session.scalars(select(WhistleRow).where(waiting, mine).order_by(WhistleRow.updated_at).limit(most)).all()


APPROVERS = frozenset({Role.STREET, Role.DISTRICT})


def to_follow_up(session: Session, who: Principal, most: int = 50) -> Sequence[FollowUpRow]:
    """Follow-ups `who` may make: open, of a case that waits, and not of the own unit's work (domain §3.6 inv. 7)."""
    open_states = FollowUpRow.state.in_([FollowUpState.DUE, FollowUpState.TRYING])
    waiting = CasePage.state == AppealState.RESULT_REPORTED
    query = select(FollowUpRow).join(CasePage, CasePage.number == FollowUpRow.case_number).where(open_states, waiting)
    query = query.where(scope.unconcerned(who, FollowUpRow.case_number))
    query = query.where(scope.within(FollowUpRow.area_path, scope.nodes(who, frozenset({Role.FOLLOWUP}))))
    query = query.where(func.coalesce(FollowUpRow.handler_unit, "").not_in(sorted(who.units)))
    return session.scalars(query.order_by(FollowUpRow.start_by).limit(most)).all()


def tasks_of(session: Session, number: str) -> Sequence[TaskRow]:
    """All tasks of a case."""
    return session.scalars(select(TaskRow).where(TaskRow.case_number == number).order_by(TaskRow.task_id)).all()


def _page(session: Session, query: Select[Any], due: Any, key: Any, asked: dict[str, Any]) -> Page:
    if asked.get("cursor"):
        query = query.where(tuple_(due, key) > tuple_(*_opened(asked["cursor"])))
    limit = asked.get("limit") or 50
    rows = list(session.scalars(query.order_by(due, key).limit(limit + 1)))
    return rows[:limit], _sealed(rows[limit - 1]) if len(rows) > limit else None


def _sealed(row: CasePage | TaskRow) -> str:
    due, key = (row.due_at, row.number) if isinstance(row, CasePage) else (row.next_due, row.task_id)
    return base64.urlsafe_b64encode(json.dumps([due and due.isoformat(), key]).encode()).decode()


def _opened(cursor: str) -> list[Any]:
    try:
        due, key = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        place = PLACE.load({"due": due, "key": key})
    except (ValueError, TypeError, RecursionError, ValidationError) as error:
        raise Invalid.because({"cursor": ["翻页标记无效"]}) from error
    return [place["due"] or FOREVER, place["key"]]
