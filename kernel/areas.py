"""Area paths and their history (domain §3.1).

A path is ltree text: labels joined by dots, city first, e.g. ``yinchuan.xingqing.lijingjie.yinhong.g3.b5u2``.
Grids are redrawn: a node has a stable `code` and one record for each stretch of days on which its path held.
An old item keeps the path of its day; `path_today` tells where that place is now. Days are Asia/Shanghai dates and
stretches are half-open: `valid_from` is the first day, `valid_to` the first day on which it no longer holds.
Depth says nothing of level, since not every place uses every level: the level is data of the node.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from kernel.codes import AreaLevel

LEVELS: tuple[AreaLevel, ...] = tuple(AreaLevel)
"""Levels from the widest to the narrowest. COMPOUND is an overlay; see `RESPONSIBILITY_LEVELS`."""

RESPONSIBILITY_LEVELS: tuple[AreaLevel, ...] = tuple(level for level in AreaLevel if level is not AreaLevel.COMPOUND)
"""Levels of the responsibility tree, without the overlay of compounds."""

_LABEL = r"[A-Za-z0-9_]{1,255}"
_PATH = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")


class InvalidAreaPath(ValueError):
    """The text is not an ltree path."""


class UnknownArea(ValueError):
    """No node had this path or code on that day."""


def is_path(text: str) -> bool:
    """Whether `text` is a well-formed area path."""
    return _PATH.fullmatch(text) is not None


def labels(path: str) -> tuple[str, ...]:
    """The labels of a path, city first. Raises InvalidAreaPath."""
    if not is_path(path):
        raise InvalidAreaPath(f"区域路径“{path}”格式不正确")
    return tuple(path.split("."))


def join(*parts: str) -> str:
    """A path from paths or labels. Raises InvalidAreaPath."""
    path = ".".join(parts)
    labels(path)
    return path


def depth(path: str) -> int:
    """Number of labels, at least 1."""
    return len(labels(path))


def parent(path: str) -> str | None:
    """The path one label up, or None at the top."""
    return ".".join(labels(path)[:-1]) or None


def ancestors(path: str) -> tuple[str, ...]:
    """Every path above, widest first, without the path itself."""
    parts = labels(path)
    return tuple(".".join(parts[:size]) for size in range(1, len(parts)))


def cut(path: str, most: int) -> str:
    """The place that holds it `most` labels deep; the path itself where it has no more."""
    return ".".join(labels(path)[:most])


def is_within(path: str, ancestor: str) -> bool:
    """Whether `path` is `ancestor` or lies below it (ltree ``<@``)."""
    return labels(path)[: depth(ancestor)] == labels(ancestor)


def common(first: str, second: str) -> str | None:
    """The narrowest path that holds both, or None when they share nothing."""
    shared: list[str] = []
    for left, right in zip(labels(first), labels(second), strict=False):
        if left != right:
            break
        shared.append(left)
    return ".".join(shared) or None


def rank(level: str) -> int:
    """Place of a level code, 0 for CITY. Raises ValueError for an unknown code."""
    return LEVELS.index(AreaLevel(level))


@dataclass(frozen=True)
class AreaNode:
    """One stretch of days of one place."""

    code: str
    level: AreaLevel
    name: str
    path: str
    valid_from: date
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether this record holds on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def node_at(nodes: Iterable[AreaNode], path: str, day: date) -> AreaNode:
    """The node that had `path` on `day`. Raises UnknownArea."""
    for node in nodes:
        if node.path == path and node.holds_on(day):
            return node
    raise UnknownArea(f"{day} 没有路径为“{path}”的区域")


def node_of(nodes: Iterable[AreaNode], code: str, day: date) -> AreaNode:
    """The record of place `code` that holds on `day`. Raises UnknownArea."""
    for node in nodes:
        if node.code == code and node.holds_on(day):
            return node
    raise UnknownArea(f"{day} 没有编码为“{code}”的区域")


def path_today(nodes: Iterable[AreaNode], path: str, recorded_on: date, today: date) -> str:
    """Where the place that had `path` on `recorded_on` lies today. Raises UnknownArea when it is no more."""
    known = tuple(nodes)
    return node_of(known, node_at(known, path, recorded_on).code, today).path


def level(nodes: Iterable[AreaNode], path: str, day: date) -> AreaLevel:
    """The level the path had on `day`. Raises UnknownArea."""
    return node_at(nodes, path, day).level


def redraw(node: AreaNode, path: str, day: date) -> tuple[AreaNode, AreaNode]:
    """End `node` and let the same place go on under `path` from `day`. Raises ValueError if it does not hold then."""
    labels(path)
    if not node.holds_on(day) or day == node.valid_from:
        raise ValueError(f"区域“{node.name}”不能自 {day} 起调整")
    ended = AreaNode(node.code, node.level, node.name, node.path, node.valid_from, day)
    return ended, AreaNode(node.code, node.level, node.name, path, day, node.valid_to)


def history_faults(nodes: Iterable[AreaNode]) -> list[str]:
    """What is wrong with an area history, in Chinese, for the street to put right; empty when sound.

    Two records of one place or of one path may not hold on the same day; a child needs its parent on its first day
    and may not be of a wider level; a stretch may not be empty.
    """
    known = tuple(nodes)
    return [*_empty(known), *_overlaps(known, "code"), *_overlaps(known, "path"), *_misplaced(known)]


def _empty(nodes: tuple[AreaNode, ...]) -> Iterator[str]:
    for node in nodes:
        if node.valid_to is not None and node.valid_to <= node.valid_from:
            yield f"“{node.path}”的失效日不晚于生效日"


def _overlaps(nodes: tuple[AreaNode, ...], key: str) -> Iterator[str]:
    repeated = [value for value, times in Counter(getattr(node, key) for node in nodes).items() if times > 1]
    for value in repeated:
        stretches = sorted((node for node in nodes if getattr(node, key) == value), key=lambda node: node.valid_from)
        for earlier, later in pairwise(stretches):
            if earlier.valid_to is None or later.valid_from < earlier.valid_to:
                yield f"“{value}”自 {later.valid_from} 起有重叠的记录"


def _misplaced(nodes: tuple[AreaNode, ...]) -> Iterator[str]:
    for node in nodes:
        above = parent(node.path)
        if above is None:
            continue
        holders = [other for other in nodes if other.path == above and other.holds_on(node.valid_from)]
        if not holders:
            yield f"“{node.path}”在 {node.valid_from} 没有上级区域"
        elif rank(holders[0].level) >= rank(node.level):
            yield f"“{node.path}”的层级不低于其上级"
