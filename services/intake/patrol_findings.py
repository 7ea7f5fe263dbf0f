"""What patrols find: coverage 巡查覆盖 by grid and month, and the warning when findings rise 趋势预警."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from capability.life import permit
from chassis.entrypoints import asked
from chassis.identity import Principal
from contracts.intake import patrols as say
from contracts.intake.patrols import PatrolState
from kernel import areas as paths
from kernel.calendar import local_day
from kernel.codes import AreaLevel
from services.intake import areas, facts, policy
from services.intake.tables import AreaNode, Patrol, PatrolPoint
from services.intake.tables.patrols import POINT_FOUND

FOUND = text(POINT_FOUND)
"""As index ix_patrol_point_found says it, so that a query may use it."""


@asked(say.ListPatrolCoverage)
def coverage(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The grids of the place, those without patrols too, in the month of the day. Errors: Forbidden."""
    permit(who, say.ListPatrolCoverage, SimpleNamespace(**command))
    first = (command["day"] or local_day(now)).replace(day=1)
    grids = _grids(session, command["area_path"], _month(first)[1])
    counts: dict[str, Counter[str]] = {path: Counter() for path in grids}
    for row in _counted(session, command["area_path"], first):
        for path in {row["path"], *paths.ancestors(row["path"])} & grids.keys():
            counts[path].update({name: row[name] for name in row if name != "path"})
    items = [{"area_path": path, "name": grids[path], **_told(counts[path])} for path in sorted(grids)]
    return {"items": items, "next_cursor": None}


def _told(counts: Counter[str]) -> dict[str, int]:
    return {name: counts[name] for name in ("planned", "done", "late", "missed", "found", "before")}


def _grids(session: Session, place: str, day: date) -> dict[str, str]:
    of_level = (AreaNode.level == AreaLevel.GRID, AreaNode.path.within(place), areas.holds_on(day))
    return dict(session.execute(select(AreaNode.path, AreaNode.name).where(*of_level)).all())


def _counted(session: Session, place: str, first: date) -> Iterator[Any]:
    """Counts by the place of the patrols: of the month, and what was found in it and in the month before."""
    month, before = _month(first), _month((first - timedelta(days=1)).replace(day=1))
    this, state, planned = Patrol.day.between(*month), Patrol.state, func.count()
    walked = {
        "planned": planned, "done": planned.filter(state == PatrolState.DONE), "late": planned.filter(Patrol.late),
        "missed": planned.filter(state == PatrolState.MISSED),
    }  # fmt: skip
    of_place = (Patrol.area_path.within(place), state != PatrolState.CALLED_OFF)
    yield from session.execute(_by_place(walked).where(*of_place, this)).mappings()
    found = {"found": planned.filter(this), "before": planned.filter(Patrol.day.between(*before))}
    points = _by_place(found).join(PatrolPoint, PatrolPoint.patrol_id == Patrol.id).where(FOUND)
    yield from session.execute(points.where(*of_place, Patrol.day.between(before[0], month[1]))).mappings()


def _by_place(counts: dict[str, Any]) -> Select[Any]:
    named = (count.label(name) for name, count in counts.items())
    return select(Patrol.area_path.label("path"), *named).group_by(Patrol.area_path)


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
    return session.scalar(found.where(*here, FOUND, Patrol.day > after, Patrol.day <= until)) or 0
