"""As much of JSON Schema 2020-12 as the contract uses, so that the check needs no package beside kombu."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

Schema = dict[str, Any]
TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}


def errors(value: Any, schema: Schema, at: str = "") -> Iterator[str]:
    """What is wrong with a value, one line each: `data.mode: not one of …`."""
    where = at or "(message)"
    if "anyOf" in schema or "oneOf" in schema:
        branches = schema.get("anyOf") or schema["oneOf"]
        if all(list(errors(value, branch, at)) for branch in branches):
            yield f"{where}: fits none of the allowed shapes"
        return
    for part in schema.get("allOf", ()):
        yield from errors(value, part, at)
    wanted = schema.get("type", list(TYPES))
    kinds = [wanted] if isinstance(wanted, str) else wanted
    if not any(TYPES[kind](value) for kind in kinds):
        yield f"{where}: should be {' or '.join(kinds)}"
        return
    if "const" in schema and value != schema["const"]:
        yield f"{where}: should be {schema['const']!r}"
    if value is None:
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: not one of {', '.join(map(str, schema['enum']))}"
    yield from _inside(value, schema, at, where)


def _inside(value: Any, schema: Schema, at: str, where: str) -> Iterator[str]:
    if isinstance(value, str):
        yield from _text(value, schema, where)
    elif isinstance(value, dict):
        yield from (f"{where}: {name} is missing" for name in schema.get("required", ()) if name not in value)
        for name, part in schema.get("properties", {}).items():
            if name in value:
                yield from errors(value[name], part, f"{at}.{name}".lstrip("."))
    elif isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            yield f"{where}: {len(value)} items"
        for no, item in enumerate(value):
            yield from errors(item, schema.get("items", {}), f"{at}[{no}]")
    elif not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{where}: {value} is out of range"


def _text(value: str, schema: Schema, where: str) -> Iterator[str]:
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        yield f"{where}: {len(value)} characters"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{where}: does not match {schema['pattern']}"
    right = FORMATS.get(schema.get("format", ""))
    if right is not None and not right(value):
        yield f"{where}: is no {schema['format']}"


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(re.sub("[Zz]$", "+00:00", text)).tzinfo is not None
    except ValueError:
        return False


FORMATS = {"uuid": _is_uuid, "date-time": _is_moment}
