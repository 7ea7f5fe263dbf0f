"""Names of areas, units and categories. They change rarely, so a process remembers them for some minutes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from chassis.telemetry.logs import log
from contracts.dispatch.catalogue import ListUnits
from contracts.intake.places import ListAreas, ListCategories, ListOutlines
from contracts.schema import CommandSchema
from kernel.areas import ancestors, depth, parent
from services.portal.accounts.current import process
from services.portal.pages.peering import Question, gather

REMEMBERED_SECONDS = 600.0
AGAIN_SECONDS = 10.0
"""Nobody waits each time anew for a list that did not come."""

MOST_OUTLINES = 200

FIRST_SHOWN = 4
"""Depth from which names are shown: city, district and street are what everybody here knows."""

Known = tuple[float, dict[str, str]]
_areas: dict[str | None, Known] = {}
_lists: dict[str, Known] = {}
_outlines: dict[str, tuple[float, list[dict[str, Any]]]] = {}


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
    """The area and what lies below it, each after its holder. A level is asked for at once."""
    edge: Iterable[str] = {path}
    for _ in range(levels):
        edge = _named(edge)
    return list(_below(path, levels))


def _below(path: str, levels: int) -> Iterator[str]:
    yield path
    for each, _ in children(path) if levels else ():
        yield from _below(each, levels - 1)


def outlines(path: str) -> list[dict[str, Any]]:
    """What is drawn of the area and of what lies in it."""
    kept = _outlines.get(path)
    if kept is None or kept[0] < time.monotonic():
        answer = _ask({"": (ListOutlines, {"area_path": path})})[""]
        seconds, found = (
            (AGAIN_SECONDS, kept[1] if kept else []) if answer is None else (REMEMBERED_SECONDS, answer["items"])
        )
        kept = _outlines[path] = time.monotonic() + seconds, found
        _forget_oldest()
    return kept[1]


def _forget_oldest() -> None:
    if len(_outlines) > MOST_OUTLINES:
        del _outlines[min(_outlines, key=lambda path: _outlines[path][0])]


def called(word: str, paths: Iterable[str]) -> list[str]:
    """The areas whose name holds the word, without what lies within another of them."""
    found = {path for path, name in names(paths).items() if word in name}
    return sorted(path for path in found if found.isdisjoint(ancestors(path)))


def units(identity: str | None = None) -> dict[str, str]:
    """Names of units by code, asked on behalf of a member of staff, or of who has that identity."""
    return _listed(ListUnits, lambda rows: {unit["code"]: unit["name"] for unit in rows}, identity)


def categories(identity: str | None = None) -> dict[str, str]:
    """Names of categories by code, each behind those it lies in: `住房/下水/堵塞`."""
    return _listed(ListCategories, _chained, identity)


def _chained(rows: list[dict[str, Any]]) -> dict[str, str]:
    known = {row["code"]: row for row in rows}

    def chain(code: str | None) -> list[str]:
        return [*chain(known[code]["parent"]), known[code]["name"]] if code in known else []

    return {code: "/".join(chain(code)) for code in known}


def _listed(
    command: type[CommandSchema], read: Callable[[list[dict[str, Any]]], dict[str, str]], identity: str | None = None
) -> dict[str, str]:
    """What is remembered of a list; of one that did not come, what was known before."""
    kept = _lists.get(command.method)
    if kept is None or kept[0] < time.monotonic():
        answer = gather({"": (command, {})}, identity=identity)[""].data
        if answer is None:
            kept = _lists[command.method] = time.monotonic() + AGAIN_SECONDS, kept[1] if kept else {}
        else:
            kept = _lists[command.method] = _until(read(answer["items"]))
    return kept[1]


def forget() -> None:
    _areas.clear()
    _lists.clear()
    _outlines.clear()


def _full(path: str, known: dict[str, str]) -> str:
    chain = [each for each in (*ancestors(path), path) if depth(each) >= min(FIRST_SHOWN, depth(path))]
    return "".join(known.get(each, each.rpartition(".")[2]) for each in chain)


def _named(parents: Iterable[str | None]) -> dict[str, str]:
    """Names of all children of these areas."""
    parents = set(parents)
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
