"""Reading appeals: one by number, or a page of those the asker may see."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, not_, or_, select
from sqlalchemy.orm import Session

from capability import paging
from chassis.entrypoints import asked
from chassis.identity import Principal
from contracts.intake.appeals import GetAppeal, ListAppeals
from kernel.rights import is_resident
from services.intake import access, appeals, views
from services.intake.tables import Appeal


@asked(GetAppeal)
def get_appeal(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The whole work order. Errors: NotFound, also outside the asker's places and items."""
    appeal = access.require_reader(who, appeals.by_number(session, command["number"]), command["number"])
    return views.full(appeal, who, now)


@asked(ListAppeals)
def list_appeals(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Newest first, never more than what the asker's areas and items allow; every filter narrows."""
    query = select(Appeal).where(visible(who), *_filters(command))
    return paging.page(
        session, query, command, lambda appeal: views.summary(appeal, who, now), Appeal.id, newest_first=True
    )


def visible(who: Principal) -> ColumnElement[bool]:
    """The rows `who` may see: the places of reading roles, own work, and for residents what they reported.

    Never what complains of them or of a unit of theirs.
    """
    if who.kind == "service":
        return false()
    nodes = {grant.node for grant in who.grants if grant.role in GetAppeal.by.roles}
    mine = [Appeal.handler_id == who.id, Appeal.first_responder_id == who.id, Appeal.offered_to_id == who.id]
    if is_resident(who):
        mine = [Appeal.registered_by == who.id]
    complained_of = Appeal.against.overlap(sorted(who.sides))
    return and_(or_(*within(Appeal.area_path, nodes), *mine), not_(complained_of))


def within(column: Any, nodes: set[str]) -> list[ColumnElement[bool]]:
    return [column.within(node) for node in sorted(nodes)]


def _filters(command: dict[str, Any]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if command.get("state"):
        found.append(Appeal.state.in_([str(state) for state in command["state"]]))
    if command.get("area_path"):
        found += within(Appeal.area_path, {command["area_path"]})
    if command.get("numbers"):
        found.append(Appeal.case_number.in_(command["numbers"]))
    if command.get("handler_id"):
        found.append(Appeal.handler_id == str(command["handler_id"]))
    if command.get("due_before"):
        found.append(Appeal.due_at < command["due_before"])
    if command.get("supervised"):
        found.append(Appeal.supervision_due.is_not(None))
    return found
