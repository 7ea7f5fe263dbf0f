"""Logging in and out on a page."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request

from chassis.errors import ServiceError, Unauthenticated
from services.portal.accounts import current
from services.portal.api.extras import FORM_OVERHEAD
from services.portal.api.reading import CONTROL
from services.portal.api.session import set_cookie
from services.portal.pages import csrf
from services.portal.pages.blueprint import blueprint
from services.portal.problems import TooManyRequests


@blueprint.get("/login")
def login() -> Any:
    return render_template("login.html", to=inside(request.args.get("next")), error=None, username="")


@blueprint.post("/login")
def log_in() -> Any:
    request.max_content_length = FORM_OVERHEAD
    username, to = request.form.get("username", ""), inside(request.form.get("next"))
    try:
        with current.process().store.transaction() as session:
            token, _ = current.login(session, username, request.form.get("password", ""), current.now())
    except (Unauthenticated, TooManyRequests) as error:
        return _again(error, username, to)
    response = make_response(redirect(to, 303))
    set_cookie(response, token)
    return response


@blueprint.post("/logout")
def log_out() -> Any:
    request.max_content_length = FORM_OVERHEAD
    csrf.check()
    with current.process().store.transaction() as session:
        current.logout(session, current.now())
    response = make_response(redirect("/login", 303))
    response.delete_cookie(current.COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def inside(address: str | None) -> str:
    """Where to go on after logging in: only an address of this site.

    Browsers leave out tabs and line ends and read a backslash as a slash: slash, tab, slash would lead elsewhere.
    """
    wanted = address or "/"
    odd = CONTROL.search(wanted) or "\\" in wanted
    return wanted if wanted.startswith("/") and not wanted.startswith("//") and not odd else "/"


def _again(error: ServiceError, username: str, to: str) -> Any:
    return render_template("login.html", to=to, error=str(error), username=username), error.status
