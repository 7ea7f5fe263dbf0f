"""The envelope of every event: CloudEvents 1.0, structured JSON, with the extensions the bus needs (ADR 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import orjson

from chassis.errors import Reject

CONTENT_TYPE = "application/cloudevents+json"
TYPE_PREFIX = "cn.shaodao"
SENDER, KEY, GIVEN_ID, ARRIVED = "x-sender", "x-key", "x-message-id", "x-arrived"
CARRIED = (SENDER, KEY, GIVEN_ID, ARRIVED)
"""Headers a message keeps while it waits for its retry or is parked: what was proven about it when it came in."""


class EventContract(Protocol):
    """What the chassis asks of an event's schema class."""

    source: str
    name: str
    version: int


def type_of(contract: type[EventContract] | EventContract) -> str:
    return f"{TYPE_PREFIX}.{contract.source}.{contract.name}.v{contract.version}"


@dataclass(frozen=True)
class Event:
    """A fact as heard. `data` is loaded through the event's schema."""

    id: str
    type: str
    source: str
    subject: str
    time: datetime
    aggregate_version: int
    area_path: str
    actor: str
    case_number: str
    causation_id: str | None
    traceparent: str | None
    data: dict[str, Any]

    @property
    def name(self) -> str:
        return self.type.split(".")[-2]


def parse(body: bytes | str) -> Event:
    """An envelope off the wire. Errors: Reject when it is not one (no retry would help)."""
    try:
        raw = orjson.loads(body)
        return _event(raw)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Reject(f"not an event envelope: {type(error).__name__}: {error}") from error


def _event(raw: Mapping[str, Any]) -> Event:
    if raw["specversion"] != "1.0":
        raise ValueError(f"specversion {raw['specversion']!r}")
    if not isinstance(raw["data"], dict):
        raise TypeError("data is not an object")
    if not isinstance(raw.get("traceparent"), str | None):
        raise TypeError("traceparent is not a text")
    return Event(
        id=str(raw["id"]),
        type=str(raw["type"]),
        source=str(raw["source"]).removeprefix("/"),
        subject=str(raw["subject"]),
        time=datetime.fromisoformat(raw["time"]),
        aggregate_version=int(raw["aggregateversion"]),
        area_path=str(raw["areapath"]),
        actor=str(raw["actor"]),
        case_number=str(raw["casenumber"]),
        causation_id=raw.get("causationid"),
        traceparent=raw.get("traceparent"),
        data=raw["data"],
    )


def rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
