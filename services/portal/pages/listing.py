"""Pages of lists, drawn from the labels of their rows: for who has logged in, and boards of a place for everybody."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from flask import redirect, render_template, request

from chassis.errors import NotFound
from contracts import registry
from contracts.mediation.council_board import ListCouncilBoard
from contracts.mediation.covenants import ListCovenantBoard
from contracts.schema import CommandSchema
from kernel.areas import is_path
from services.portal.accounts.current import current_principal, now, process
from services.portal.api.asking import ask
from services.portal.api.public import posted
from services.portal.pages import places
from services.portal.pages.beginning import tree
from services.portal.pages.blueprint import blueprint
from services.portal.pages.derived import BOARDS, LISTS, Derived, View, derived
from services.portal.readmodel import scope
from services.portal.readmodel.saying import made

MOST, LONGEST_WORDS = 50, 60
LEADS = {ListCouncilBoard.method: "/c/{number}", ListCovenantBoard.method: "/covenants/{number}/comparison"}
"""Where everybody reads on about what hangs on a board."""


def listed(command: type[CommandSchema]) -> str:
    """Errors: Unauthenticated; as the service's."""
    who, units, row = current_principal(), places.units(), registry.listed(command.answer)
    answer = ask(command, _asked(command, state=[each for each in request.args.getlist("state") if each]))
    with process().store.transaction() as session:
        seen = scope.seen_of(session, who, [view["number"] for view in answer["items"]])
    states = row.about.states.choices() if row and row.about and "state" in made(command).fields else ()
    asked = f"/api{command.route.partition(' ')[2]}?state={command.rings}&limit={MOST}" if command.rings else ""
    more = {"seen": seen, "states": states, "renews_after": command.renews_after, "rings": asked}
    return _drawn(command, answer, units, title=command.title, **more)


def board(command: type[CommandSchema], area: str | None = None) -> Any:
    """What is posted at a place; where none is named, first the place. Errors: NotFound for what is no place."""
    if area is None:
        found = tree()
        if found["at"] and request.args.get("here"):
            return redirect(f"/{command.page}/{found['at']}", 303)
        here = f"/{command.page}"
        return render_template("where.html", base=here, tree=here, public=True, about=command.title, **found)
    if not is_path(area):
        raise NotFound("没有这个地方")
    answer = posted(command, _asked(command, area_path=area))
    return _drawn(
        command,
        answer,
        {},
        title=f"{places.names([area])[area]} {command.title}",
        public=True,
        lead=LEADS.get(command.method),
        searched="cursor" not in made(command).fields,
    )


def _asked(command: type[CommandSchema], **more: Any) -> dict[str, Any]:
    told = {"cursor": request.args.get("cursor") or None, "limit": MOST, **more}
    return {name: value for name, value in told.items() if name in made(command).fields}


def _drawn(command: type[CommandSchema], answer: View, units: dict[str, str], **more: Any) -> str:
    row: Any = registry.listed(command.answer)
    views: Iterable[View] = answer["items"]
    areas = places.names({view["area_path"] for view in views if "area_path" in view})
    words = request.args.get("q", "").strip()[:LONGEST_WORDS]
    rows = [(view, told) for view in views if _says(told := derived(row, view, units), words)]
    return render_template(
        "list.html", rows=rows, about=row.about, areas=areas, cursor=answer.get("next_cursor"), moment=now(), **more
    )


def _says(told: Derived, words: str) -> bool:
    """Whether a row says the words somebody looks for, in whatever field."""
    return any(words in said for said in (told.title, told.words, *(said for _, said in told.facts)))


for each in LISTS:
    blueprint.add_url_rule(f"/{each.page}", each.method, partial(listed, each))
for each in BOARDS:
    blueprint.add_url_rule(f"/{each.page}", each.method, partial(board, each))
    blueprint.add_url_rule(f"/{each.page}/<area>", f"{each.method}_of", partial(board, each))
