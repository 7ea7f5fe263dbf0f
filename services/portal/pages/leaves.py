"""Who is away: leave of a unit's receivers and of those who hold the posts of a place, recorded and ended."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request

from chassis.errors import NotFound, ServiceError, Unauthenticated
from contracts.dispatch.catalogue import ListUnits
from contracts.dispatch.leaves import ListReceiverLeaves
from contracts.intake.leaves import ListPostLeaves
from contracts.intake.places import ResolvePost
from services.portal.accounts.current import current_principal
from services.portal.pages import acting, commands, csrf
from services.portal.pages.acting import Action, Failure
from services.portal.pages.blueprint import blueprint
from services.portal.pages.forms import FORMS, GROUPS
from services.portal.pages.peering import Question, gather
from services.portal.readmodel import scope

HERE = frozenset(form.method for key in ("unit", "area_path") for form in GROUPS[key])
RECORD = {"unit": "record_receiver_leave", "area_path": "record_post_leave"}
END = {"unit": "end_receiver_leave", "area_path": "end_post_leave"}


@blueprint.get("/leaves")
def leaves() -> str:
    return _page()


@blueprint.post("/leaves/do/<method>")
def leaves_do(method: str) -> Any:
    """Errors: NotFound, CrossSite, Unauthenticated; what the service refuses is shown on the page itself."""
    if method not in HERE:
        raise NotFound("没有这个操作")
    csrf.check()
    form = FORMS[method]
    try:
        commands.send(form, {**commands.values_of(form), "leave_id": request.form.get("leave_id")})
    except Unauthenticated:
        raise
    except ServiceError as error:
        target = acting.target_of(method, request.form)
        return _page(Failure(method, target, error, request.form, request.form.get("key", ""))), error.status
    return redirect(f"/leaves?done={method}", 303)


def _page(failure: Failure | None = None) -> str:
    groups = [*_of_units(), *_of_places()]
    for group in groups:
        group["record"] = _recording(group, failure)
        group["end"] = END[group["key"]]
    return render_template(
        "leaves.html", groups=groups, failure=failure, done=acting.done(request.args.get("done", ""))
    )


def _recording(group: dict[str, Any], failure: Failure | None) -> Action:
    view = {**group, "allowed_commands": [RECORD[group["key"]]]}
    return acting.actions(view, group["key"], failure)[0]


def _of_units() -> list[dict[str, Any]]:
    """Each unit the viewer works for, with its receivers and their leaves."""
    codes = scope.units(current_principal())
    asked: dict[str, Question] = {code: (ListReceiverLeaves, {"unit": code}) for code in codes}
    parts = gather({**asked, "units": (ListUnits, {})}) if codes else {}
    known = {unit["code"]: unit for unit in (parts["units"].data or {}).get("items", ())} if codes else {}
    return [
        {"key": "unit", "id": code, "name": known[code]["name"], "people": known[code]["receivers"],
         "leaves": parts[code].data["items"]}
        for code in codes if code in known and parts[code].data
    ]  # fmt: skip


def _of_places() -> list[dict[str, Any]]:
    """Each place the viewer has a role at, with A and B of its post and their leaves."""
    nodes = sorted({grant.node for grant in current_principal().grants if grant.role in _ROLES})
    asked: dict[str, Question] = {node: (ResolvePost, {"area_path": node, "at": None}) for node in nodes}
    listed: dict[str, Question] = {f"{node}/": (ListPostLeaves, {"area_path": node}) for node in nodes}
    parts = gather({**asked, **listed}) if nodes else {}
    return [
        {"key": "area_path", "id": node, "name": post["name"], "people": _holders(post),
         "leaves": parts[f"{node}/"].data["items"]}
        for node in nodes if (post := parts[node].data) and parts[f"{node}/"].data and post["area_path"] == node
    ]  # fmt: skip


_ROLES = frozenset({"GRID", "COMMUNITY", "WINDOW", "STREET", "DISTRICT"})


def _holders(post: dict[str, Any]) -> list[dict[str, str]]:
    return [post[rank] for rank in ("holder", "deputy") if post[rank]]
