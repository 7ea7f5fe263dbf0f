"""Registering the portal's own routes, which are no question to a service, with their documentation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response
from flask_smorest import Blueprint

from services.portal.problems import KINDS

JSON = "application/json"
FORM = "multipart/form-data"


def serve(
    blueprint: Blueprint, method: str, path: str, view: Callable[..., Response], answer: dict[str, Any], **told: Any
) -> None:
    """`answer`: arguments of flask-smorest's `response`; `told`: `tag`, `errors` (codes), and the rest as OpenAPI."""
    tag, errors = told.pop("tag"), told.pop("errors")
    of_tokens = ("forbidden", "too_many_requests") if told.get("security") != [] else ()
    responses = {str(KINDS[code].status): code.upper() for code in (*of_tokens, *errors, "unavailable", "fault")}
    described = blueprint.doc(operationId=view.__name__, responses=responses, **told)(view)
    made = blueprint.response(**answer)(described)
    blueprint.add_url_rule(path, view.__name__, made, methods=[method], tags=[tag])


def body(shape: Any, example: dict[str, Any] | None = None, media_type: str = JSON) -> dict[str, Any]:
    """A request body of that shape."""
    content = {"schema": shape, "example": example} if example else {"schema": shape}
    return {"required": True, "content": {media_type: content}}
