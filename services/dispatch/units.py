"""Units and their receivers 接哨员: who can be whistled for, and who may sign there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from capability.life import permit
from chassis.entrypoints import asked
from chassis.errors import Invalid
from chassis.identity import Principal
from contracts.dispatch.catalogue import ListUnits
from kernel.codes import UnitKind
from services.dispatch.tables import Person, Receiver, Unit

CANNOT_BE_CALLED = frozenset({UnitKind.STREET})
"""A street is who approves a whistle, not whom it calls."""


@asked(ListUnits)
def list_units(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """All active units by code, with their receivers: some hundred in a district. Errors: Forbidden for residents."""
    permit(who, ListUnits, command)
    query = select(Unit).where(Unit.active.is_(True)).options(selectinload(Unit.receivers)).order_by(Unit.code)
    if command.get("kind"):
        query = query.where(Unit.kind == command["kind"])
    return {"items": [view(unit) for unit in session.scalars(query)], "next_cursor": None}


def view(unit: Unit) -> dict[str, Any]:
    receivers = [
        {"id": receiver.person_id, "name": receiver.name, "post": receiver.post, "on_duty": receiver.active}
        for receiver in unit.receivers
        if receiver.active
    ]
    columns = ("code", "name", "kind", "level", "parent", "duty_phone")
    return {**{column: getattr(unit, column) for column in columns}, "receivers": receivers}


def callable_units(session: Session, codes: Iterable[str], field: str) -> dict[str, Unit]:
    """The units of these codes. Errors: Invalid on `field` naming unknown ones, or ones nobody may whistle for."""
    wanted = list(codes)
    found = known(session, wanted, field, "没有可接哨的单位")
    refused = [code for code in wanted if found[code].kind in CANNOT_BE_CALLED]
    if refused:
        raise Invalid.because({field: [f"不能向街道吹哨：{'、'.join(refused)}"]})
    return found


def known(session: Session, codes: Iterable[str], field: str, why: str = "没有这个单位") -> dict[str, Unit]:
    """The active units of these codes. Errors: Invalid on `field` naming the others."""
    wanted = list(codes)
    active = select(Unit).where(Unit.code.in_(wanted), Unit.active.is_(True))
    found = {unit.code: unit for unit in session.scalars(active)}
    if bad := [code for code in wanted if code not in found]:
        raise Invalid.because({field: [f"{why}：{'、'.join(bad)}"]})
    return found


def first_receiver(session: Session, unit_code: str) -> Person | None:
    """The holder of post A of a unit, else of B; None where there is none."""
    query = select(Receiver).where(Receiver.unit_code == unit_code, Receiver.active.is_(True))
    found = session.scalars(query.order_by(Receiver.post, Receiver.person_id).limit(1)).first()
    return {"id": found.person_id, "name": found.name} if found else None
