"""What patrols find: coverage 巡查覆盖 by grid and month, and the warning when findings rise 趋势预警."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from capability.life import permit
from chassis.entrypoints import asked
from chassis.identity import Principal
from contracts.intake import patrols as say
from contracts.intake.patrols import PatrolResult, PatrolState
from kernel.calendar import local_day
from kernel.codes import AreaLevel
from services.intake import areas, facts, policy
from services.intake.tables import AreaNode, Patrol, PatrolPoint


@asked(say.ListPatrolCoverage)
def coverage(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The grids of the place, those without patrols too, in the month of the day. Errors: Forbidden."""
    permit(who, say.ListPatrolCoverage, SimpleNamespace(**command))
    first = (command["day"] or local_day(now)).replace(day=1)
    rows = session.execute(_counted(command["area_path"], first)).mappings()
    return {"items": [{"area_path": row["path"], **row} for row in rows], "next_cursor": None}


def _counted(place: str, first: date) -> Any:
    month, before = _month(first), _month((first - timedelta(days=1)).replace(day=1))
    this, found = Patrol.day.between(*month), PatrolPoint.result == PatrolResult.FOUND

    def patrols(*fits: Any) -> Any:
        return func.count(distinct(Patrol.id)).filter(this, *fits)

    inside = AreaNode.path.op("@>", is_comparison=True)(Patrol.area_path)
    told = inside & (Patrol.state != PatrolState.CALLED_OFF) & Patrol.day.between(before[0], month[1])
    return (
        select(
            AreaNode.path,
            AreaNode.name,
            patrols().label("planned"),
            patrols(Patrol.state == PatrolState.DONE).label("done"),
            patrols(Patrol.late).label("late"),
            patrols(Patrol.state == PatrolState.MISSED).label("missed"),
            func.count(PatrolPoint.id).filter(this, found).label("found"),
            func.count(PatrolPoint.id).filter(Patrol.day.between(*before), found).label("before"),
        )
        .outerjoin(Patrol, told)
        .outerjoin(PatrolPoint, PatrolPoint.patrol_id == Patrol.id)
        .where(AreaNode.level == AreaLevel.GRID, AreaNode.path.within(place), areas.holds_on(month[1]))
        .group_by(AreaNode.path, AreaNode.name)
        .order_by(AreaNode.path)
    )


def _month(first: date) -> tuple[date, date]:
    """Its first and its last day."""
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def watch(session: Session, who: Principal, patrol: Patrol, now: datetime) -> None:
    """Tells once when findings of a theme at a place have risen (policy key patrol.rising): 趋势预警."""
    rule, today = policy.rules(now).value("patrol.rising"), patrol.day
    days, least, times = rule["days"], rule["least"], rule["times"]
    recent = _findings(session, patrol, today - timedelta(days=days), today)
    before = _findings(session, patrol, today - timedelta(days=2 * days), today - timedelta(days=days))
    enough = max(least, times * before)
    if recent - patrol.found < enough <= recent:
        told = {"theme": patrol.theme, "days": days, "recent": recent, "before": before}
        facts.tell(session, say.PatrolFindingsRose, patrol, who, now, **told)


def _findings(session: Session, patrol: Patrol, after: date, until: date) -> int:
    found = select(func.count(PatrolPoint.id)).join(Patrol, Patrol.id == PatrolPoint.patrol_id)
    here = (Patrol.area_path == patrol.area_path, Patrol.theme == patrol.theme)
    return (
        session.scalar(
            found.where(*here, PatrolPoint.result == PatrolResult.FOUND, Patrol.day > after, Patrol.day <= until)
        )
        or 0
    )
