"""The OpenAPI document: shared parameters, error responses and security; the routes add themselves."""

from __future__ import annotations

from functools import cache
from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask, Response, current_app, json
from flask_smorest import Api, Blueprint
from marshmallow import Schema, fields

from services.portal.api.describing import described
from services.portal.api.shapes import ProblemView
from services.portal.problems import KINDS, MEDIA_TYPE

TITLE = "哨到 Shaodao 接口"
VERSION = "1.0.0"
OPENAPI_VERSION = "3.1.0"
EXTENSION = "shaodao.openapi"
ABOUT = (
    "吹哨报到、接诉即办的接口。每个操作对应某一服务的一条命令，由该服务按角色、区域和状态核验。"
    "出错时返回 RFC 9457 的 problem+json；修改类请求可带 Idempotency-Key，重复提交只办一次。"
)
PARAMETERS: dict[str, dict[str, Any]] = {
    "IDEMPOTENCY_KEY": {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": "可不带。8 到 128 个可见 ASCII 字符；同一人同一操作，七天内同一个键只办一次，重发得同样的答复。",
        "schema": {"type": "string", "minLength": 8, "maxLength": 128, "pattern": "^[\\x21-\\x7e]+$"},
    },
    "IF_MATCH": {
        "name": "If-Match",
        "in": "header",
        "required": False,
        "description": "读取时得到的 ETag。内容已被他人更新时返回 412；可不带。",
        "schema": {"type": "string", "pattern": '^(\\*|(W/)?"[0-9]{1,9}")$'},
    },
}
TOKENS = (
    "POST /api/session 得到的 token，或程序凭证（POST /api/tokens）。程序凭证只能办它列出的操作；按凭证和账号限次，"
    "余量见答复头 RateLimit-Policy 和 RateLimit（draft-ietf-httpapi-ratelimit-headers-11），"
    "超过时答复 429 和 Retry-After。"
)
SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer", "description": TOKENS},
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": "shaodao_session",
        "description": "浏览器使用；写操作必须来自本站页面",
    },
}


class PortalApi(Api):  # type: ignore[misc]
    """flask-smorest without its error handlers and its own pages: problems.py and docs.py do that."""

    ERROR_SCHEMA = ProblemView
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        return None

    def _register_etag_headers(self) -> None:
        return None

    def _register_pagination_header(self) -> None:
        return None

    def _register_responses(self) -> None:
        for code, kind in KINDS.items():
            described = {"description": kind.title, "content": {MEDIA_TYPE: {"schema": ProblemView}}}
            self.spec.components.response(code.upper(), described, lazy=True)


def register(app: Flask, *blueprints: Blueprint) -> None:
    """Registers the blueprints in app and document, and keeps the document for its pages."""
    app.config.update(API_TITLE=TITLE, API_VERSION=VERSION, OPENAPI_VERSION=OPENAPI_VERSION)
    plugin = MarshmallowPlugin(schema_name_resolver=name_of)
    api = PortalApi(app, spec_kwargs={"marshmallow_plugin": plugin, "info": {"description": ABOUT}})
    plugin.converter.add_attribute_function(labels)
    for name, parameter in PARAMETERS.items():
        api.spec.components.parameter(name, parameter["in"], parameter)
    for name, scheme in SECURITY.items():
        api.spec.components.security_scheme(name, scheme)
    for blueprint in blueprints:
        api.register_blueprint(blueprint)
    app.extensions[EXTENSION] = finished(api.spec.to_dict())


def finished(document: dict[str, Any]) -> dict[str, Any]:
    """The document with tags in the order of the routes and the default security."""
    operations = [each for path in document["paths"].values() for each in path.values() if isinstance(each, dict)]
    named = dict.fromkeys(tag for operation in operations for tag in operation.get("tags", ()))
    return {**document, "tags": [{"name": tag} for tag in named], "security": [{"bearer": []}, {"cookie": []}]}


def name_of(schema: Schema | type[Schema]) -> str:
    """The class's name; what a path or If-Match takes out of a command leaves its `…Body`."""
    cut = isinstance(schema, Schema) and bool(schema.exclude)
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__ + ("Body" if cut else "")


def labels(self: Any, field: fields.Field[Any], **_: Any) -> dict[str, Any]:
    """What people are told about a field: the Chinese label of every code, the form a word must have."""
    if isinstance(field, fields.Enum):
        return {"description": "；".join(f"{member.value} {member.label}" for member in field.enum)}
    return described(field)


@cache
def _text(app: Flask) -> bytes:
    return json.dumps(document(app), ensure_ascii=False).encode()


def document(app: Flask) -> dict[str, Any]:
    found: dict[str, Any] = app.extensions[EXTENSION]
    return found


def as_json() -> Response:
    """GET /api/openapi.json"""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    return Response(_text(app), content_type="application/json")
