"""Visit coverage 走访覆盖: by community, which units were visited this year and what was found (domain §1.2 row 25)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from types import SimpleNamespace
from typing import Any

from sqlalchemy import BigInteger, Integer, Select, Subquery, Text, cast, false, func, select
from sqlalchemy.orm import Session

from capability import tallies
from capability.life import permit
from capability.tallies import Source, Tally
from chassis.entrypoints import asked, every
from chassis.identity import Principal
from contracts.intake.campaign_views import CampaignState, Need, VisitResult
from contracts.intake.coverage import ListCoverage
from kernel import areas as paths
from kernel.calendar import at, local_day
from kernel.codes import AreaLevel
from services.intake import areas
from services.intake.remembered import Remembered
from services.intake.tables import AreaNode, Base, Campaign, Target

Counts = dict[str, int]
NONE = {"visited": 0, "needing": 0, "appeals": 0}
HOMES = (AreaLevel.BUILDING, AreaLevel.STAIRWELL)
KEPT_DEPTH = 4
"""Years of visits are kept by what has so many labels, as communities mostly do; others are counted as asked for."""


@asked(ListCoverage)
def coverage(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Counted from the units of campaigns that were not withdrawn; a unit visited twice is one. Errors: Forbidden."""
    permit(who, ListCoverage, SimpleNamespace(**command))
    place, day = command["area_path"], command["day"] or local_day(now)
    communities = _communities(session, place, day)
    counts: dict[str, Counts] = {}
    units: dict[str, int] = {}
    for depth in sorted({paths.depth(path) for path in communities}):
        counts |= _counted(session, place, depth, day)
        units |= _units.get(session, (place, depth, local_day(now)))
    items = [_row(path, name, counts.get(path, NONE), units) for path, name in sorted(communities.items())]
    return {"items": items, "next_cursor": None}


def _row(path: str, name: str, counts: Counts, units: Mapping[str, int]) -> dict[str, Any]:
    proactive = counts["needing"] - counts["appeals"]
    return {"area_path": path, "name": name, "units": units.get(path, 0), "proactive": proactive, **counts}


def _communities(session: Session, place: str, day: date) -> dict[str, str]:
    of_level = (AreaNode.level == AreaLevel.COMMUNITY, AreaNode.path.within(place), areas.holds_on(day))
    return dict(session.execute(select(AreaNode.path, AreaNode.name).where(*of_level)).all())


def _load_units(session: Session, key: tuple[str, int, date]) -> dict[str, int]:
    """How many units people live in there are in a place, by the first labels: of a building with stairwells these."""
    place, depth, day = key
    there = (AreaNode.path.within(place), areas.holds_on(day))
    above = func.subltree(AreaNode.path, 0, func.generate_series(depth + 1, func.nlevel(AreaNode.path) - 1))
    wider = select(cast(above, Text)).where(*there, AreaNode.level == AreaLevel.STAIRWELL)
    homes = (*there, AreaNode.level.in_(HOMES), cast(AreaNode.path, Text).not_in(wider))
    area = tallies.cut(AreaNode.path, depth)
    return dict(session.execute(select(area, func.count()).where(*homes).group_by(area)).all())


_units = Remembered(_load_units)


def _counted(session: Session, place: str, depth: int, day: date) -> dict[str, Counts]:
    """By the first labels of the units."""
    year = date(day.year, 1, 1)
    if depth == KEPT_DEPTH:
        kept = tallies.rows(YEARS, lambda of: (of.c.period == year, tallies.below(of.c.place, place)))
        query = select(kept.c.place, *tallies.sums(kept, len(NONE))).group_by(kept.c.place)
    else:
        units = _visited(at(year, time()), at(date(day.year + 1, 1, 1), time()), Target.unit_path.within(place))
        area = tallies.cut(units.c.unit_path, depth)
        query = select(area, *_sums(units)).group_by(area)
    return {path: dict(zip(NONE, found, strict=True)) for path, *found in session.execute(query)}


def _sums(units: Subquery) -> list[Any]:
    return [cast(func.sum(units.c[name]), BigInteger) for name in NONE]


def _of_bucket(begins: Any, ends: Any, place: Any) -> Select[Any]:
    units = _visited(begins, ends, tallies.inside(Target.unit_path, place, KEPT_DEPTH))
    return select(tallies.key(), tallies.counts(*_sums(units))).having(func.count() > 0)


def _visited(begins: Any, ends: Any, *where: Any) -> Subquery:
    """The units visited within the time: first each unit, so that one visited twice is one."""
    withdrawn = select(Campaign.id).where(Campaign.state == CampaignState.WITHDRAWN)
    return (
        select(
            Target.unit_path,
            cast(func.bool_or(func.coalesce(Target.result == VisitResult.IN, false())), Integer).label("visited"),
            func.count().filter(Target.need == Need.YES).label("needing"),
            func.count().filter(Target.asked).label("appeals"),
        )
        .where(Target.visited_at >= begins, Target.visited_at < ends, Target.campaign_id.not_in(withdrawn), *where)
        .group_by(Target.unit_path)
        .subquery()
    )


BUCKET = f"SELECT {tallies.year('t.visited_at')}, {tallies.top('t.unit_path', KEPT_DEPTH)} FROM"
COUNTED = ("unit_path", "visited_at", "campaign_id", "result", "need", "asked")
YEARS = tallies.keep(
    Base.metadata,
    Tally(
        "coverage",
        "1 year",
        _of_bucket,
        (
            Source("campaign_target", f"{BUCKET} r t", COUNTED),
            Source("campaign", f"{BUCKET} r JOIN campaign_target t ON t.campaign_id = r.id", ("state",)),
        ),
    ),
)


@every(seconds=tallies.SECONDS)
def recount_coverage(session: Session, who: Principal, now: datetime) -> int:
    return tallies.recount(session, YEARS)
