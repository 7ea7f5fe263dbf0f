"""Which fields of a command name uploaded files: found in its schema, so that no new field is forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from marshmallow import Schema, fields

from contracts.tokens import SHA256_PATTERN, Fingerprint

Field = fields.Field[Any]


@cache
def naming(command: type[Schema]) -> dict[str, Field]:
    """The fields that are a fingerprint or hold one, however deep."""
    return {name: field for name, field in command().fields.items() if _holds(field)}


def named_in(command: type[Schema], values: Mapping[str, Any]) -> dict[str, set[str]]:
    """The fingerprints in each of those fields. What is none is for the service to refuse."""
    return {name: set(_found(field, values.get(name))) for name, field in naming(command).items()}


def _holds(field: Field) -> bool:
    if isinstance(field, fields.List):
        return _holds(field.inner)
    if isinstance(field, fields.Nested):
        return any(map(_holds, field.schema.fields.values()))
    return isinstance(field, Fingerprint)


def _found(field: Field, value: Any) -> Iterator[str]:
    if isinstance(field, fields.List) and isinstance(value, list):
        for each in value:
            yield from _found(field.inner, each)
    elif isinstance(field, fields.Nested) and isinstance(value, dict):
        for name, part in field.schema.fields.items():
            yield from _found(part, value.get(name))
    elif isinstance(field, Fingerprint) and isinstance(value, str) and re.fullmatch(SHA256_PATTERN, value):
        yield value
