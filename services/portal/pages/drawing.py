"""Geometry of pictures drawn on the server: numbers in, places on a sheet WIDTH wide out. No colour, no words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil, cos, radians
from typing import Any

Point = tuple[float, float]
Ring = list[Point]

WIDTH, TALLEST, EDGE = 480, 480, 4
LEVELS = 4
LINE, GAP, BAR = 24, 6, 14
"""Of a flow: least height of a node with its words, what lies between two, and how wide the bar of a node is."""
COLUMNS = (0, 168, 344)


def level(value: int, most: int) -> int:
    """How dark: 0 for nothing, else 1 to LEVELS by the share of the largest."""
    return ceil(LEVELS * value / most) if most and value else 0


def ranges(most: int) -> list[tuple[int, int, int]]:
    """Of each level that some number can have: its first and last number."""
    spans = [(each, (each - 1) * most // LEVELS + 1, each * most // LEVELS) for each in range(1, LEVELS + 1)]
    return [(0, 0, 0), *((each, first, last) for each, first, last in spans if first <= last)]


@dataclass
class Area:
    """`path` is the outline of all its parts, `x`, `y` where its words stand, `room` how wide it is there."""

    path: str
    x: float
    y: float
    room: float


@dataclass
class Map:
    height: int = 0
    areas: dict[str, Area] = field(default_factory=dict)


def drawn(outlines: Iterable[Mapping[str, Any]], holder: Callable[[str], str]) -> Map:
    """The outlines on one sheet, those of one holder together. North is above; a degree of longitude is as much shorter
    as it is there."""
    rings: dict[str, list[Ring]] = {}
    for each in outlines:
        rings.setdefault(holder(each["path"]), []).append([_corner(one) for one in each["ring"]])
    corners = [corner for several in rings.values() for ring in several for corner in ring]
    if not corners:
        return Map()
    place, height = _sheet(corners)
    return Map(
        height, {key: _area([[place(one) for one in ring] for ring in several]) for key, several in rings.items()}
    )


def _corner(told: str) -> Point:
    lon, lat = told.split()
    return float(lon), float(lat)


def _sheet(corners: Sequence[Point]) -> tuple[Callable[[Point], Point], int]:
    lons, lats = [lon for lon, _ in corners], [lat for _, lat in corners]
    west, north, narrow = min(lons), max(lats), cos(radians((min(lats) + max(lats)) / 2))
    wide, tall = (max(lons) - west) * narrow or 1e-9, north - min(lats) or 1e-9
    scale = min((WIDTH - 2 * EDGE) / wide, (TALLEST - 2 * EDGE) / tall)
    left = (WIDTH - wide * scale) / 2

    def place(corner: Point) -> Point:
        return round(left + (corner[0] - west) * narrow * scale, 1), round(EDGE + (north - corner[1]) * scale, 1)

    return place, ceil(tall * scale) + 2 * EDGE


def _area(rings: list[Ring]) -> Area:
    path = "".join("M" + "L".join(f"{x:g},{y:g}" for x, y in ring) + "Z" for ring in rings)
    middles = [(_size(ring), _middle(ring)) for ring in rings]
    whole = sum(size for size, _ in middles) or 1
    x, y = (sum(size * middle[axis] for size, middle in middles) / whole for axis in (0, 1))
    xs = [corner[0] for ring in rings for corner in ring]
    return Area(path, round(x, 1), round(y, 1), round(max(xs) - min(xs), 1))


def _size(ring: Ring) -> float:
    """By the shoelace formula, whichever way round."""
    return abs(sum(x * below - beside * y for (x, y), (beside, below) in pairwise([*ring, ring[0]]))) / 2 or 1e-9


def _middle(ring: Ring) -> Point:
    return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)


@dataclass
class Node:
    """A bar of a flow; `link` its rows."""

    key: str
    name: str
    count: int
    link: str
    x: float = 0
    y: float = 0
    height: float = 0


@dataclass
class Band:
    start: Node
    end: Node
    count: int
    link: str
    path: str = ""


@dataclass
class Flow:
    height: float
    nodes: list[Node]
    bands: list[Band]


def flowing(columns: Sequence[Sequence[Node]], bands: Sequence[Band]) -> Flow:
    """Columns of bars with bands between them, each as high as its count; a low bar still has room for its words."""
    whole = max((sum(node.count for node in column) for column in columns), default=0) or 1
    scale, height = 240 / whole, 0.0
    for x, column in zip(COLUMNS, columns, strict=True):
        below = 0.0
        for node in column:
            node.x, node.y, node.height = x, below, round(max(node.count * scale, 1), 1)
            below += max(node.height, LINE) + GAP
        height = max(height, below)
    _lay(bands, scale)
    return Flow(round(height, 1), [node for column in columns for node in column], list(bands))


def _lay(bands: Iterable[Band], scale: float) -> None:
    """One below the other, at both ends in the order they come."""
    left, right = dict[str, float](), dict[str, float]()
    for band in bands:
        thick = max(band.count * scale, 0.5)
        top, end = (side.get(node.key, node.y) for side, node in ((left, band.start), (right, band.end)))
        left[band.start.key], right[band.end.key] = top + thick, end + thick
        here, there = band.start.x + BAR, band.end.x
        half = (here + there) / 2
        band.path = (
            f"M{here:g},{top:.1f}C{half:g},{top:.1f} {half:g},{end:.1f} {there:g},{end:.1f}"
            f"V{end + thick:.1f}C{half:g},{end + thick:.1f} {half:g},{top + thick:.1f} {here:g},{top + thick:.1f}Z"
        )


def stacked(counts: Sequence[int]) -> list[tuple[float, float]]:
    """Where each part of a bar WIDTH wide begins, and how wide it is."""
    whole, before, found = sum(counts) or 1, 0.0, list[tuple[float, float]]()
    for count in counts:
        wide = WIDTH * count / whole
        found.append((round(before, 1), round(wide, 1)))
        before += wide
    return found
