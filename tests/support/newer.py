"""What a newer peer would say: the examples of the contracts with a code nobody knows, or a field more."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from marshmallow import Schema, fields

from contracts.fields import Code

NEW = "SAID_BY_A_NEWER_PEER"
Path = tuple[str, ...]


def code_paths(schema: Schema, before: Path = ()) -> Iterator[Path]:
    """Where a contract holds codes, however deep; a list stands for its first item."""
    for name, field in schema.fields.items():
        inner: Any = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, Code):
            yield (*before, name)
        elif isinstance(inner, fields.Nested):
            yield from code_paths(inner.schema, (*before, name))


def with_new_code(contract: Any, path: Path) -> dict[str, Any]:
    """The example, with the unknown code at `path`. Errors: LookupError where the example has nothing there."""
    data = copy.deepcopy(contract.example)
    at: Any = data
    for name in path[:-1]:
        at = at[name][0] if isinstance(at[name], list) else at[name]
    at[path[-1]] = [NEW] if isinstance(at[path[-1]], list) else NEW
    return data


def with_new_field(data: Any) -> Any:
    """One field more in every object."""
    if isinstance(data, dict):
        return {**{name: with_new_field(value) for name, value in data.items()}, "a_field_of_tomorrow": {"n": 1}}
    return [with_new_field(each) for each in data] if isinstance(data, list) else data
