"""The wall of a street: what is late and what is due today, by stage, and who is on duty; drawn anew by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from contracts.intake.places import ResolvePost
from kernel.calendar import local_day
from services.portal.accounts.current import now, process
from services.portal.pages import seeing
from services.portal.pages.blueprint import blueprint
from services.portal.pages.peering import gather
from services.portal.readmodel import counting, kinds
from services.portal.readmodel.counting import Stage

RENEWED_SECONDS = 30


class Line(NamedTuple):
    """A stage, and the address of the rows of each figure."""

    name: str
    stage: Stage
    links: dict[str, str]


@blueprint.get("/duty-wall")
def wall() -> str:
    """Errors: as `seeing.viewed`."""
    view, moment = seeing.viewed(), now()
    with process().store.transaction() as session:
        found = counting.stages(session, view.who, view.place, moment)
    asked = {"area_path": view.place, "open": True}
    lines = sorted((line(view, key, stage, moment) for key, stage in found.items()), key=_worst_first)
    part = gather({"post": (ResolvePost, {"area_path": view.place})})["post"]
    return seeing.shown(
        "wall.html", view, lines=lines, whole=Stage(*map(sum, zip(*found.values(), strict=True))) if found else None,
        links=links(asked, moment), post=part.data or {}, away=part.missing, moment=moment, renewed=RENEWED_SECONDS,
    )  # fmt: skip


def line(view: seeing.View, key: tuple[str, str], stage: Stage, moment: datetime) -> Line:
    kind, state = key
    about = kinds.about(kind)
    return Line(
        f"{about.name}　{about.state(state)}",
        stage,
        links({"area_path": view.place, "open": True, "kind": kind, "state": state}, moment),
    )


def links(asked: dict[str, Any], moment: datetime) -> dict[str, str]:
    day = local_day(moment)
    return {
        "open": seeing.rows(asked),
        "overdue": seeing.rows({**asked, "overdue": True}),
        "today": seeing.rows({**asked, "due_from": day, "due_to": day}),
    }


def _worst_first(found: Line) -> tuple[int, int, int, str]:
    return -found.stage.overdue, -found.stage.today, -found.stage.open, found.name
