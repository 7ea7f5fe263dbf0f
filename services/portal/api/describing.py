"""A route's part of the OpenAPI document, from its command's and its answer's schemas."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from services.portal.api.route import Route

JSON = "application/json"
ALWAYS = ("FAULT", "UNAVAILABLE", "DEADLINE_EXCEEDED")
WRITING = ("MALFORMED", "TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE", "CONFLICT")
GUARDED = ("UNAUTHENTICATED", "FORBIDDEN", "TOO_MANY_REQUESTS")
VERSION = "expected_version"
ETAG = {"description": "版本号；修改时放进 If-Match", "schema": {"type": "string", "example": '"3"'}}
LINK = {"description": '下一页的地址（RFC 8288，rel="next"）', "schema": {"type": "string"}}
LOCATION = {"description": "新内容的地址", "schema": {"type": "string"}}


def operation(route: Route) -> dict[str, Any]:
    """Summary, who may, parameters, body, errors and security of one route."""
    described = {
        "operationId": route.command.method,
        "summary": route.command.title,
        "description": "。".join(
            part.rstrip("。") for part in (f"谁可以办：{route.command.by}", route.command.hint) if part
        )
        + "。",
        "parameters": [*_query(route), *_headers(route)],
        "responses": {str(status): reference for status, reference in errors_of(route).items()},
        "security": [] if route.command.public else [{"bearer": []}, {"cookie": []}],
    }
    if route.method == "POST":
        described["requestBody"] = {"required": _has_required(route), "content": {JSON: _body(route)}}
    return described


def answer(route: Route) -> dict[str, Any]:
    """Arguments of flask-smorest's `response` decorator."""
    if route.command.file:
        return {
            "status_code": 200,
            "schema": {"type": "string", "format": "binary"},
            "content_type": "application/pdf",
            "description": "文件",
        }
    view, headers = route.command.answer, {}
    if "version" in view().fields:
        headers["ETag"] = ETAG
    if "next_cursor" in view().fields:
        headers["Link"] = LINK
    if route.command.location:
        headers["Location"] = LOCATION
    said = "已登记" if route.status == 201 else "成功"
    return {"status_code": route.status, "schema": view, "description": said, "headers": headers or None}


def errors_of(route: Route) -> dict[int, str]:
    """Status → name of the shared response."""
    from services.portal.problems import KINDS

    names = [*ALWAYS, "INVALID"]
    if route.method == "POST":
        names += WRITING
    if not route.command.public:
        names += GUARDED
    if route.ids:
        names.append("NOT_FOUND")
    if route.command.versioned:
        names.append("VERSION_MISMATCH")
    if route.command.looks_up:
        names.append("TOO_MANY_REQUESTS")
    return {KINDS[name.lower()].status: name for name in names}


def path_parameters(route: Route) -> list[dict[str, Any]]:
    known = route.command().fields
    return [{"in": "path", "name": name, "required": True, "schema": schema_of(known.get(name))} for name in route.ids]


def schema_of(field: fields.Field[Any] | None) -> dict[str, Any]:
    """The little that a path segment can be: an id or a patterned word."""
    if isinstance(field, fields.UUID):
        return {"type": "string", "format": "uuid"}
    patterns = [check.regex.pattern for check in _forms(field)]
    return {"type": "string", **({"pattern": patterns[0]} if patterns else {}), **described(field)}


def described(field: fields.Field[Any] | None) -> dict[str, str]:
    """The form a word must have, as its own refusal says it."""
    told = [check.error for check in _forms(field) if check.error]
    return {"description": told[0]} if told else {}


def _forms(field: fields.Field[Any] | None) -> list[validate.Regexp]:
    return [check for check in getattr(field, "validators", []) if isinstance(check, validate.Regexp)]


def _query(route: Route) -> list[dict[str, Any]]:
    if route.method != "GET":
        return []
    taken = route.taken
    asked = [name for name in route.command().fields if name not in taken]
    return [{"in": "query", "schema": route.command(only=asked)}] if asked else []


def _headers(route: Route) -> list[str]:
    names = ["IDEMPOTENCY_KEY"] if route.method == "POST" and route.command.keeps_answer else []
    return [*names, "IF_MATCH"] if route.command.versioned else names


def body_schema(route: Route) -> Schema:
    """The command without what the path and If-Match give."""
    known = route.command().fields
    return route.command(exclude=[name for name in (*route.ids, VERSION) if name in known])


def body_example(route: Route) -> dict[str, Any]:
    """The contract's example without what the path and If-Match give."""
    return {name: value for name, value in route.command.example.items() if name not in (*route.ids, VERSION)}


def _body(route: Route) -> dict[str, Any]:
    return {"schema": body_schema(route), "example": body_example(route)}


def _has_required(route: Route) -> bool:
    return any(field.required for field in body_schema(route).fields.values())
