"""Tokens of programs: made for some operations, shown once, given up."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request

from chassis.errors import Invalid, ServiceError
from services.portal.accounts import current, programs
from services.portal.accounts.current import now, process
from services.portal.api import programs as api
from services.portal.api.extras import FORM_OVERHEAD
from services.portal.pages import csrf
from services.portal.pages.accounts import plain, wrong_of
from services.portal.pages.blueprint import blueprint

TERMS = (("30", "30 天"), ("90", "90 天"), ("180", "半年"), ("366", "一年"))
PICKED = "scope:"


@blueprint.get("/me/programs")
def own_programs() -> str:
    return _page()


@blueprint.post("/me/programs/make")
def make_program() -> Any:
    """Errors: CrossSite, Unauthenticated; what is wrong with fields is shown on the page."""
    request.max_content_length = FORM_OVERHEAD
    who = current.current_principal()
    csrf.check()
    try:
        told = api.loaded(_told())
        with process().store.transaction() as session:
            row, token = programs.make(session, who, told, api.known_operations(), now())
            name = row.name
    except ServiceError as error:
        return _page(error=error), error.status
    return _page(token=token, name=name)


@blueprint.post("/me/programs/end")
def end_program() -> Any:
    """Errors: NotFound, CrossSite, Unauthenticated."""
    request.max_content_length = FORM_OVERHEAD
    who = current.current_principal()
    csrf.check()
    key = api.key_of(request.form.get("token", ""))
    with process().store.transaction() as session:
        current.sessions().forget(programs.end(session, who, who.id, key, now()).token_hash)
    return redirect("/me/programs", 303)


def _told() -> dict[str, Any]:
    """Errors: Invalid for a term that is none of those offered."""
    days = request.form.get("days", "")
    Invalid.where(days=days not in dict(TERMS) and "请选择有效期")
    scopes = [name.removeprefix(PICKED) for name in request.form if name.startswith(PICKED)]
    return {"name": request.form.get("name", ""), "days": int(days), "scopes": scopes}


def _page(token: str = "", name: str = "", error: ServiceError | None = None) -> str:
    who, known = current.current_principal(), api.known_operations()
    with process().store.transaction() as session:
        found = list(programs.listed(session, who.id, now()))
        session.expunge_all()
    chapters: dict[str, list[api.Operation]] = {}
    for each in known.values():
        if not each.roles or each.roles & who.roles:
            chapters.setdefault(each.chapter, []).append(each)
    return render_template(
        "programs.html", found=found, chapters=chapters, known=known, terms=TERMS, token=token, name=name,
        entered=request.form if error else {}, wrong=wrong_of(error), error=plain(error), picked=PICKED,
    )  # fmt: skip
