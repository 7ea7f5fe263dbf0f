"""Two versions of a covenant 居民公约 side by side, for everybody: what was struck out, what is new, also on paper."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from flask import render_template, request

from contracts.mediation.covenants import CompareCovenant, CovenantKind, LineChange
from kernel.calendar import day_words, local_day
from kernel.numbers import normalise
from services.portal.api import public
from services.portal.api.reading import count
from services.portal.pages.blueprint import blueprint

LONGEST = 2000
"""Signs of a line that are compared one by one; a longer one is marked whole."""
SHORTEST = 2
"""So many signs that stayed between two changes stand alone; fewer are marked with them, for easier reading."""


class Piece(NamedTuple):
    words: str
    marked: bool


class Row(NamedTuple):
    """`None` where one version has nothing."""

    change: LineChange
    words: str
    old: list[Piece] | None
    new: list[Piece] | None


@blueprint.get("/covenants/<number>/comparison")
def compared(number: str) -> str:
    """Errors: NotFound; Conflict before any version was adopted; Invalid for a version there is not."""
    asked = {name: count(request.args.get(name, "")) for name in ("old", "new")}
    shown = public.posted(CompareCovenant, {"number": normalise(number), **asked})
    rows = [_row(each) for each in shown["lines"]]
    heads = [_head(shown["versions"][shown[name] - 1]) for name in ("old", "new")]
    kind = CovenantKind(shown["kind"]).label
    return render_template("comparison.html", shown=shown, kind=kind, rows=rows, heads=heads, counted=_counted(rows))


def _row(line: dict[str, Any]) -> Row:
    change, (old, new) = LineChange(line["change"]), pieces(line["old"], line["new"])
    return Row(change, change.label, old, new)


def pieces(old: str | None, new: str | None) -> tuple[list[Piece] | None, list[Piece] | None]:
    """Each line in pieces that stayed and pieces that did not; put together they are the line."""
    if old is None or new is None or max(len(old), len(new)) > LONGEST:
        return tuple(None if each is None else [Piece(each, old != new)] for each in (old, new))  # type: ignore[return-value]
    left, right = list[Piece](), list[Piece]()
    for tag, i, to_i, j, to_j in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        between = 0 < i and to_i < len(old)
        marked = tag != "equal" or (between and to_i - i < SHORTEST)
        _add(left, old[i:to_i], marked)
        _add(right, new[j:to_j], marked)
    return left, right


def _add(found: list[Piece], words: str, marked: bool) -> None:
    if found and found[-1].marked == marked:
        found[-1] = Piece(found[-1].words + words, marked)
    elif words:
        found.append(Piece(words, marked))


def _head(version: dict[str, Any]) -> str:
    return f"第{version['no']}版，{day_words(local_day(datetime.fromisoformat(version['adopted_at'])))}通过"


def _counted(rows: list[Row]) -> str:
    """How many lines differ, in words."""
    found: Counter[LineChange] = Counter(row.change for row in rows)
    told = [f"{change.label}{found[change]}条" for change in LineChange if found[change] and change != LineChange.SAME]
    return "，".join(told) or "两版没有不同"
