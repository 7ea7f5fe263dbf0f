"""Danger in a dispute 激化: the nearest police station is whistled for at once (人民调解法 art. 25; domain §3.5)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis.entrypoints import hears
from chassis.envelope import Event
from chassis.identity import Principal
from contracts.mediation.protection import DisputeEscalationReported
from kernel.codes import AskedAction, Escalation, TaskRole, UnitKind, WhistleKind, WhistleLevel, known
from services.dispatch import stages, whistles
from services.dispatch.tables import Unit, Whistle

POLICE = "%派出所"
"""How police stations are called everywhere by law (公安派出所组织条例)."""
_log = structlog.get_logger(__name__)


@hears(DisputeEscalationReported)
def call_police(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """An emergency whistle in the name of who reported it, unless that station is on its way already.

    Where no station is on the roster, the community and the street, told by notify, are left to call.
    """
    source, unit = event.data["source"], station(session, event.area_path)
    if unit is None:
        _log.warning("no_police_station", area_path=event.area_path, number=source["number"])
        return
    session.get(Unit, unit.code, with_for_update=True)
    if _is_called(session, source["id"], unit.code):
        return
    danger = known(Escalation, str(event.data["danger"]))
    reporter = Principal(str(event.data["reporter"]["id"]), event.data["reporter"]["name"])
    asked = {
        "source": dict(source),
        "kind": WhistleKind.EMERGENCY,
        "level": WhistleLevel.COMMUNITY,
        "recipients": [{"unit": unit.code, "role": TaskRole.LEAD, "finish_within": None}],
        "asked_action": AskedAction.HANDLE_ON_SITE,
        "reason": f"调解中报告危险：{getattr(danger, 'label', danger)}",
        "area_path": event.area_path,
    }
    whistles.drafted_for(session, reporter, asked, now)


def station(session: Session, area_path: str) -> Unit | None:
    """The police station of a place: the one with the narrowest area that covers it."""
    covering = Unit.area_path.op("@>", is_comparison=True)(func.text2ltree(area_path))
    police = select(Unit).where(Unit.name.like(POLICE), Unit.kind == UnitKind.STATION, Unit.active, covering)
    return session.scalars(police.order_by(func.nlevel(Unit.area_path).desc(), Unit.code).limit(1)).first()


def _is_called(session: Session, source_id: UUID, unit: str) -> bool:
    open_ = select(Whistle).where(Whistle.source_id == source_id, Whistle.state.in_(stages.OPEN_WHISTLES))
    emergencies = open_.where(Whistle.kind == WhistleKind.EMERGENCY)
    return any(task.unit_code == unit for whistle in session.scalars(emergencies) for task in whistle.tasks)
