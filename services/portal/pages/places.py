"""Names of areas and units. They change rarely, so a process remembers them for some minutes."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from chassis.telemetry.logs import log
from contracts.dispatch.catalogue import ListUnits
from contracts.intake.places import ListAreas
from kernel.areas import ancestors, depth, parent
from services.portal.accounts.current import process
from services.portal.pages.peering import Question, gather

REMEMBERED_SECONDS = 600.0
FIRST_SHOWN = 4
"""Depth from which names are shown: city, district and street are what everybody here knows."""

Known = tuple[float, dict[str, str]]
_areas: dict[str | None, Known] = {}
_units: dict[None, Known] = {}


def names(paths: Iterable[str]) -> dict[str, str]:
    """`银虹社区第3网格5号楼2单元` by path. What cannot be learned now is shown by its codes."""
    wanted = set(paths)
    known = _named({parent(each) for path in wanted for each in (*ancestors(path), path)})
    return {path: _full(path, known) for path in wanted}


def children(path: str | None) -> list[tuple[str, str]]:
    """Areas right below `path`, or the roots, with their names."""
    known = _named({path})
    return [(each, name) for each, name in known.items() if parent(each) == path]


def below(path: str, levels: int) -> list[str]:
    """The area and what lies below it, each after its holder."""
    found = [path]
    for each, _ in children(path) if levels else ():
        found += below(each, levels - 1)
    return found


def units() -> dict[str, str]:
    """Names of units by code, asked on behalf of a member of staff."""
    kept = _units.get(None)
    if kept is None or kept[0] < time.monotonic():
        answer = gather({"units": (ListUnits, {})})["units"].data
        if answer is None:
            return kept[1] if kept else {}
        kept = _units[None] = _until({unit["code"]: unit["name"] for unit in answer["items"]})
    return kept[1]


def forget() -> None:
    _areas.clear()
    _units.clear()


def _full(path: str, known: dict[str, str]) -> str:
    chain = [each for each in (*ancestors(path), path) if depth(each) >= min(FIRST_SHOWN, depth(path))]
    return "".join(known.get(each, each.rpartition(".")[2]) for each in chain)


def _named(parents: set[str | None]) -> dict[str, str]:
    """Names of all children of these areas."""
    fresh = {each for each in parents if each not in _areas or _areas[each][0] < time.monotonic()}
    asked: dict[str, Question] = {each or "": (ListAreas, {"parent": each}) for each in sorted(fresh, key=str)}
    for key, answer in _ask(asked).items():
        if answer is not None:
            _areas[key or None] = _until({area["path"]: area["name"] for area in answer["items"]})
    return {path: name for each in parents if each in _areas for path, name in _areas[each][1].items()}


def _ask(questions: dict[str, Question]) -> dict[str, Any]:
    """In the portal's own name: names of places and units are for everybody."""
    if not questions:
        return {}
    parts = gather(questions, identity=process().own_identity())
    if any(part.missing for part in parts.values()):
        log.warning("names_missing")
    return {key: part.data for key, part in parts.items()}


def _until(found: dict[str, str]) -> Known:
    return time.monotonic() + REMEMBERED_SECONDS, found
