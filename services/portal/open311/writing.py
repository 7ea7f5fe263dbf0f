"""Answers in JSON or XML, as the address ends; errors are the standard's list of code and description."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as Xml

import orjson
from flask import Response, request

from chassis.errors import Invalid, ServiceError
from services.portal.pages.fields import paths
from services.portal.problems import KINDS, OTHER

Row = Mapping[str, Any]
ONE_OF = {
    "services": "service", "service_requests": "request", "attributes": "attribute", "values": "value",
    "errors": "error", "endpoints": "endpoint", "formats": "format",
}  # fmt: skip
"""What the members of a list are called in XML."""
TYPED = frozenset({"requested_datetime", "updated_datetime", "expected_datetime", "lat", "long"})
"""Left out of XML where there is none: parsers of typed languages refuse a moment or a number without signs."""


def answer(root: str, found: Sequence[Row] | Row, form: str, status: int = 200) -> Response:
    """`root` is what XML calls the whole."""
    if form == "xml":
        text = Xml.tostring(_element(root, found), encoding="utf-8", xml_declaration=True)
        return Response(text, status, content_type="text/xml; charset=utf-8")
    return Response(orjson.dumps(found), status, content_type="application/json; charset=utf-8")


def _element(name: str, value: Any) -> Xml.Element:
    made = Xml.Element(name)
    if isinstance(value, Mapping):
        made.extend([_element(key, each) for key, each in value.items() if each is not None or key not in TYPED])
    elif isinstance(value, list):
        made.extend([_element(ONE_OF.get(name, "item"), each) for each in value])
    elif value is not None:
        made.text = str(value).lower() if isinstance(value, bool) else str(value)
    return made


NAMES = {
    "reporter.phone": "phone", "reporter.name": "first_name", "reporter": "phone", "content": "description",
    "place_text": "address_string", "area_path": "address_id", "category": "service_code", "file": "media",
    "lon": "long",
}  # fmt: skip
"""The standard's names for ours."""


def refusal(error: ServiceError) -> Response:
    """400 for what was told wrong, a line a field; else the error's own status."""
    status = 400 if isinstance(error, Invalid) else error.status
    told = paths(error.details["fields"]).items() if "fields" in error.details else ()
    lines = [f"{NAMES.get(name, name)}: {'；'.join(words)}" for name, words in told]
    lines = lines or [error.message or KINDS.get(error.code, OTHER).title]
    form = "xml" if request.path.endswith(".xml") else "json"
    return answer("errors", [{"code": status, "description": line} for line in lines], form, status)
