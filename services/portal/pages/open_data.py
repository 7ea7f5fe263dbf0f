"""Open data 公开数据: how many appeals a district's communities registered in a month that is over, for everybody.

One level only, so that no page can be subtracted from another: small cells are hidden, and others with them.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import redirect, render_template, request

from chassis.errors import Invalid, NotFound
from kernel.areas import ancestors, cut, depth, is_path
from kernel.calendar import local_day
from kernel.periods import month_of
from services.portal.accounts.current import now, process
from services.portal.pages import places
from services.portal.pages.blueprint import blueprint
from services.portal.pages.seeing import months
from services.portal.pages.suppressing import LEAST, Published, published
from services.portal.readmodel import counting

DISTRICT, COMMUNITY = 2, 4
"""Depths."""
KEPT_SECONDS, MOST_KEPT = 600.0, 500
_kept: dict[tuple[str, str], tuple[float, tuple[Published, Published]]] = {}
"""By place and month: whoever asks again and again costs the store one count in ten minutes."""


@dataclass(frozen=True)
class Row:
    name: str
    count: int | None


@blueprint.get("/open")
def open_places() -> Any:
    """The districts; the only one is opened at once."""
    found = [each for city, _ in places.children(None) for each in places.children(city)]
    if len(found) == 1:
        return redirect(f"/open/{found[0][0]}", 303)
    return render_template("open_places.html", found=found)


@blueprint.get("/open/<area>")
def open_data(area: str) -> str:
    """Errors: NotFound for what is no district; Invalid for a month that is not over."""
    if not is_path(area) or depth(area) != DISTRICT or area not in _districts(area):
        raise NotFound("没有这个区")
    over = months(local_day(now()).replace(day=1) - timedelta(days=1))
    month = request.args.get("month") or over[0]
    Invalid.where(month=month not in over and "只公开已经过完的月份")
    by_area, by_category = _published(area, month)
    named, categories = places.names(by_area.cells), places.categories(process().own_identity())
    return render_template(
        "open_data.html", area=area, place=places.names([area])[area], month=month, months=over, least=LEAST,
        total=by_area.total, communities=[Row(named[key], count) for key, count in sorted(by_area.cells.items())],
        categories=_by_count(by_category, categories),
    )  # fmt: skip


def _districts(area: str) -> set[str]:
    """While nobody can name the places, any."""
    return {path for path, _ in places.children(ancestors(area)[-1])} or {area}


def _by_count(found: Published, names: dict[str, str]) -> list[Row]:
    shown = sorted(found.cells.items(), key=lambda each: (-(each[1] or 0), each[0]))
    return [Row(names.get(code, code or "未分类"), count) for code, count in shown]


def _published(area: str, month: str) -> tuple[Published, Published]:
    kept = _kept.get((area, month))
    if kept is None or kept[0] < time.monotonic():
        kept = _kept[area, month] = time.monotonic() + KEPT_SECONDS, _counted(area, month)
        if len(_kept) > MOST_KEPT:
            del _kept[min(_kept, key=lambda key: _kept[key][0])]
    return kept[1]


def _counted(area: str, month: str) -> tuple[Published, Published]:
    with process().store.transaction() as session:
        areas, categories = counting.of_everybody(session, area, month_of(month))
    communities = Counter[str](dict.fromkeys(_communities(area), 0))
    for path, number in areas.items():
        communities[cut(path, COMMUNITY)] += number
    return published(communities), published(categories)


def _communities(area: str) -> list[str]:
    return [path for path in places.below(area, COMMUNITY - DISTRICT) if depth(path) == COMMUNITY]


def forget() -> None:
    """For tests, whose stores change under it."""
    _kept.clear()
