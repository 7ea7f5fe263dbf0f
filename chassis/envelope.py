"""The envelope of every event: CloudEvents 1.0, structured JSON, with the extensions the bus needs (ADR 4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import orjson

from chassis.errors import Reject
from chassis.standing import Standing

CONTENT_TYPE, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"
TYPE_PREFIX = "cn.shaodao"
SENDER, KEY, GIVEN_ID, ARRIVED = "x-sender", "x-key", "x-message-id", "x-arrived"
CARRIED = (SENDER, KEY, GIVEN_ID, ARRIVED)
"""Headers a message keeps while it waits for its retry or is parked: what was proven about it when it came in."""

_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII)


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
    standing: Standing | None = None

    @property
    def name(self) -> str:
        return self.type.split(".")[-2]


def split(body: bytes) -> tuple[list[Any], bytes | None]:
    """The events of a message as they were read, and the body where it is no batch but one thing, readable or not."""
    try:
        told = orjson.loads(body)
    except (ValueError, RecursionError):
        return [body], body
    if isinstance(told, list) and all(isinstance(each, dict) for each in told):
        return told, None
    return [told], body


def parse(told: Any) -> Event:
    """An event as contracts/envelope.py publishes it, read already or not. Errors: Reject, naming the field."""
    try:
        return _event(orjson.loads(told) if isinstance(told, bytes | str) else told)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Reject(f"not an event envelope: {type(error).__name__}: {error}") from error


def _event(raw: Mapping[str, Any]) -> Event:
    if raw["specversion"] != "1.0":
        raise ValueError(f"specversion {raw['specversion']!r}")
    if not isinstance(raw["data"], dict):
        raise TypeError("data is not an object")
    return Event(
        id=_id(raw),
        type=_text(raw, "type"),
        source=_text(raw, "source").removeprefix("/"),
        subject=_text(raw, "subject"),
        time=_time(raw),
        aggregate_version=_version(raw),
        area_path=_text(raw, "areapath"),
        actor=_text(raw, "actor"),
        case_number=_text(raw, "casenumber"),
        causation_id=_text(raw, "causationid") if raw.get("causationid") is not None else None,
        traceparent=_text(raw, "traceparent") if raw.get("traceparent") is not None else None,
        data=raw["data"],
        standing=Standing.read(raw),
    )


def _text(raw: Mapping[str, Any], name: str) -> str:
    """As it was sent: a number is no text, and beyond 2^64 many numbers would be read as one."""
    if not isinstance(raw[name], str):
        raise TypeError(f"{name} is not a text")
    return str(raw[name])


def _id(raw: Mapping[str, Any]) -> str:
    if _UUID.fullmatch(_text(raw, "id")) is None:
        raise ValueError("id is not a UUID")
    return str(raw["id"])


def _time(raw: Mapping[str, Any]) -> datetime:
    if _RFC3339.fullmatch(_text(raw, "time")) is None:
        raise ValueError("time is not an RFC 3339 time with an offset")
    return datetime.fromisoformat(raw["time"].upper())


def _version(raw: Mapping[str, Any]) -> int:
    version = raw["aggregateversion"]
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise ValueError("aggregateversion is not a whole number from 1 on")
    return version


def rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
