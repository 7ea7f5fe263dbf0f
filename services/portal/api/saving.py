"""Saved searches over HTTP: /api/searches."""

from __future__ import annotations

from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from flask import Response, request
from flask_smorest import Blueprint
from marshmallow import Schema, ValidationError
from werkzeug.datastructures import MultiDict

from chassis.errors import Invalid, NotFound
from contracts.fields import Id, Many, Moment, One, Text
from contracts.schema import AnswerSchema, StrictShape
from services.portal.accounts.current import current_principal, now, process
from services.portal.api import reading
from services.portal.api.answering import as_json
from services.portal.api.own import body, serve
from services.portal.readmodel.saying import made
from services.portal.readmodel.shapes import SearchMatters
from services.portal.saved import keeping

S = TypeVar("S", bound=Schema)
PAGING = ("cursor", "limit")
blueprint = Blueprint("saving", __name__, url_prefix="/api")


class NameSearch(StrictShape):
    name = Text(30, label="名称")


class SaveSearch(NameSearch):
    """`query` is a query string of GET /api/matters."""

    query = Text(1000, label="条件")


class SearchView(AnswerSchema):
    id = Id()
    name = Text(30)
    query = Text(1000)
    saved_at = Moment()


class SearchesView(AnswerSchema):
    items = Many(One(SearchView))


def loaded(shape: type[StrictShape], told: dict[str, Any]) -> dict[str, Any]:
    """Errors: Invalid, by field."""
    try:
        return dict(made(shape).load(told))
    except ValidationError as error:
        raise Invalid.because(error.messages_dict) from error


def save(told: dict[str, Any]) -> dict[str, Any]:
    """Keeps a search that can be asked; where it stood in its pages is forgotten. Errors: Invalid, by field."""
    who, given = current_principal(), loaded(SaveSearch, told)
    pairs = [pair for pair in parse_qsl(given["query"]) if pair[0] not in PAGING]
    Invalid.where(query=not pairs and "请先写查找的条件")
    reading.question(SearchMatters, MultiDict(pairs))
    with process().store.transaction() as session:
        return shown(keeping.save(session, who, given["name"], urlencode(pairs), now()))


def rename(key: str, told: dict[str, Any]) -> dict[str, Any]:
    """Errors: Invalid, NotFound."""
    who, given = current_principal(), loaded(NameSearch, told)
    with process().store.transaction() as session:
        return shown(keeping.rename(session, who, _id(key), given["name"]))


def delete(key: str) -> None:
    """Errors: NotFound."""
    who = current_principal()
    with process().store.transaction() as session:
        keeping.delete(session, who, _id(key))


def listed() -> list[dict[str, Any]]:
    who = current_principal()
    with process().store.transaction() as session:
        return [shown(each) for each in keeping.listed(session, who)]


def shown(row: Any) -> dict[str, Any]:
    told: dict[str, Any] = made(SearchView).dump(row)
    return told


def _id(key: str) -> Any:
    try:
        return made(SearchView).fields["id"].deserialize(key)
    except ValidationError as error:
        raise NotFound("没有这个保存的查找") from error


def list_searches() -> Response:
    """GET /api/searches"""
    return as_json({"items": listed()})


def save_search() -> Response:
    """POST /api/searches"""
    current_principal()
    return as_json(save(reading.body(request)), 201)


def rename_search(key: str) -> Response:
    """POST /api/searches/{key}/name"""
    current_principal()
    return as_json(rename(key, reading.body(request)))


def delete_search(key: str) -> Response:
    """DELETE /api/searches/{key}"""
    delete(key)
    return Response(status=204)


TAG = "案件与时间线"
EXAMPLE = {"name": "超时的隐患", "query": "kind=HAZARD&overdue=true"}
WRITING = ("malformed", "unsupported_media_type", "cross_site", "unauthenticated", "invalid")


def _answered(shape: Any, status: int = 200) -> dict[str, Any]:
    return {"status_code": status, "schema": shape, "description": "成功"}


serve(
    blueprint, "GET", "/searches", list_searches, _answered(SearchesView), tag=TAG,
    summary="保存的查找", description="本人保存的查找，按名称排列。", errors=("unauthenticated",),
)  # fmt: skip
serve(
    blueprint, "POST", "/searches", save_search, _answered(SearchView, 201), tag=TAG,
    summary="保存查找", description="条件即 GET /api/matters 的查询串，翻页的位置不保存。",
    requestBody=body(SaveSearch, EXAMPLE), errors=WRITING,
)  # fmt: skip
serve(
    blueprint, "POST", "/searches/<key>/name", rename_search, _answered(SearchView), tag=TAG,
    summary="改名称", description="只能改本人的。", requestBody=body(NameSearch, {"name": "超时隐患"}),
    errors=(*WRITING, "not_found"),
)  # fmt: skip
serve(
    blueprint, "DELETE", "/searches/<key>", delete_search, {"status_code": 204, "description": "已删去"}, tag=TAG,
    summary="删去保存的查找", description="只能删本人的。", errors=("cross_site", "unauthenticated", "not_found"),
)  # fmt: skip
