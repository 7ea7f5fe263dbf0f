"""The pages a phone may keep: what is done outdoors, with forms alone and nothing of what others wrote."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request, send_from_directory

from chassis.errors import NotFound, ServiceError
from chassis.identity import Principal
from contracts import registry
from services.portal.accounts.current import current_principal, now, process
from services.portal.pages import case, csrf
from services.portal.pages.acting import Action
from services.portal.pages.beside import buttons
from services.portal.pages.blueprint import blueprint
from services.portal.pages.forms import BEGINNING, FORMS
from services.portal.pages.peering import gather
from services.portal.pages.todos import of_case, questions, told
from services.portal.readmodel import kinds, lists, scope

KEPT = "X-Outdoors"
"""Names the account whose page it is; the service worker keeps pages that carry it, and no others."""
MOST = 30
BEGINS = tuple(form for form in BEGINNING if form.command.outdoors)
ADDRESSES = frozenset({"/outdoors", *(f"/new/{form.method}" for form in BEGINS)})
OF_KINDS = frozenset(
    shown.kind for form in FORMS.values() if form.key and form.command.outdoors and (shown := form.command.answer.about)
)


@blueprint.get("/sw.js")
def service_worker() -> Response:
    """At the root, since it serves what lies below its own address."""
    return send_from_directory(blueprint.static_folder, "sw.js")  # type: ignore[arg-type]


@blueprint.get("/outdoors/session")
def session() -> dict[str, Any]:
    """Who is logged in, and the token for what that account sends. Errors: Unauthenticated."""
    try:
        return {"who": current_principal().id, "token": csrf.token()}
    except ServiceError:
        return {"who": "", "token": ""}


@blueprint.get("/outdoors/without")
def without() -> str:
    """What is shown without a network in place of a page that was not kept."""
    return render_template("without.html")


@blueprint.get("/outdoors")
def outdoors() -> str:
    """What may be begun, what waits to be walked, and what the phone has not sent."""
    who, moment = current_principal(), now()
    with process().store.transaction() as store:
        waiting, _ = lists.desk(store, who, {"limit": MOST}, moment)
    rows = [of_case(each, mine=scope.units(who)) for each in waiting if each.kind in OF_KINDS]
    parts = gather(questions([each.number for each in rows]))
    begins = [form for form in BEGINS if who.roles & set(form.command.by.roles)]
    return render_template("outdoors.html", begins=begins, todo=told(rows, parts), moment=moment)


@blueprint.get("/outdoors/<number>")
def matter(number: str) -> str:
    """Its forms for outdoors. Errors: NotFound, Unauthenticated."""
    who = current_principal()
    known = case.look(who, number)
    detail = gather({"detail": (registry.READS[known.page.kind], {"number": known.page.number})})["detail"].data
    actions = _offered(who, known, detail)
    if not actions:
        raise NotFound("这件事现在没有户外要办的")
    name = kinds.about(known.page.kind).name
    return render_template("outdoors_matter.html", name=name, page=known.page, actions=actions)


def _offered(who: Principal, known: case.Known, detail: Any) -> list[Action]:
    parts: dict[str, Any] = {"detail": detail, "mediation": None, "follow_up": None, "whistles": []}
    found: list[Action] = buttons(who, known.page, parts, None)["beside"]["detail"]
    return [each for each in found if each.form.command.outdoors]


@blueprint.after_request
def keep(response: Response) -> Response:
    """Marks what a phone may keep."""
    mine = request.path in ADDRESSES or request.endpoint == "pages.matter"
    if mine and request.method == "GET" and response.status_code == 200 and not request.query_string:
        response.headers[KEPT] = current_principal().id
    return response
