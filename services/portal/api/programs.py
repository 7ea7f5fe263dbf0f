"""Tokens of programs over HTTP: /api/tokens, and which operations one may name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from flask import Flask, Response, current_app, request
from flask_smorest import Blueprint
from marshmallow import ValidationError

from chassis.errors import Invalid, NotFound
from contracts.fields import Count, Id, Many, Moment, One, Text
from contracts.schema import AnswerSchema, StrictShape
from services.portal.accounts import current, programs
from services.portal.accounts.current import now, process
from services.portal.accounts.programs import LONGEST_DAYS
from services.portal.accounts.tables import ProgramToken
from services.portal.api import openapi, reading
from services.portal.api.answering import as_json
from services.portal.api.own import body, serve
from services.portal.api.route import ROUTES
from services.portal.api.session import TAG
from services.portal.readmodel.saying import made

MOST_SCOPES = 500
blueprint = Blueprint("programs", __name__, url_prefix="/api")


@dataclass(frozen=True)
class Operation:
    """What a token may be good for. `roles`: for whom it is; none: for whoever has an account."""

    id: str
    chapter: str
    title: str
    writes: bool
    roles: frozenset[str]


class MakeToken(StrictShape):
    """`scopes`: operationIds of /api/openapi.json; `days`: for how long."""

    name = Text(40, label="名称")
    scopes = Many(Text(80), least=1, most=MOST_SCOPES, lacking="请选择程序要办的操作", label="能办的操作")
    days = Count(1, LONGEST_DAYS, label="有效天数")


class TokenView(AnswerSchema):
    id = Id()
    name = Text(40)
    scopes = Many(Text(80), most=MOST_SCOPES)
    created_at = Moment()
    expires_at = Moment()
    seen_at = Moment(optional=True)


class NewTokenView(TokenView):
    """`token` is shown this once."""

    token = Text(100)


class TokensView(AnswerSchema):
    items = Many(One(TokenView))


@cache
def operations(app: Flask) -> dict[str, Operation]:
    """Every operation that asks for a login, but those about logins themselves."""
    roles = {route.command.method: frozenset(str(role) for role in route.command.by.roles) for route in ROUTES}
    found = {}
    for item in openapi.document(app)["paths"].values():
        for verb, told in item.items():
            if isinstance(told, dict) and told.get("security") != [] and TAG not in told.get("tags", [TAG]):
                key = told["operationId"]
                found[key] = Operation(
                    key, told["tags"][0], told["summary"], verb != "get", roles.get(key, frozenset())
                )
    return found


def known_operations() -> dict[str, Operation]:
    return operations(current_app._get_current_object())  # type: ignore[attr-defined]


def list_tokens() -> Response:
    """GET /api/tokens"""
    who = current.current_principal()
    with process().store.transaction() as session:
        return as_json({"items": [shown(each) for each in programs.listed(session, who.id, now())]})


def make_token() -> Response:
    """POST /api/tokens"""
    who = current.current_principal()
    told = loaded(reading.body(request))
    with process().store.transaction() as session:
        row, token = programs.make(session, who, told, known_operations(), now())
        return as_json({**shown(row), "token": token}, 201)


def end_token(key: str) -> Response:
    """DELETE /api/tokens/{key}"""
    who = current.current_principal()
    with process().store.transaction() as session:
        row = programs.end(session, who, who.id, key_of(key), now())
        current.sessions().forget(row.token_hash)
    return Response(status=204)


def loaded(told: dict[str, Any]) -> dict[str, Any]:
    """Errors: Invalid, by field."""
    try:
        return dict(made(MakeToken).load(told))
    except ValidationError as error:
        raise Invalid.because(error.messages_dict) from error


def shown(row: ProgramToken) -> dict[str, Any]:
    told: dict[str, Any] = made(TokenView).dump(row)
    return told


def key_of(told: str) -> UUID:
    """Errors: NotFound for what is no id."""
    try:
        return UUID(told)
    except ValueError as error:
        raise NotFound("没有这个凭证，或已经停用") from error


EXAMPLE = {"name": "报表程序", "scopes": ["search_matters"], "days": 90}
serve(
    blueprint, "GET", "/tokens", list_tokens, {"status_code": 200, "schema": TokensView, "description": "成功"},
    tag=TAG, summary="程序凭证", description="本人账号有效的程序凭证。", errors=["unauthenticated"],
)  # fmt: skip
serve(
    blueprint, "POST", "/tokens", make_token,
    {"status_code": 201, "schema": NewTokenView, "description": "已新建；token 只给这一次"}, tag=TAG,
    summary="新建程序凭证", description="凭证替本人办理 scopes 列出的操作，权限不超过本人，到期作废。只存散列。",
    requestBody=body(MakeToken, EXAMPLE),
    errors=["malformed", "unsupported_media_type", "cross_site", "unauthenticated", "invalid"],
)  # fmt: skip
serve(
    blueprint, "DELETE", "/tokens/<key>", end_token, {"status_code": 204, "description": "已停用"}, tag=TAG,
    summary="停用程序凭证", description="只能停用本人的。", errors=["cross_site", "unauthenticated", "not_found"],
)  # fmt: skip
