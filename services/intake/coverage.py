"""Visit coverage 走访覆盖: by community, which units were visited this year and what was found (domain §1.2 row 25)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from types import SimpleNamespace
from typing import Any

from sqlalchemy import BigInteger, Integer, Subquery, cast, false, func, select
from sqlalchemy.orm import Session

from capability.life import permit
from chassis.entrypoints import asked
from chassis.identity import Principal
from contracts.intake.campaign_views import CampaignState, Need, VisitResult
from contracts.intake.coverage import ListCoverage
from kernel import areas as paths
from kernel.calendar import at, local_day
from kernel.codes import AreaLevel
from services.intake import areas
from services.intake.remembered import Remembered
from services.intake.tables import AreaNode, Campaign, Target

Counts = dict[str, int]
NONE = {"visited": 0, "needing": 0, "appeals": 0}
HOMES = (AreaLevel.BUILDING, AreaLevel.STAIRWELL)


@asked(ListCoverage)
def coverage(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Counted from the units of campaigns that were not withdrawn; a unit visited twice is one. Errors: Forbidden."""
    permit(who, ListCoverage, SimpleNamespace(**command))
    place, day = command["area_path"], command["day"] or local_day(now)
    communities = _communities(session, place, day)
    counts, units = _counted(session, place, communities, day), _units.get(session, (place, local_day(now)))
    items = [_row(path, name, counts.get(path, NONE), units) for path, name in sorted(communities.items())]
    return {"items": items, "next_cursor": None}


def _row(path: str, name: str, counts: Counts, units: Mapping[str, int]) -> dict[str, Any]:
    proactive = counts["needing"] - counts["appeals"]
    return {"area_path": path, "name": name, "units": units.get(path, 0), "proactive": proactive, **counts}


def _communities(session: Session, place: str, day: date) -> dict[str, str]:
    of_level = (AreaNode.level == AreaLevel.COMMUNITY, AreaNode.path.within(place), areas.holds_on(day))
    return dict(session.execute(select(AreaNode.path, AreaNode.name).where(*of_level)).all())


def _load_units(session: Session, key: tuple[str, date]) -> dict[str, int]:
    """How many units people live in there are below each area of a place: of a building with stairwells these."""
    place, day = key
    there = (AreaNode.level.in_(HOMES), AreaNode.path.within(place), areas.holds_on(day))
    levels = dict(session.execute(select(AreaNode.path, AreaNode.level).where(*there)).all())
    above = {path: paths.ancestors(path) for path in levels}
    wider = {each for path, level in levels.items() if level == AreaLevel.STAIRWELL for each in above[path]}
    return Counter(each for path in levels.keys() - wider for each in (*above[path], path))


_units = Remembered(_load_units)


def _counted(session: Session, place: str, communities: Iterable[str], day: date) -> dict[str, Counts]:
    """By community: the units first, so that one visited twice is one; a statement for each depth they lie at."""
    found: dict[str, Counts] = {}
    for depth in sorted({paths.depth(path) for path in communities}):
        units = _visited(place, day)
        community = func.subltree(units.c.unit_path, 0, func.least(func.nlevel(units.c.unit_path), depth))
        sums = (cast(func.sum(units.c[name]), BigInteger).label(name) for name in NONE)
        rows = session.execute(select(community.label("path"), *sums).group_by(community)).mappings()
        found |= {row["path"]: {name: row[name] for name in NONE} for row in rows if row["path"] in communities}
    return found


def _visited(place: str, day: date) -> Subquery:
    """The units visited in the year of the day."""
    begins, ends = (at(date(year, 1, 1), time()) for year in (day.year, day.year + 1))
    withdrawn = select(Campaign.id).where(Campaign.state == CampaignState.WITHDRAWN)
    return (
        select(
            Target.unit_path,
            cast(func.bool_or(func.coalesce(Target.result == VisitResult.IN, false())), Integer).label("visited"),
            func.count().filter(Target.need == Need.YES).label("needing"),
            func.count().filter(Target.asked).label("appeals"),
        )
        .where(Target.visited_at >= begins, Target.visited_at < ends, Target.campaign_id.not_in(withdrawn))
        .where(Target.unit_path.within(place))
        .group_by(Target.unit_path)
        .subquery()
    )
