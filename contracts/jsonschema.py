"""JSON Schemas (2020-12) of everything published, made from the marshmallow classes by apispec."""

from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from contracts import registry
from contracts.schema import CommandSchema, EventSchema

DIALECT = "https://json-schema.org/draft/2020-12/schema"
OPENAPI = "3.1.0"
"""The version of OpenAPI whose schemas are plain JSON Schema."""

Document = dict[str, Any]


def _inlining() -> MarshmallowPlugin:
    plugin = MarshmallowPlugin(schema_name_resolver=lambda schema: None)
    APISpec(title="", version="", openapi_version=OPENAPI, plugins=[plugin])
    return plugin


_PLUGIN = _inlining()


def shape_of(schema: type[Schema]) -> Document:
    """The JSON Schema of one class, with all parts inside it."""
    instance = schema()
    return {**_PLUGIN.converter.schema2jsonschema(instance), "description": _first_line(schema)}


def _first_line(schema: type[Schema]) -> str:
    own = vars(schema).get("__doc__") or ""
    title = getattr(schema, "title", "")
    return " — ".join(part for part in (title, own.strip().partition("\n")[0]) if part)


def event_schema(fact: type[EventSchema]) -> Document:
    """Of an event's `data`."""
    about = {"$schema": DIALECT, "$id": f"urn:shaodao:{fact.source}:{fact.name}:v{fact.version}", "title": fact.type}
    return {**about, **shape_of(fact), "examples": [fact.example]}


def command_schema(asked: type[CommandSchema]) -> Document:
    """Of a command; `x-answer` names the answer's schema."""
    name = f"{asked.service}.{asked.method}"
    about = {"$schema": DIALECT, "$id": f"urn:shaodao:command:{name}", "title": name}
    return {**about, **shape_of(asked), "examples": [asked.example], "x-answer": asked.answer.__name__}


def answer_schema(name: str) -> Document:
    """Of an answer, by class name."""
    about = {"$schema": DIALECT, "$id": f"urn:shaodao:answer:{name}", "title": name}
    return {**about, **shape_of(registry.ANSWERS[name])}


def everything() -> dict[str, dict[str, Document]]:
    """All schemas: kind → name → schema. This is what a release freezes and the files are made from."""
    facts = {**registry.EVENTS, **registry.DEPARTMENT_MESSAGES}
    return {
        "events": {name: event_schema(fact) for name, fact in sorted(facts.items())},
        "commands": {".".join(key): command_schema(asked) for key, asked in sorted(registry.COMMANDS.items())},
        "answers": {name: answer_schema(name) for name in sorted(registry.ANSWERS)},
    }
