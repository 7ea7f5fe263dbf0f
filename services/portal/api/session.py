"""Logging in and out, and who one is."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request
from flask_smorest import Blueprint
from marshmallow import ValidationError

from chassis.errors import Invalid
from kernel.codes import Role
from services.portal.accounts import current
from services.portal.accounts.sessions import LIFETIME, Known
from services.portal.api import reading
from services.portal.api.own import body, serve
from services.portal.api.shapes import LoginInput, LoginView, MeView

TAG = "登录"
SMALL = 64 * 1024
blueprint = Blueprint("session", __name__, url_prefix="/api")


def log_in() -> Response:
    """POST /api/session"""
    request.max_content_length = SMALL
    told = _loaded(reading.body(request))
    moment = current.now()
    with current.process().store.transaction() as session:
        token, _ = current.login(session, told["username"], told["password"], moment, told.get("code"))
    known = current.sessions().find(current.process().store, token, moment)
    answer = {"token": token, "expires_at": known.expires_at, "person": person(known)}
    response = jsonify(LoginView().dump(answer))
    response.status_code = 201
    set_cookie(response, token)
    return response


def log_out() -> Response:
    """DELETE /api/session"""
    with current.process().store.transaction() as session:
        current.logout(session, current.now())
    response = Response(status=204)
    response.delete_cookie(current.COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def get_me() -> Response:
    """GET /api/me"""
    return jsonify(MeView().dump(person(current.current_session())))


def set_cookie(response: Response, token: str) -> None:
    """The cookie of a session: out of reach of scripts, and not sent by other sites' forms."""
    response.set_cookie(
        current.COOKIE,
        token,
        max_age=int(LIFETIME.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
        path="/",
    )


def person(known: Known) -> dict[str, Any]:
    """A principal as its owner sees it."""
    who = known.principal
    grants = [
        {"role": grant.role, "label": Role(grant.role).label, "node": grant.node, "unit": grant.unit}
        for grant in who.grants
    ]
    return {
        "id": who.id,
        "name": who.name,
        "kind": who.kind,
        "unit": known.unit,
        "roles": sorted(who.roles),
        "grants": grants,
        "expires_at": known.expires_at,
    }


def _loaded(told_body: dict[str, Any]) -> dict[str, Any]:
    try:
        told: dict[str, Any] = LoginInput().load(told_body)
    except ValidationError as error:
        raise Invalid.because(error.messages_dict) from error
    return told


serve(
    blueprint, "POST", "/session", log_in,
    {"status_code": 201, "schema": LoginView, "description": "已登录；同时设置 cookie shaodao_session"},
    tag=TAG, summary="登录", security=[],
    description="连续输错会被暂停。登录凭证有效期 8 小时。设置了动态验证码的账号没有带 code 时，答复 code_wanted。",
    requestBody=body(LoginInput, {"username": "lishan", "password": "（您的密码）"}),
    errors=["malformed", "unauthenticated", "cross_site", "too_large", "unsupported_media_type", "invalid",
            "too_many_requests"],
)  # fmt: skip
serve(
    blueprint, "DELETE", "/session", log_out,
    {"status_code": 204, "description": "已退出；没有登录也一样"},
    tag=TAG, summary="退出", errors=["cross_site"],
)  # fmt: skip
serve(
    blueprint, "GET", "/me", get_me,
    {"status_code": 200, "schema": MeView, "description": "成功"},
    tag=TAG, summary="我是谁", description="本人的角色，以及在哪些区域和单位。", errors=["unauthenticated"],
)  # fmt: skip
