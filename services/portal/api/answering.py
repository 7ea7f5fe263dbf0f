"""From a service's answer to HTTP: ETag, Location, links to the next page, files."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote, urlencode

import orjson
from flask import Response, request


def as_json(answer: Any, status: int = 200, location: str | None = None) -> Response:
    """The answer as it came. `location` is filled from the answer's fields."""
    response = Response(orjson.dumps(answer), status, content_type="application/json")
    if "version" in answer:
        response.headers["ETag"] = f'"{answer["version"]}"'
    if location:
        response.headers["Location"] = location.format_map(answer)
    if cursor := answer.get("next_cursor"):
        response.headers["Link"] = f'<{next_page(cursor)}>; rel="next"'
    return response


def next_page(cursor: str) -> str:
    """The address of the next page: this one with another cursor (RFC 8288)."""
    told = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
    return f"{request.path}?{urlencode([*told, ('cursor', cursor)])}"


def as_file(answer: dict[str, Any]) -> Response:
    """A document a service made, as bytes. The name may hold Chinese (RFC 6266)."""
    response = Response(base64.b64decode(answer["content"]), content_type=answer["media_type"])
    response.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(answer['filename'])}"
    return response
