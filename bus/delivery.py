"""What one message holds for a service: events to handle, and what nobody can handle."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson

from chassis.envelope import CARRIED, CONTENT_TYPE

ATTEMPT = "x-attempt"
LONGEST_ID = 200
LONGEST_PROPERTY = 255


@dataclass(frozen=True, eq=False)
class Item:
    """One event of a message, or a letter. `event` and `hears` are None where it cannot be handled.

    `told` is the event as it was read; `written` the bytes of a message that holds nothing else.
    """

    handler: str
    id: str | None
    told: Any
    written: bytes | None = None
    event: Any = None
    hears: Any = None

    @cached_property
    def body(self) -> bytes:
        """The event by itself."""
        return orjson.dumps(self.told) if self.written is None else self.written


Failure = tuple[Item, BaseException]


@dataclass(eq=False)
class Delivery:
    """A message that is settled once every item is: handled, sent to wait by itself, or parked."""

    message: Any
    items: list[Item] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    @property
    def attempt(self) -> int:
        return int(self.message.headers.get(ATTEMPT, 0))

    def content_type(self, item: Item) -> str:
        """Of the item by itself."""
        return CONTENT_TYPE if item.written is None else plain(self.message.content_type or "")

    def carried(self) -> dict[str, str]:
        """What goes with each item into the waiting queue."""
        headers = self.message.headers
        return {name: headers[name] for name in CARRIED if name in headers}


def name_in(told: Any, field: str) -> str | None:
    """A text that can be kept and looked for: also what is no event must be found again by its id."""
    given = told.get(field) if isinstance(told, dict) else None
    return given if isinstance(given, str) and given.isprintable() and 0 < len(given) <= LONGEST_ID else None


def raw(message: Any) -> bytes:
    """The body in bytes, whatever the sender said of its encoding."""
    body = message.body
    return body if isinstance(body, bytes) else str(body).encode(errors="surrogatepass")


def short(event_id: str) -> str:
    """An id as a property can carry it: 255 bytes."""
    return event_id if len(event_id.encode()) <= LONGEST_PROPERTY else hashlib.sha256(event_id.encode()).hexdigest()


def plain(said: Any) -> str:
    """A header as the database can keep it."""
    return str(said).replace("\0", "").encode(errors="replace").decode()
