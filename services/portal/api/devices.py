"""The own sessions over HTTP: /api/sessions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from chassis.errors import NotFound
from contracts.fields import Code, Flag, Id, Many, Moment, One, Text
from contracts.schema import AnswerSchema
from services.portal.accounts import current, devices
from services.portal.accounts.arriving import Way
from services.portal.accounts.current import now, process
from services.portal.api.answering import as_json
from services.portal.api.own import serve
from services.portal.api.session import TAG
from services.portal.readmodel.saying import made

blueprint = Blueprint("devices", __name__, url_prefix="/api")


class OpenSessionView(AnswerSchema):
    """One place where the account is logged in; `network` is no more than the neighbourhood of an address."""

    id = Id()
    way = Code(Way)
    device = Text(60)
    network = Text(60)
    created_at = Moment()
    seen_at = Moment(optional=True)
    expires_at = Moment()
    current = Flag()


class OpenSessionsView(AnswerSchema):
    items = Many(One(OpenSessionView))


def list_sessions() -> Response:
    """GET /api/sessions"""
    known = current.current_session()
    with process().store.transaction() as session:
        found = [shown(each, known.id) for each in devices.listed(session, known.principal.id, now())]
    return as_json({"items": found})


def end_session(key: str) -> Response:
    """DELETE /api/sessions/{key}"""
    known = current.current_session()
    with process().store.transaction() as session:
        row = devices.end_one(session, known.principal, known.principal.id, key_of(key), now())
        current.sessions().forget(row.token_hash)
    return Response(status=204)


def end_other_sessions() -> Response:
    """DELETE /api/sessions"""
    known = current.current_session()
    with process().store.transaction() as session:
        devices.end_others(session, known.principal, known.id, now())
    current.sessions().known.clear()
    return Response(status=204)


def shown(row: Any, mine: UUID) -> dict[str, Any]:
    told: dict[str, Any] = made(OpenSessionView).dump(row)
    return {**told, "current": row.id == mine}


def key_of(told: str) -> UUID:
    """Errors: NotFound for what is no id."""
    try:
        return UUID(told)
    except ValueError as error:
        raise NotFound("没有这个登录，或已经退出") from error


serve(
    blueprint, "GET", "/sessions", list_sessions,
    {"status_code": 200, "schema": OpenSessionsView, "description": "成功"}, tag=TAG,
    summary="登录的设备", description="本人账号现在在哪里登录着，最近的在前。", errors=["unauthenticated"],
)  # fmt: skip
serve(
    blueprint, "DELETE", "/sessions", end_other_sessions, {"status_code": 204, "description": "已退出"}, tag=TAG,
    summary="其他设备都退出", description="只留下发出这个请求的登录。", errors=["cross_site", "unauthenticated"],
)  # fmt: skip
serve(
    blueprint, "DELETE", "/sessions/<key>", end_session, {"status_code": 204, "description": "已退出"}, tag=TAG,
    summary="让一台设备退出", description="只能让本人的退出。",
    errors=["cross_site", "unauthenticated", "not_found"],
)  # fmt: skip
