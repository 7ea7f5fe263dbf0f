"""Logging in and out by a provider of sign-ins: to it and back. Links, for a form may lead nowhere else (CSP)."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, request
from sqlalchemy.orm import Session

from chassis.errors import NotFound, ServiceError, Unauthenticated
from chassis.identity import Principal
from services.portal.accounts import current, limits, links, outside
from services.portal.accounts.arriving import Way
from services.portal.accounts.current import now, process
from services.portal.pages.blueprint import blueprint
from services.portal.pages.entrance import again_empty, entered, inside

COOKIE = "shaodao_outside"
BEGIN, BACK = "/login/outside", "/login/outside/back"
STRANGER = "统一登录认得您，但这里没有绑定您的账号。请找管理员绑定，或用密码登录"


@blueprint.app_context_processor
def offered() -> dict[str, Any]:
    """What the login page offers beside the password."""
    return {"outside": outside.provider}


@blueprint.get(BEGIN)
def begin_outside() -> Any:
    """To the provider."""
    found, to = _provider(), inside(request.args.get("next"))
    try:
        address, kept = outside.begin(found, _address(BACK), to, now())
    except ServiceError as error:
        return again_empty(error, to)
    response = redirect(address, 303)
    response.set_cookie(
        COOKIE, kept, max_age=int(outside.GOOD_FOR.total_seconds()), httponly=True, samesite="Lax",
        secure=request.is_secure, path=BEGIN,
    )  # fmt: skip
    return response


@blueprint.get(BACK)
def back_from_outside() -> Any:
    """From the provider. Logins that come to nothing are counted by address."""
    found, kept, answer = _provider(), request.cookies.get(COOKIE, ""), request.args.to_dict()
    try:
        spent = limits.spend(process().store, "outside_address", limits.network(request.remote_addr), now())
        subject, to = outside.finish(found, kept, answer, _address(BACK), now())
    except ServiceError as error:
        return _without_cookie(again_empty(error, "/"))
    limits.give_back(process().store, spent)
    return _without_cookie(entered(lambda session: _enter(session, found, subject), again_empty, to))


@blueprint.get("/logout/outside")
def leave_outside() -> Any:
    """Out at the provider too; the session here has ended before."""
    address = outside.leaving(_provider(), _address("/login"))
    return redirect(address or "/login", 303)


def _enter(session: Session, found: outside.Provider, subject: str) -> tuple[str, Principal]:
    account = links.account_of(session, found.issuer, subject)
    if account is None:
        raise Unauthenticated(STRANGER)
    return current.enter(session, account, Way.OUTSIDE, now())


def _provider() -> outside.Provider:
    """Errors: NotFound where the operator names none."""
    found = outside.provider()
    if found is None:
        raise NotFound("这里没有统一登录")
    return found


def _address(path: str) -> str:
    return request.host_url.rstrip("/") + path


def _without_cookie(answer: Any) -> Any:
    response = make_response(answer)
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=request.is_secure, path=BEGIN)
    return response
