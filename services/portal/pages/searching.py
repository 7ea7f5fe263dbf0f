"""A search box over the cases in sight, closed ones too, and the list of whistles."""

from __future__ import annotations

from flask import render_template, request

from chassis.identity import Principal
from kernel.codes import WhistleState
from services.portal.accounts.current import current_principal, now, process
from services.portal.pages import desk, finding, places
from services.portal.pages.blueprint import blueprint
from services.portal.pages.peering import gather
from services.portal.readmodel import scope

LONGEST = 60
OPEN = (WhistleState.DRAFTED, WhistleState.PENDING_APPROVAL, WhistleState.BLOWN)
LEVELS_SEARCHED = 3


@blueprint.get("/find")
def find() -> str:
    """By number, place or masked name; without words the open cases, or the closed ones."""
    who, words = current_principal(), request.args.get("q", "").strip()[:LONGEST]
    closed = request.args.get("closed") == "1"
    there = placed(who, words) if words else []
    with process().store.transaction() as session:
        found = finding.cases(session, who, words, there, closed=closed) if words or closed else []
        items = [desk.of_case(page) for page in found]
    parts = gather(desk.questions([item.number for item in items]))
    return render_template(
        "find.html", items=desk.told(items, parts, by_due=False), words=words, closed=closed, moment=now(),
        areas=places.names({item.area_path for item in items}), most=finding.MOST,
    )  # fmt: skip


def placed(who: Principal, words: str) -> list[str]:
    """The places in sight whose name contains the words."""
    nodes = scope.nodes(who, scope.OF_PLACE | scope.OF_DISPUTES)
    paths = [path for node in nodes for path in places.below(node, LEVELS_SEARCHED)]
    return [path for path, name in places.names(paths).items() if words in name]


@blueprint.get("/whistles")
def whistles() -> str:
    who, over = current_principal(), request.args.get("over") == "1"
    states = [state for state in WhistleState if (state not in OPEN) == over]
    with process().store.transaction() as session:
        rows = finding.whistles(session, who, states=states)
    areas = places.names({row.area_path for row in rows})
    return render_template("whistles.html", rows=rows, areas=areas, over=over, moment=now())
