"""Readable documentation, made from the OpenAPI document alone; nothing comes from outside."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, render_template, request

from services.portal.api import openapi
from services.portal.api.samples import example_of
from services.portal.problems import KINDS

blueprint = Blueprint("api_docs", __name__, template_folder="templates")
STYLE = Path(__file__).with_name("static") / "docs.css"
METHODS = ("get", "post", "put", "patch", "delete")
BINARY = ("application/pdf", "application/octet-stream")


@blueprint.get("/api/openapi.json")
def openapi_json() -> Response:
    return openapi.as_json()


@blueprint.get("/api/docs")
def docs() -> str:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return page(app, request.host_url.rstrip("/"))


@lru_cache(maxsize=4)
def page(app: Flask, address: str) -> str:
    """The whole page; it changes with nothing but the address people read it at."""
    return render_template(
        "api_docs.html",
        info=openapi.document(app)["info"],
        sections=sections(app),
        shapes=shapes(app),
        kinds=KINDS,
        address=address,
        pretty=pretty,
        words=words,
        about=about,
    )


@blueprint.get("/api/docs.css")
def style() -> Response:
    return Response(STYLE.read_text(encoding="utf-8"), content_type="text/css; charset=utf-8")


@cache
def sections(app: Flask) -> list[dict[str, Any]]:
    """Operations by tag, in the document's order."""
    document = openapi.document(app)
    by_tag: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in document["tags"]}
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                operation = _operation(document, path, method, item)
                by_tag[item[method]["tags"][0]].append(operation)
    return [{"name": name, "operations": operations} for name, operations in by_tag.items() if operations]


def _operation(document: dict[str, Any], path: str, method: str, item: dict[str, Any]) -> dict[str, Any]:
    """One operation as the page shows it."""
    told = item[method]
    components = document["components"]
    everywhere = [*item.get("parameters", ()), *told.get("parameters", ())]
    return {
        "id": told["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": told["summary"],
        "description": told.get("description", ""),
        "login": told.get("security") != [],
        "parameters": [resolved(components, parameter) for parameter in everywhere],
        "request": _content(components, told.get("requestBody", {})),
        "answer": _answer(components, told["responses"]),
        "errors": [
            _error(components, status, one) for status, one in sorted(told["responses"].items()) if status >= "4"
        ],
    }


def _content(components: dict[str, Any], holder: dict[str, Any]) -> dict[str, Any] | None:
    for media_type, told in holder.get("content", {}).items():
        if media_type in BINARY:
            return {"media_type": media_type, "fields": [], "example": None}
        example = told.get("example", example_of(components, told["schema"]))
        fields = rows(resolved(components, told["schema"]))
        return {"media_type": media_type, "fields": fields, "example": example}
    return None


def _answer(components: dict[str, Any], responses: dict[str, Any]) -> dict[str, Any]:
    status, told = next((status, one) for status, one in responses.items() if status < "4")
    content = _content(components, told) or {}
    contents: dict[str, Any] = told.get("content", {})
    shape = next((one["schema"].get("$ref", "") for one in contents.values()), "")
    return {
        "status": status,
        "description": told["description"],
        "headers": sorted(told.get("headers", {})),
        "shape": shape.rpartition("/")[2],
        "example": content.get("example"),
    }


def _error(components: dict[str, Any], status: str, told: dict[str, Any]) -> dict[str, str]:
    code = told["$ref"].rpartition("/")[2].lower()
    return {"status": status, "code": code, "title": resolved(components, told)["description"]}


def resolved(components: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """The component a reference names, or the thing itself."""
    if "$ref" not in told:
        return told
    _, _, kind, name = told["$ref"].split("/")
    found: dict[str, Any] = components[kind][name]
    return found


@cache
def shapes(app: Flask) -> dict[str, list[dict[str, Any]]]:
    """Every named shape with its fields."""
    found = openapi.document(app)["components"]["schemas"]
    return {name: rows(found[name]) for name in sorted(found)}


def rows(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of an object, required ones first."""
    needed = set(schema.get("required", ()))
    fields = [
        {"name": name, "required": name in needed, "type": words(told), "about": about(told), "shape": shape(told)}
        for name, told in schema.get("properties", {}).items()
    ]
    return sorted(fields, key=lambda field: not field["required"])


KNOWN = {"string": "文字", "integer": "整数", "number": "数", "boolean": "是/否", "object": "一组字段", "null": "空"}
FORMATS = {"uuid": "UUID", "date-time": "时间（ISO 8601，带时区）", "date": "日期（2024-07-09）", "binary": "文件"}


def words(told: dict[str, Any]) -> str:
    """A field's type in words."""
    if "items" in told:
        return f"列表：{words(told['items'])}"
    if name := shape(told):
        return name
    if "enum" in told:
        return "代码"
    if told.get("format") in FORMATS:
        return FORMATS[told["format"]]
    told_type = told.get("type", "string")
    kinds: list[str] = told_type if isinstance(told_type, list) else [told_type]
    return " 或 ".join(KNOWN.get(kind, kind) for kind in kinds if kind != "null")


def shape(told: dict[str, Any]) -> str:
    """The name of the shape a field holds, if it holds one."""
    inner = told.get("items", told)
    references = [inner, *inner.get("anyOf", ()), *inner.get("allOf", ()), *inner.get("oneOf", ())]
    return next((one["$ref"].rpartition("/")[2] for one in references if "$ref" in one), "")


def about(told: dict[str, Any]) -> str:
    """Limits, default and labels of a field."""
    inner = told.get("items", told)
    parts = [inner.get("description", "")]
    if "maxLength" in inner:
        parts.append(f"{inner.get('minLength', 0)}–{inner['maxLength']} 字")
    if "minimum" in inner or "maximum" in inner:
        parts.append(f"{inner.get('minimum', '')} 到 {inner.get('maximum', '')}")
    if told.get("default") not in (None, []):
        parts.append(f"缺省 {told['default']}")
    return "；".join(part for part in parts if part)


def pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
