"""Outlines of areas: loaded from GeoJSON as they are or refused, and asked for the area of a point.

PostgreSQL's polygon counts its border as inside; the index finds the few whose box holds the point.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, func, select, text
from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Invalid, NotFound
from chassis.identity import Principal
from contracts.intake.places import ListOutlines, LocatePoint
from kernel.calendar import local_day
from kernel.points import Datum, Point, as_wgs84, ring_faults
from services.intake import areas
from services.intake.tables import AreaNode, AreaOutline

DATUMS = ("CRS84", "4490")
"""How a file may name its coordinates: WGS-84, or CGCS2000, which is the same here. GCJ-02 has no name to trust."""
MOST_FAULTS = 20
INSIDE = text(
    "outline && polygon(box(point(:lon, :lat), point(:lon, :lat))) and outline @> point(:lon, :lat)"
).bindparams(bindparam("lon"), bindparam("lat"))


@asked(LocatePoint)
def locate(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Errors: NotFound where nothing is drawn."""
    lon, lat = as_wgs84((command["lon"], command["lat"]), Datum(command["datum"]))
    here = select(AreaNode).join(AreaOutline, AreaOutline.code == AreaNode.code).where(INSIDE)
    smallest = (func.nlevel(AreaNode.path).desc(), AreaNode.code)
    there = here.where(areas.holds_on(local_day(now))).order_by(*smallest).limit(1)
    node = session.scalars(there, {"lon": lon, "lat": lat}).first()
    if node is None:
        raise NotFound("这个位置不在已划定的网格内，请在列表中选择")
    found = areas.find(session, node.path, now)
    return {"path": node.path, "parent": None, "full_name": found.full_name, **_named(node)}


@asked(ListOutlines)
def list_outlines(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """By path; an area of several parts comes once a part."""
    drawn = select(AreaNode.path, AreaNode.name, AreaOutline.outline).join(
        AreaOutline, AreaOutline.code == AreaNode.code
    )
    there = drawn.where(areas.holds_on(local_day(now)), AreaNode.path.within(command["area_path"]))
    rows = session.execute(there.order_by(AreaNode.path, AreaOutline.part))
    return {
        "items": [{"path": path, "name": name, "ring": _ring(text)} for path, name, text in rows],
        "next_cursor": None,
    }


def _ring(written: str) -> list[str]:
    return [corner.replace(",", " ") for corner in written.strip("()").split("),(")]


def _named(node: AreaNode) -> dict[str, Any]:
    return {name: getattr(node, name) for name in ("level", "name", "brand")}


def load(session: Session, path: Path) -> None:
    """Replaces all outlines by those of the file. Errors: Invalid, naming the area, the edges and the place."""
    told = _read(path)
    known = set(session.scalars(select(AreaNode.code)))
    parts = list(_parts(told))
    faults = [*_misnamed(told), *(fault for code, no, rings in parts for fault in _faults(code, no, rings, known))]
    if faults:
        raise Invalid.because({path.name: faults[:MOST_FAULTS]})
    session.execute(delete(AreaOutline))
    session.add_all(AreaOutline(code=code, part=no, outline=_written(rings[0])) for code, no, rings in parts)


Rings = list[list[Point]]


def _read(path: Path) -> dict[str, Any]:
    try:
        told: dict[str, Any] = orjson.loads(path.read_bytes())
        if told["type"] != "FeatureCollection":
            raise TypeError
        return told
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid.because({path.name: ["应为 GeoJSON 的 FeatureCollection"]}) from error


def _misnamed(told: Mapping[str, Any]) -> Iterator[str]:
    name = str(told.get("crs", {}).get("properties", {}).get("name", DATUMS[0]))
    if not name.endswith(DATUMS):
        yield f"坐标系“{name}”不能用，请转成 CRS84 或 EPSG:4490"


def _parts(told: Mapping[str, Any]) -> Iterator[tuple[str, int, Rings]]:
    for feature in told["features"]:
        code, shape = str(feature["properties"].get("code")), feature["geometry"]
        polygons = {"Polygon": [shape["coordinates"]], "MultiPolygon": shape["coordinates"]}.get(shape["type"], [])
        for no, rings in enumerate(polygons, 1):
            yield code, no, [[(float(lon), float(lat)) for lon, lat, *_ in ring] for ring in rings]


def _faults(code: str, part: int, rings: Rings, known: set[str]) -> Iterator[str]:
    where = f"{code}（第{part}块）" if part > 1 else code
    if code not in known:
        yield f"没有编号为“{code}”的区域"
    if len(rings) != 1:
        yield f"{where}：边界里不能有洞，请拆成几块"
    yield from (f"{where}：{fault}" for fault in ring_faults(rings[0]))


def _written(ring: list[Point]) -> str:
    return "(" + ",".join(f"({lon!r},{lat!r})" for lon, lat in ring[:-1]) + ")"
