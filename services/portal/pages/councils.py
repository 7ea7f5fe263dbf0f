"""The page behind the code on a council's poster 议事会: what everybody may know of it, and the sheet to put up."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flask import Response, render_template

from contracts.dispatch.catalogue import ListUnits
from contracts.mediation.council_board import GetCouncilRecord
from contracts.mediation.council_views import CouncilOnBoard, CouncilPaper, CouncilState
from contracts.mediation.topics import INSIDERS
from kernel.numbers import normalise
from services.portal.accounts.current import current_principal
from services.portal.api import public
from services.portal.api.asking import ask_as_portal
from services.portal.pages import posters
from services.portal.pages.blueprint import blueprint
from services.portal.pages.derived import derived, headline
from services.portal.readmodel.saying import made, word


@blueprint.get("/c/<number>")
def council(number: str) -> str:
    """Errors: NotFound."""
    found = _record(number)
    named = ask_as_portal(ListUnits, {})["items"] if found["works"] else ()
    units = {unit["code"]: unit["name"] for unit in named}
    state, told = CouncilOnBoard.about.state(found["state"]), derived(CouncilOnBoard, found, units)
    return render_template("council.html", council=found, state=state, told=told)


@blueprint.get("/c/<number>/poster")
def council_poster(number: str) -> str:
    """Errors: NotFound."""
    return posters.sheet(*_poster(number))


@blueprint.get("/c/<number>/poster.pdf")
def council_poster_pdf(number: str) -> Response:
    """Errors: NotFound."""
    return posters.printed(*_poster(number))


def papers(view: dict[str, Any]) -> list[tuple[str, str]]:
    """What can be printed of a council by who looks at it: code and words, as it stands."""
    if not INSIDERS.allows(current_principal(), SimpleNamespace(**view)):
        return []
    state = CouncilState(view["state"])
    there = {
        CouncilPaper.NOTICE: state == CouncilState.CONVENED,
        CouncilPaper.SIGN_IN: state in (CouncilState.CONVENED, CouncilState.HELD),
        CouncilPaper.MINUTES: bool(view["minutes"]),
        CouncilPaper.RESULT: bool(view["published_until"]) and state != CouncilState.HELD,
    }
    return [(paper.value, paper.label) for paper in CouncilPaper if there[paper]]


blueprint.add_app_template_filter(papers, "council_papers")


def _poster(number: str) -> tuple[str, str, str, str]:
    """Address, place, heading and call."""
    found = _record(number)
    starts = word(made(CouncilOnBoard).fields["starts_at"], "starts_at", found["starts_at"], {})
    heading = headline(CouncilOnBoard, found)
    call = f"{starts}，{found['place_text']}。扫一扫，看议题、结果和进展"
    return f"c/{found['number']}", str(found["area_path"]), heading, call


def _record(number: str) -> dict[str, Any]:
    return public.posted(GetCouncilRecord, {"number": normalise(number)})
