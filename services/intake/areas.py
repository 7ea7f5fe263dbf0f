"""Areas 区域: the responsibility tree with its history (domain §3.1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Invalid
from chassis.identity import Principal
from contracts.intake.places import ListAreas
from kernel import areas as paths
from kernel.calendar import local_day
from kernel.codes import AreaLevel
from services.intake.remembered import Remembered
from services.intake.tables import AreaNode


@dataclass(frozen=True)
class Area:
    """A node as it stands on a day."""

    path: str
    level: str
    name: str
    full_name: str
    area4: str
    brand: str | None


def find(session: Session, path: str, now: datetime) -> Area:
    """The area with this path today. Errors: Invalid when there is none."""
    area = _areas.get(session, (path, local_day(now)))
    if area is None:
        raise Invalid.because({"area_path": [f"没有编号为“{path}”的区域"]})
    return area


def level(session: Session, path: str, now: datetime) -> str | None:
    """The level of the area with this path today; None where there is none."""
    area = _areas.get(session, (path, local_day(now)))
    return area.level if area else None


def around(session: Session, path: str, now: datetime) -> str:
    """The community that holds the place; the place itself where none does, as for a whole street."""
    above = [*paths.ancestors(path), path]
    return next((each for each in above if level(session, each, now) == AreaLevel.COMMUNITY), path)


@asked(ListAreas)
def children(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The areas right below `parent` today, or the roots, in the order of their paths."""
    parent = command["parent"]
    statement = select(AreaNode).where(holds_on(local_day(now))).order_by(AreaNode.path)
    if parent is None:
        statement = statement.where(func.nlevel(AreaNode.path) == 1)
    else:
        below = func.nlevel(AreaNode.path) == paths.depth(parent) + 1
        statement = statement.where(AreaNode.path.within(parent), below)
    return {"items": [_view(node) for node in session.scalars(statement)], "next_cursor": None}


def homes(session: Session, path: str, now: datetime) -> list[AreaNode]:
    """The units people live in at or below a place today, in the order of their paths: of a building with stairwells
    these.
    """
    homes = AreaNode.level.in_((AreaLevel.BUILDING, AreaLevel.STAIRWELL))
    found = session.scalars(select(AreaNode).where(AreaNode.path.within(path), homes, holds_on(local_day(now))))
    nodes = sorted(found, key=lambda node: node.path)
    wider = {above for node in nodes for above in paths.ancestors(node.path)}
    return [node for node in nodes if node.path not in wider]


def holds_on(day: date) -> Any:
    return (AreaNode.valid_from <= day) & or_(AreaNode.valid_to.is_(None), AreaNode.valid_to > day)


def area4_of(chain: Iterable[tuple[str, str | None]], path: str) -> str:
    """Four digits for the numbers of a place: those of the narrowest area above it that has some, else derived.

    `chain` holds (path, code or empty) of the area and those above it. Derived digits of two places may be the same:
    they then share one counter, and numbers stay unique.
    """
    given = [(paths.depth(above), code) for above, code in chain if code and paths.is_within(path, above)]
    if given:
        return max(given)[1]
    return f"{int(sha256(path.encode()).hexdigest(), 16) % 10_000:04d}"


def _load(session: Session, key: tuple[str, date]) -> Area | None:
    path, day = key
    above = [*paths.ancestors(path), path] if paths.is_path(path) else []
    rows = session.scalars(select(AreaNode).where(AreaNode.path.in_(above), holds_on(day))).all()
    chain = sorted(rows, key=lambda node: paths.depth(node.path))
    if not chain or chain[-1].path != path:
        return None
    node = chain[-1]
    full_name = "".join(each.name for each in chain)
    return Area(path, node.level, node.name, full_name, node.area4, node.brand)


_areas = Remembered(_load)
forget = _areas.forget


def _view(node: AreaNode) -> dict[str, Any]:
    return {
        "path": node.path,
        "parent": paths.parent(node.path),
        "level": node.level,
        "name": node.name,
        "full_name": None,
        "brand": node.brand,
    }
