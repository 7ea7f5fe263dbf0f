"""Which changes break a peer that was built on the last release.

Free are new events, new commands, new optional fields and new values of a code: peers leave aside fields they do not
know and keep codes they do not know as they came (`contracts.fields.Code`). Everything else wants a `.v2` beside the
old one.
"""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]
Schemas = dict[str, dict[str, Schema]]

LOWER_BREAKS = ("maxLength", "maxItems", "maximum")
HIGHER_BREAKS = ("minLength", "minItems", "minimum")


def breaks(released: Schemas, current: Schemas) -> list[str]:
    """One readable line for each incompatible change; empty when every old peer still understands."""
    return [line for kind, old in released.items() for line in _kind(kind, old, current.get(kind, {}))]


def _kind(kind: str, old: dict[str, Schema], new: dict[str, Schema]) -> Iterator[str]:
    for name, schema in old.items():
        where = f"{kind} {name}"
        if name not in new:
            yield f"{where}: removed"
        else:
            yield from _schema(where, schema, new[name], asked=kind == "commands")


def _schema(where: str, old: Schema, new: Schema, *, asked: bool) -> Iterator[str]:
    yield from _type(where, old, new, asked=asked)
    yield from _enum(where, old, new)
    yield from _answer(where, old, new)
    if asked:
        yield from _limits(where, old, new)
    yield from _fields(where, old, new, asked=asked)
    if "items" in old and "items" in new:
        yield from _schema(f"{where}[]", old["items"], new["items"], asked=asked)


def _fields(where: str, old: Schema, new: Schema, *, asked: bool) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    for name, schema in before.items():
        if name not in after:
            yield f"{where}.{name}: field removed"
        else:
            yield from _schema(f"{where}.{name}", schema, after[name], asked=asked)
    yield from _required(where, old, new, asked=asked)


def _required(where: str, old: Schema, new: Schema, *, asked: bool) -> Iterator[str]:
    """Old askers do not send a newly required field, and the log holds old facts without it."""
    before, after = set(old.get("required", [])), set(new.get("required", []))
    for name in sorted(after - before):
        yield f"{where}.{name}: newly required"
    if not asked:
        for name in sorted((before - after) & set(new.get("properties", {}))):
            yield f"{where}.{name}: no longer always there"


def _type(where: str, old: Schema, new: Schema, *, asked: bool) -> Iterator[str]:
    """A command may take more than before; what is told must stay what it was."""
    before, after = _types(old), _types(new)
    same = before <= after if asked else before == after
    if not same or old.get("format") != new.get("format"):
        yield f"{where}: type changed from {_said(old)} to {_said(new)}"
    if old.get("pattern") != new.get("pattern"):
        yield f"{where}: pattern changed from {old.get('pattern')} to {new.get('pattern')}"


def _types(schema: Schema) -> set[str]:
    said = schema.get("type", [])
    return {said} if isinstance(said, str) else set(said)


def _said(schema: Schema) -> str:
    return " ".join([*sorted(_types(schema)), str(schema.get("format", ""))]).strip()


def _enum(where: str, old: Schema, new: Schema) -> Iterator[str]:
    if "enum" in old and "enum" in new:
        for value in old["enum"]:
            if value not in new["enum"]:
                yield f"{where}: value {value} removed"


def _answer(where: str, old: Schema, new: Schema) -> Iterator[str]:
    if old.get("x-answer") != new.get("x-answer"):
        yield f"{where}: answer changed from {old.get('x-answer')} to {new.get('x-answer')}"


def _limits(where: str, old: Schema, new: Schema) -> Iterator[str]:
    """A command may not become pickier. A missing limit is no limit."""
    for key in LOWER_BREAKS:
        if key in new and new[key] < old.get(key, float("inf")):
            yield f"{where}: {key} lowered from {old.get(key, 'none')} to {new[key]}"
    for key in HIGHER_BREAKS:
        if key in new and new[key] > old.get(key, float("-inf")):
            yield f"{where}: {key} raised from {old.get(key, 'none')} to {new[key]}"
