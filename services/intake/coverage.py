"""Visit coverage 走访覆盖: by community, which units were visited this year and what was found (domain §1.2 row 25)."""

from __future__ import annotations

from datetime import date, datetime, time
from types import SimpleNamespace
from typing import Any

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from capability.life import permit
from chassis.entrypoints import asked
from chassis.identity import Principal
from contracts.intake.campaigns import CampaignState, ListCoverage, Need, VisitResult
from kernel.calendar import at, local_day
from kernel.codes import AreaLevel
from services.intake import areas
from services.intake.tables import AreaNode, Campaign, Target

COUNTS = ("visited", "needing", "appeals")


@asked(ListCoverage)
def coverage(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Counted from the units of campaigns that were not withdrawn; a unit visited twice is one. Errors: Forbidden."""
    permit(who, ListCoverage, SimpleNamespace(**command))
    day = command["day"] or local_day(now)
    found = session.execute(_counted(command["area_path"], day))
    return {"items": [_row(session, row, now) for row in found], "next_cursor": None}


def _row(session: Session, row: Any, now: datetime) -> dict[str, Any]:
    counts = {name: getattr(row, name) for name in COUNTS}
    units, proactive = len(areas.homes(session, row.path, now)), row.needing - row.appeals
    return {"area_path": row.path, "name": row.name, "units": units, "proactive": proactive, **counts}


def _counted(place: str, day: date) -> Any:
    year = (at(date(day.year, 1, 1), time()), at(date(day.year + 1, 1, 1), time()))
    visits = (
        select(Target)
        .join(Campaign, Campaign.id == Target.campaign_id)
        .where(Campaign.state != CampaignState.WITHDRAWN, Target.visited_at >= year[0], Target.visited_at < year[1])
        .subquery()
    )
    inside = AreaNode.path.op("@>", is_comparison=True)(visits.c.unit_path)
    communities = (AreaNode.level == AreaLevel.COMMUNITY, AreaNode.path.within(place), areas.holds_on(day))
    return (
        select(
            AreaNode.path,
            AreaNode.name,
            func.count(distinct(visits.c.unit_path)).filter(visits.c.result == VisitResult.IN).label("visited"),
            func.count().filter(visits.c.need == Need.YES).label("needing"),
            func.count().filter(visits.c.asked).label("appeals"),
        )
        .outerjoin(visits, inside)
        .where(*communities)
        .group_by(AreaNode.path, AreaNode.name)
        .order_by(AreaNode.path)
    )
