"""What all pages of a place's figures share: which place and month, who may see them, and links to the rows counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request

from chassis.errors import Forbidden, Invalid, NotFound
from chassis.identity import Principal
from contracts.notify.rates import READERS
from kernel.areas import ancestors, depth, is_path, parent
from kernel.calendar import local_day
from kernel.periods import Period, month_of
from services.portal.accounts.current import current_principal, now
from services.portal.pages import places
from services.portal.readmodel import scope

PAGES = (
    ("/district", "辖区一览"), ("/district/flow", "流程"), ("/district/rates", "三率与考核"),
    ("/district/solved", "真解决了吗"), ("/district/days", "热点日历"), ("/district/outcomes", "关怀、调解、议事"),
    ("/district/care", "关怀覆盖"), ("/district/burden", "减负"),
)  # fmt: skip
MONTHS = 24


@dataclass(frozen=True)
class View:
    """A place its viewer may see the figures of, and a month."""

    who: Principal
    place: str
    month: str

    @property
    def span(self) -> Period:
        return month_of(self.month)

    @property
    def asked(self) -> dict[str, Any]:
        """The question whose rows are counted, as the search takes it."""
        return {"area_path": self.place, "opened_from": self.span.first, "opened_to": self.span.last}

    def rows(self, **more: Any) -> str:
        """The address of the rows of the month."""
        return rows({**self.asked, **more})

    def address(self, page: str, **more: str) -> str:
        return f"{page}?{urlencode({'at': self.place, 'month': self.month, **more})}"


def rows(asked: dict[str, Any]) -> str:
    """The page that lists what this question counts."""
    told = {name: str(value).lower() if isinstance(value, bool) else value for name, value in asked.items()}
    return f"/find?{urlencode(told, doseq=True)}"


def viewed() -> View:
    """Errors: Unauthenticated; Forbidden for who does not answer for the place; NotFound for what is none; Invalid."""
    who = current_principal()
    tops = scope.nodes(who, frozenset(READERS.roles))
    place = request.args.get("at") or next(iter(sorted(tops, key=depth)), "")
    if not is_path(place):
        raise (
            Forbidden("您的岗位不看辖区的统计", roles=sorted(READERS.roles)) if not place else NotFound("没有这个地方")
        )
    if not READERS.allows(who, SimpleNamespace(area_path=place)):
        raise Forbidden("这里不在您的辖区之内", roles=sorted(READERS.roles))
    beside = places.children(parent(place))
    if beside and place not in dict(beside):
        raise NotFound("没有这个地方，请核对地址里的区域代码")
    return View(who, place, chosen_month())


def chosen_month() -> str:
    """Errors: Invalid."""
    told = request.args.get("month") or f"{local_day(now()):%Y-%m}"
    try:
        date.fromisoformat(f"{told}-01")
    except ValueError as error:
        raise Invalid.because({"month": ["写成年-月，例如2026-11"]}) from error
    return told


def months(latest: date) -> list[str]:
    """The last MONTHS, the newest first."""
    ends = [latest.year * 12 + latest.month - 1 - back for back in range(MONTHS)]
    return [f"{each // 12}-{each % 12 + 1:02}" for each in ends]


def shown(template: str, view: View, **more: Any) -> str:
    """The page with its place, its month and the way to the others."""
    above = [path for path in (*ancestors(view.place), view.place) if _may(view.who, path)]
    listed = months(local_day(now()))
    around = {
        "view": view, "pages": PAGES, "place": places.names([view.place])[view.place],
        "crumbs": [(path, name) for path, name in _named(above)], "below": places.children(view.place),
        "months": listed if view.month in listed else [view.month, *listed],
    }  # fmt: skip
    return render_template(template, **{**around, **more})


def _may(who: Principal, path: str) -> bool:
    return READERS.allows(who, SimpleNamespace(area_path=path))


def _named(paths: list[str]) -> list[tuple[str, str]]:
    known = places.names(paths)
    return [(path, known[path]) for path in paths]
