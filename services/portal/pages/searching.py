"""Search over all matters in sight, closed ones too, and the list of whistles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import redirect, render_template, request

from chassis.errors import Invalid, NotFound
from chassis.identity import Principal
from contracts import registry
from kernel import numbers
from kernel.areas import ancestors, is_path, is_within
from kernel.codes import WhistleState
from services.portal.accounts.current import current_principal, now, process
from services.portal.api import saving
from services.portal.api import searching as answering
from services.portal.api.answering import next_page
from services.portal.api.extras import FORM_OVERHEAD
from services.portal.pages import csrf, finding, places, todos
from services.portal.pages.blueprint import blueprint
from services.portal.pages.peering import gather
from services.portal.readmodel import kinds
from services.portal.readmodel.saying import made
from services.portal.readmodel.shapes import SearchMatters

OPEN = (WhistleState.DRAFTED, WhistleState.PENDING_APPROVAL, WhistleState.BLOWN)


@blueprint.get("/find")
def find() -> Any:
    """The question of GET /api/matters with its answer below; what is wrong with it stands beside the field."""
    return shown()


@blueprint.post("/find/saved")
def save_find() -> Any:
    """Errors: CrossSite, Unauthenticated; what is wrong stands on the page."""
    return changed(lambda: saving.save({"name": request.form.get("name", ""), "query": request.form.get("query", "")}))


@blueprint.post("/find/saved/<key>/<act>")
def change_saved(key: str, act: str) -> Any:
    """Errors: NotFound, CrossSite, Unauthenticated; what is wrong stands on the page."""
    if act not in ACTS:
        raise NotFound("没有这个操作")
    return changed(lambda: ACTS[act](key))


ACTS: dict[str, Callable[[str], Any]] = {
    "name": lambda key: saving.rename(key, {"name": request.form.get("name", "")}),
    "end": saving.delete,
}


def changed(act: Callable[[], Any]) -> Any:
    request.max_content_length = FORM_OVERHEAD
    current_principal()
    csrf.check()
    try:
        act()
    except Invalid as error:
        return shown({f"saved-{name}": "；".join(texts) for name, texts in error.details["fields"].items()})
    return redirect("/find", 303)


def query() -> str:
    """What was asked, wherever in its pages."""
    told = [(name, value) for name, value in request.args.items(multi=True) if name not in saving.PAGING and value]
    return urlencode(told)


def shown(wrong: dict[str, str] | None = None) -> Any:
    asked, found, wrong = set(request.args) - set(saving.PAGING), answering.NOTHING, wrong or {}
    try:
        found = answering.found() if asked else found
    except Invalid as error:
        wrong = {name: "；".join(texts) for name, texts in error.details["fields"].items()}
    place = request.args.get("area_path", "")
    items = [replace(todos.of_case(each), what=kinds.about(each.kind).name) for each in found.matters]
    parts = gather(todos.questions([item.number for item in items]))
    page = render_template(
        "find.html", items=todos.told(items, parts, by_due=False), asked=asked, more=asked - {"q"}, wrong=wrong,
        moment=now(),
        areas=places.names({item.area_path for item in items}), fields=FIELDS, kinds=KINDS,
        places=offered(current_principal(), place if is_path(place) else None),
        states=kinds.about(request.args.get("kind", "")).states.choices(),
        saved=saving.listed(), query=query() if asked and not wrong else "",
        further=next_page(found.cursor) if found.cursor else None,
    )  # fmt: skip
    return page, 422 if wrong else 200


def offered(who: Principal, chosen: str | None) -> list[tuple[str, str]]:
    """Where to look: the places of `who` and what lies right below them; on the way to `chosen` and below it too, so
    that who has chosen a community can choose its grid next."""
    mine = {grant.node for grant in who.grants}
    tops = sorted(node for node in mine if mine.isdisjoint(ancestors(node)))
    paths = [path for top in tops for path in _opened(top, chosen or top, right_below=True)]
    paths += [chosen] if chosen and chosen not in paths else []
    names = places.names(paths)
    return [(path, names[path]) for path in paths]


def _opened(path: str, towards: str, *, right_below: bool = False) -> Iterator[str]:
    yield path
    if right_below or is_within(towards, path):
        for below, _ in places.children(path):
            yield from _opened(below, towards)


FIELDS = {name: field.label for name, field in made(SearchMatters).fields.items() if getattr(field, "label", "")}
KINDS = [(kind, about.name) for kind, about in registry.MATTERS.items() if about.name in numbers.KINDS.values()]


@blueprint.get("/whistles")
def whistles() -> str:
    who, over = current_principal(), request.args.get("over") == "1"
    units = places.units()
    states = [state for state in WhistleState if (state not in OPEN) == over]
    with process().store.transaction() as session:
        rows = finding.asked_in(session, finding.whistles(session, who, states=states), units)
    areas = places.names({row["area_path"] for row in rows})
    return render_template("whistles.html", rows=rows, areas=areas, over=over, moment=now())
