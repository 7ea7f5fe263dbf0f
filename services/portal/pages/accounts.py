"""Pages of accounts: an administrator makes, ends and resets them; everybody changes the own password."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import make_response, redirect, render_template, request

from chassis.errors import Invalid, NotFound, ServiceError
from kernel.codes import STAFF_ROLES, Role
from services.portal.accounts import current, limits, managing
from services.portal.accounts.current import current_principal, now, process
from services.portal.accounts.tables import Account
from services.portal.api.extras import FORM_OVERHEAD
from services.portal.pages import csrf, places
from services.portal.pages.blueprint import blueprint
from services.portal.problems import KINDS, OTHER

LEVELS_LISTED = 3
CHANGE, SET_UP = "/me", "/me/code"
DONE = {"make": "账号已建", "end": "已停用", "resume": "已恢复", "reset": "密码已重置"}


@blueprint.before_app_request
def change_first() -> Any:
    """Whoever logged in with a password that somebody else set chooses an own one before anything else; whoever holds a
    role that policy allows only with a second factor sets one up."""
    page = request.method == "GET" and request.blueprint == "pages" and not request.path.startswith(("/static", CHANGE))
    if not page or not current.cookie_token() or request.path == "/login":
        return None
    try:
        known = current.current_session()
        first = CHANGE if known.must_change else SET_UP if known.held_back else None
        return redirect(first, 303) if first else None
    except ServiceError:
        return None


@blueprint.get("/accounts")
def accounts() -> str:
    return _page()


@blueprint.post("/accounts/<act>")
def account_do(act: str) -> Any:
    """Errors: NotFound, CrossSite, Unauthenticated, Forbidden; what is wrong with fields is shown on the page."""
    request.max_content_length = FORM_OVERHEAD
    who = current_principal()
    csrf.check()
    if act not in ACTS:
        raise NotFound("没有这个操作")
    told = {name: value for name, value in request.form.items() if value}
    try:
        with process().store.transaction() as session:
            account, password = ACTS[act](session, who, told)
            made = {"name": account.name, "username": account.username, "password": password, "done": DONE[act]}
    except ServiceError as error:
        return _page(error=error, act=act), error.status
    return _page(made=made)


def _by_id(act: Callable[..., Any]) -> Callable[..., tuple[Account, str]]:
    def run(session: Any, who: Any, told: dict[str, Any]) -> tuple[Account, str]:
        found = act(session, who, told.get("account", ""), now())
        return found if isinstance(found, tuple) else (found, "")

    return run


ACTS: dict[str, Callable[..., tuple[Account, str]]] = {
    "make": lambda session, who, told: managing.make(session, who, told, now()),
    "end": _by_id(managing.end),
    "resume": _by_id(managing.resume),
    "reset": _by_id(managing.reset),
}


def _page(made: dict[str, Any] | None = None, error: ServiceError | None = None, act: str = "") -> str:
    who, words = current_principal(), request.args.get("q", "").strip()[:40]
    with process().store.transaction() as session:
        found = managing.listed(session, who, words)
        session.expunge_all()
    nodes = [path for node in managing.places_of(who) for path in places.below(node, LEVELS_LISTED)]
    named = places.names([*nodes, *(grant.node for account in found for grant in account.grants)])
    roles = [(role.value, role.label) for role in Role if role in STAFF_ROLES]
    return render_template(
        "accounts.html", accounts=found, words=words, made=made, act=act, entered=request.form, roles=roles,
        nodes=[(path, named[path]) for path in nodes], named=named, units=sorted(places.units().items()),
        wrong=wrong_of(error), error=plain(error),
    )  # fmt: skip


@blueprint.get("/me")
def me() -> str:
    return _me()


@blueprint.post("/me")
def change_password() -> Any:
    """The own password: wrong tries count as those of the login do."""
    request.max_content_length = FORM_OVERHEAD
    who = current_principal()
    csrf.check()
    try:
        spent = limits.spend(process().store, "login", f"{who.id}|change", now())
        with process().store.transaction() as session:
            managing.change(session, who, request.form.get("old", ""), _chosen(), now())
    except ServiceError as error:
        return _me(error), error.status
    limits.give_back(process().store, spent)
    response = make_response(redirect("/login?changed=1", 303))
    response.delete_cookie(current.COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def _chosen() -> str:
    """Errors: Invalid when it was not typed twice alike."""
    new = request.form.get("password", "")
    if new != request.form.get("again", ""):
        raise Invalid.because({"again": ["两次输入的新密码不一样"]})
    return new


def _me(error: ServiceError | None = None) -> str:
    forced = current.current_session().must_change
    return render_template("me.html", wrong=wrong_of(error), error=plain(error), forced=forced)


def wrong_of(error: ServiceError | None) -> dict[str, str]:
    told = error.details.get("fields", {}) if error else {}
    return {name: "；".join(texts) for name, texts in told.items()}


def plain(error: ServiceError | None) -> str:
    if error is None:
        return ""
    return KINDS.get(error.code, OTHER).plain if wrong_of(error) else error.message
