"""The envelope on the wire: CloudEvents 1.0, structured JSON, with our extensions (architecture §4)."""

from typing import Any

from contracts import departments, samples
from contracts.schema import EventSchema

Node = dict[str, Any]
_TEXT: Node = {"type": "string"}
_FRAME: Node = {
    "specversion": {"const": "1.0"},
    "id": {"type": "string", "format": "uuid"},
    "source": _TEXT,
    "type": {"type": "string", "pattern": r"^cn\.shaodao\.[a-z]+\.[a-z_]+\.v[0-9]+$"},
    "time": {"type": "string", "format": "date-time"},
    "data": {"type": "object"},
}
_FACT: Node = {
    "subject": _TEXT,
    "dataschema": _TEXT,
    "aggregateversion": {"type": "integer", "minimum": 1},
    "areapath": _TEXT,
    "actor": _TEXT,
    "casenumber": _TEXT,
}
_OPTIONAL: Node = {"datacontenttype": {"const": "application/json"}, "causationid": _TEXT, "traceparent": _TEXT}
_STANDING: Node = {
    "kind": {"type": "string", "description": "what it is about: APPEAL, HAZARD, WHISTLE, TASK, MEDIATION, …"},
    "state": {"type": "string", "description": "its state after this fact"},
    "number": {"type": "string", "description": "its own number, where people number it"},
    "parent": {"type": "string", "description": "id of what it belongs to"},
    "due": {"type": "string", "format": "date-time", "description": "the clock that runs now"},
    "waits": {"type": "string", "description": "for whom: role:CODE (at its area), unit:CODE, person:ID; by blanks"},
    "urgency": {"type": "string"},
    "hidden": {"type": "string", "description": "by blanks: secret, against:ID for whom it complains of"},
    "tally": {"type": "string", "description": "small codes to count by, as name=code, by blanks"},
}
"""How the subject stands after the fact; what is empty is left out."""


def fact() -> Node:
    """What frames every fact of a service and every whistle task."""
    return _framed({**_FRAME, **_FACT}, _STANDING)


def reply() -> Node:
    """What frames a department's reply, and the refusal of one: less, because a department knows less."""
    return _framed(_FRAME)


def _framed(needed: Node, more: Node | None = None) -> Node:
    return {"type": "object", "required": list(needed), "properties": {**needed, **_OPTIONAL, **(more or {})}}


def example(message: type[EventSchema]) -> Node:
    """The example of a class as it lies on the wire."""
    frame = {
        "specversion": "1.0",
        "id": samples.uid(900),
        "source": f"/{message.source}",
        "type": message.type,
        "time": samples.NOON,
        "datacontenttype": "application/json",
    }
    if message.exchange == departments.BACK:
        return {**frame, "source": f"/department/{samples.JUDICIAL['code']}", "data": message.example}
    if message is departments.Refusal:
        return {**frame, "data": message.example}
    return {**frame, **_about(message), "data": message.example}


def _about(message: type[EventSchema]) -> Node:
    return {
        "dataschema": f"urn:shaodao:{message.source}:{message.name}:v{message.version}",
        "subject": next((str(value) for key, value in message.example.items() if key.endswith("_id")), samples.uid(1)),
        "aggregateversion": 3,
        "areapath": samples.COMMUNITY,
        "actor": samples.LI_SHAN["id"],
        "casenumber": samples.APPEAL_NO,
    }
