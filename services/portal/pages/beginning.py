"""Pages on which work begins: something new is registered, in half a minute on a phone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import render_template, request

from chassis.errors import Forbidden, NotFound
from chassis.identity import Principal
from chassis.store import new_id
from contracts import registry
from contracts.intake.appeals import RegisterAppeal
from contracts.intake.places import ListCategories
from contracts.mediation.decisions import ListDecisionTemplates
from kernel.areas import is_path
from services.portal.accounts.current import current_principal
from services.portal.pages import places
from services.portal.pages.acting import Action, Failure
from services.portal.pages.blueprint import blueprint
from services.portal.pages.derived import Derived, derived
from services.portal.pages.forms import BEGINNING, FORMS, Form
from services.portal.pages.peering import gather

BEGINS = {form.method: form for form in BEGINNING}
"""Each is offered to the roles its command is for; the service judges."""
LEVELS = {3: 3, 4: 2, 5: 1}
"""By the depth of the own area, how many levels below it are listed; elsewhere its children."""
MOST_PLACES = 400


@blueprint.get("/new/<method>")
def begin_page(method: str) -> str:
    return show(method)


@blueprint.get("/new/<method>/where")
def where(method: str) -> str:
    """The area tree, for what happened outside the own area."""
    if method not in BEGINS:
        raise NotFound("没有这个页面")
    current_principal()
    return render_template("where.html", base=f"/new/{method}", tree=f"/new/{method}/where", **tree())


def show(method: str, failure: Failure | None = None, entered: Mapping[str, str] | None = None, **more: Any) -> str:
    """The page, with `failure` also what was not taken; with `entered` as it stood. `more` is for the template.

    Errors: NotFound, Forbidden, Unauthenticated.
    """
    form = BEGINS.get(method)
    if form is None:
        raise NotFound("没有这个页面")
    who = current_principal()
    if form.command.by.roles and not who.roles & set(form.command.by.roles):
        raise Forbidden(f"您的岗位不能“{form.name}”", roles=sorted(form.command.by.roles))
    key = failure.key if failure and failure.key else str(new_id())
    presets = {"area_path": chosen(), **(entered or {})}
    action = Action(FORMS[method], "", "new", None, choices(who, method), key, failure, presets)
    return render_template("begin.html", action=action, failure=failure, helps=method == RegisterAppeal.method, **more)


def found(form: Form, answer: dict[str, Any]) -> list[Derived]:
    """An answer by its labels: each row of a list, else the whole."""
    row = registry.listed(form.command.answer)
    views = answer["items"] if row else [answer]
    return [derived(row or form.command.answer, each, places.units()) for each in views]


def choices(who: Principal, method: str) -> dict[str, Any]:
    paths = list(dict.fromkeys([*filter(None, [chosen()]), *own_places(who, method)]))[:MOST_PLACES]
    named = places.names(paths)
    chosen_from = {"places": [(path, named[path]) for path in paths]}
    asked = {field.name for field in BEGINS[method].fields}
    more = {key: listed() for name, (key, listed) in LISTED.items() if name in asked}
    return {**chosen_from, **more}


def chosen() -> str:
    """The place that was tapped in the tree."""
    at = request.args.get("at", "")
    return at if is_path(at) else ""


def own_places(who: Principal, method: str) -> list[str]:
    """Where `who` may register, the smallest places too."""
    roles = BEGINS[method].command.by.roles
    nodes = sorted({grant.node for grant in who.grants if not roles or grant.role in roles})
    return [path for node in nodes for path in places.below(node, LEVELS.get(node.count(".") + 1, 1))]


def categories() -> list[tuple[str, str]]:
    """The leaves of the category tree, by the names of their branch."""
    listed = gather({"categories": (ListCategories, {})})["categories"].data
    found = {one["code"]: one for one in (listed or {}).get("items", ())}
    inner = {one["parent"] for one in found.values()}
    return [(code, _branch(one, found)) for code, one in found.items() if code not in inner]


def templates() -> list[tuple[str, str]]:
    """The ways of deciding in force here, each with its stages in order."""
    listed = gather({"templates": (ListDecisionTemplates, {})})["templates"].data
    found = (listed or {}).get("items", ())
    return [(one["code"], f"{one['title']}（{'→'.join(each['name'] for each in one['stages'])}）") for one in found]


LISTED: dict[str, tuple[str, Callable[[], list[tuple[str, str]]]]] = {
    "category": ("categories", categories), "template": ("templates", templates),
}  # fmt: skip
"""What a field is chosen from, by its name: the key of the view, and who lists it."""


def _branch(one: dict[str, Any], found: dict[str, Any]) -> str:
    above = found.get(one["parent"] or "")
    return f"{above['name']}：{one['name']}" if above else str(one["name"])


def tree() -> dict[str, Any]:
    """The place `?at=` with what lies above and below it; levels with one child are skipped."""
    at: str | None = request.args.get("at", "")
    at = at if at and is_path(at) else None
    found = places.children(at)
    while len(found) == 1 and (at is None or at.count(".") < 1):
        at = found[0][0]
        found = places.children(at)
    above = [".".join(at.split(".")[: length + 1]) for length in range(1, at.count(".") + 1)] if at else []
    named = places.names(above)
    return {"at": at, "below": found, "above": [(path, named[path]) for path in above],
            "enough": at is not None and at.count(".") >= 3}  # fmt: skip
