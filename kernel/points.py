"""Points and outlines on the map: the two datums of China, and what is wrong with a ring (domain §3.1).

GCJ-02 shifts every point of the mainland by up to some 700 m (386 m in Yinchuan), so a sender says which it is. All who
publish the formula take a plain rectangle for China; outside it the two are the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from math import cos, pi, sin, sqrt

from kernel.codes.base import Code

Point = tuple[float, float]
"""Longitude, latitude, in degrees: the order of GeoJSON and of PostgreSQL."""

AXIS, ECCENTRICITY = 6378245.0, 0.00669342162296594323
"""Of the Krasovsky ellipsoid, which the shift is counted on: metres; squared."""
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271
CLOSE = 1e-9
"""Degrees, a tenth of a millimetre: where counting back ends."""


class Datum(Code):
    """What a longitude and a latitude are counted in."""

    WGS84 = "WGS84", "WGS-84（手机定位）"
    GCJ02 = "GCJ02", "GCJ-02（高德、腾讯地图）"


def as_wgs84(point: Point, datum: Datum) -> Point:
    """The point as grids are drawn."""
    return from_gcj02(point) if datum is Datum.GCJ02 else point


def to_gcj02(point: Point) -> Point:
    """WGS-84 → GCJ-02."""
    lon, lat = point
    if not (WEST <= lon <= EAST and SOUTH <= lat <= NORTH):
        return point
    x, y, radians = lon - 105.0, lat - 35.0, lat / 180.0 * pi
    curve = 1 - ECCENTRICITY * sin(radians) ** 2
    north = _north(x, y) * 180.0 / (AXIS * (1 - ECCENTRICITY) / (curve * sqrt(curve)) * pi)
    east = _east(x, y) * 180.0 / (AXIS / sqrt(curve) * cos(radians) * pi)
    return lon + east, lat + north


def from_gcj02(point: Point) -> Point:
    """GCJ-02 → WGS-84, by counting back until it fits."""
    lon, lat = point
    for _ in range(30):
        there = to_gcj02((lon, lat))
        east, north = there[0] - point[0], there[1] - point[1]
        lon, lat = lon - east, lat - north
        if abs(east) < CLOSE and abs(north) < CLOSE:
            break
    return lon, lat


def _waves(x: float) -> float:
    return (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0


def _north(x: float, y: float) -> float:
    """Metres."""
    flat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    slow = (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    return flat + _waves(x) + slow + (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0


def _east(x: float, y: float) -> float:
    """Metres."""
    flat = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    slow = (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    return flat + _waves(x) + slow + (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0


def ring_faults(ring: Sequence[Point]) -> Iterator[str]:
    """What is wrong with an outline, in Chinese: it does not close, is no place, or crosses itself, and where.

    Nothing is mended: mending drops a lobe or leaves a hole, and a street must say what it meant.
    """
    if len(ring) < 4 or ring[0] != ring[-1]:
        yield "边界没有闭合：至少四个点，最后一个与第一个相同"
        return
    wrong = [no for no, (lon, lat) in enumerate(ring, 1) if not (WEST <= lon <= EAST and SOUTH <= lat <= NORTH)]
    if wrong:
        yield f"第{wrong[0]}个点不在中国范围内，经度应在前、纬度在后"
        return
    yield from _crossings(ring)


def _crossings(ring: Sequence[Point]) -> Iterator[str]:
    edges = list(enumerate(pairwise(ring), 1))
    yield from (f"第{no}个点与下一个点重复（{_said(start)}）" for no, (start, end) in edges if start == end)
    for (first, one), (second, other) in combinations(edges, 2):
        shared = second == first + 1 or (first == 1 and second == len(edges))
        if (at := _meeting(one, other)) and not (shared and at in one and at in other and not _back(one, other)):
            yield f"第{first}条边与第{second}条边在{_said(at)}相交"


def _back(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    """Whether a neighbour runs back on the edge it comes from."""
    return _turn(*one, other[0]) == _turn(*one, other[1]) == 0 and _meeting_inside(one, other) is not None


def _meeting_inside(one: tuple[Point, Point], other: tuple[Point, Point]) -> Point | None:
    inside = (point for edge, points in ((one, other), (other, one)) for point in points if _on(edge, point))
    return next((point for point in inside if not (point in one and point in other)), None)


def _meeting(one: tuple[Point, Point], other: tuple[Point, Point]) -> Point | None:
    """Where two edges cross or touch, or None."""
    (a, b), (c, d) = one, other
    first, second, third, fourth = _turn(c, d, a), _turn(c, d, b), _turn(a, b, c), _turn(a, b, d)
    if first * second < 0 and third * fourth < 0:
        share = first / (first - second)
        return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])
    touching = [point for edge, points in ((other, one), (one, other)) for point in points if _on(edge, point)]
    shared = touching[0] if touching else None
    return next((point for point in touching if not (point in one and point in other)), shared)


def _on(edge: tuple[Point, Point], point: Point) -> bool:
    (a, b), (x, y) = edge, point
    between = min(a[0], b[0]) <= x <= max(a[0], b[0]) and min(a[1], b[1]) <= y <= max(a[1], b[1])
    return between and _turn(a, b, point) == 0


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _said(point: Point) -> str:
    return f"{point[0]:.6f},{point[1]:.6f}"
