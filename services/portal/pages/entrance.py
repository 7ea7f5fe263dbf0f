"""Logging in and out on a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from flask import g, make_response, redirect, render_template, request
from sqlalchemy.orm import Session

from chassis.errors import ServiceError, Unauthenticated
from chassis.identity import Principal
from services.portal.accounts import current, tickets
from services.portal.accounts.arriving import Way
from services.portal.api.extras import FORM_OVERHEAD
from services.portal.api.reading import CONTROL
from services.portal.api.session import set_cookie
from services.portal.pages import beginning, case, csrf
from services.portal.pages.acting import Failure, target_of
from services.portal.pages.blueprint import blueprint
from services.portal.pages.forms import FORMS
from services.portal.problems import CodeWanted, TooManyRequests

WAITING = "waiting."
"""Before the names of fields of a form that waits for the login."""


@blueprint.get("/login")
def login() -> Any:
    return render_template("login.html", to=inside(request.args.get("next")), error=None, username="")


@blueprint.post("/login")
def log_in() -> Any:
    username, password = request.form.get("username", ""), request.form.get("password", "")
    return entered(
        lambda session: current.login(session, username, password, current.now()),
        lambda error, to: _again(error, username, to),
    )


@blueprint.post("/login/code")
def log_in_with_code() -> Any:
    """The second half: a code of the app, or one from paper."""
    ticket, code = request.form.get("ticket", ""), request.form.get("code", "")
    return entered(
        lambda session: current.enter_with_ticket(session, ticket, code, current.now()),
        lambda error, to: _again(error, "", to) if str(error) == tickets.OVER else code_page(ticket, to, error),
    )


def entered(
    enter: Callable[[Session], tuple[str, Principal]], refused: Callable[[ServiceError, str], Any], to: str = ""
) -> Any:
    """Opens a session and leads on; asks for the second factor where one is set up."""
    request.max_content_length = 2 * FORM_OVERHEAD  # a form that waits for the login comes along
    to = to or inside(request.form.get("next"))
    try:
        with current.process().store.transaction() as session:
            token, _ = enter(session)
    except CodeWanted as wanted:
        return code_page(wanted.ticket, to)
    except (Unauthenticated, TooManyRequests) as error:
        return refused(error, to)
    g.opened_session = token
    response = make_response(as_typed(to) or redirect(to, 303))
    set_cookie(response, token)
    return response


def code_page(ticket: str, to: str, error: ServiceError | None = None) -> Any:
    page = render_template("login_code.html", ticket=ticket, to=to, error=error and str(error), waiting=_waiting())
    return page, error.status if error else 200


def again(to: str, method: str, form: Mapping[str, str], photos: bool) -> Any:
    """The login page with the form that came after the session ended; photographs have to be chosen again."""
    waiting = {"method": method, **{name: form[name] for name in form if name != csrf.FIELD}}
    told = "登录已经过期，您填写的内容还在：请登录，核对后再提交。" + ("照片和文件须重新选择。" if photos else "")
    page = render_template("login.html", to=to, error=told, username="", waiting=waiting)
    return page, Unauthenticated.status


def as_typed(to: str) -> str | None:
    """The page `to` with the form that waited, open and as typed; nothing is sent before its sender sends it again."""
    typed = _waiting()
    method = typed.get("method", "")
    if method not in FORMS or not to.startswith(("/cases/", "/new/")):
        return None
    error = Unauthenticated("登录过期时这张表还没有提交。您填写的内容都在，请核对后再提交；照片和文件须重新选择")
    failure = Failure(method, target_of(method, typed), error, typed, typed.get("key", ""))
    try:
        found = beginning.show(method, failure) if to.startswith("/new/") else None
        return found or case.show(unquote(to.removeprefix("/cases/")), failure)
    except ServiceError:
        return None


@blueprint.post("/logout")
def log_out() -> Any:
    request.max_content_length = FORM_OVERHEAD
    csrf.check()
    to = "/login?left=1" if _came_from_outside() else "/login"
    with current.process().store.transaction() as session:
        current.logout(session, current.now())
    response = make_response(redirect(to, 303))
    response.delete_cookie(current.COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def _came_from_outside() -> bool:
    try:
        return current.current_session().way == Way.OUTSIDE
    except Unauthenticated:
        return False


def inside(address: str | None) -> str:
    """Where to go on after logging in: only an address of this site.

    Browsers leave out tabs and line ends and read a backslash as a slash: slash, tab, slash would lead elsewhere.
    """
    wanted = address or "/"
    odd = CONTROL.search(wanted) or "\\" in wanted
    return wanted if wanted.startswith("/") and not wanted.startswith("//") and not odd else "/"


def again_empty(error: ServiceError, to: str) -> Any:
    """The login page with what went wrong."""
    return _again(error, "", to)


def _again(error: ServiceError, username: str, to: str) -> Any:
    page = render_template("login.html", to=to, error=str(error), username=username, waiting=_waiting())
    return page, error.status


def _waiting() -> dict[str, str]:
    """The form that waits for the login, as it came."""
    return {name.removeprefix(WAITING): request.form[name] for name in request.form if name.startswith(WAITING)}
