"""What an outsider sent, before anybody has judged it: operations read it without knowing the bus it came by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from chassis.entrypoints import Entrypoint, Operation, marks

LONGEST_ID = 200
READABLE_BYTES = 1 << 20
"""A longer body is not looked into: parsing it would hold up everybody else."""


@dataclass(frozen=True)
class Letter:
    """One message of an outsider. `sender` is the login the broker vouches for, empty where none was given;
    `message_id` the AMQP property, which nobody has checked; `arrived_at` is when a consumer of ours took it first."""

    sender: str
    key: str
    body: bytes
    attempt: int = 0
    message_id: str = ""
    arrived_at: datetime | None = None

    @cached_property
    def content(self) -> dict[str, Any] | None:
        """The JSON object it holds; None where it holds none."""
        if len(self.body) > READABLE_BYTES:
            return None
        try:
            found = json.loads(self.body.decode("utf-8-sig"), parse_constant=_refuse)
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None

    @property
    def given_id(self) -> str | None:
        """The id its sender gave it, in the envelope or else as a property, where there is one that can be one."""
        given = (self.content or {}).get("id") or self.message_id
        return given if isinstance(given, str) and given.isprintable() and 0 < len(given) <= LONGEST_ID else None

    @cached_property
    def id(self) -> str:
        """What a repeat is known by: the sender, the id given, and what is said. Nobody can use up another's ids, and
        other words under an old id are another letter."""
        return f"{self.sender}/{self.given_id or self._taken}/{self._said}"

    @property
    def _taken(self) -> str:
        """In place of an id: two like messages of a device without a name of its own (MQTT) are two."""
        return self.arrived_at.isoformat() if self.arrived_at and not self.sender else ""

    @property
    def _said(self) -> str:
        """A fingerprint of key and content. Without `time`: a program that sends again writes another."""
        try:
            content = {**(self.content or {}), "time": None}
            said = json.dumps([self.key, content], sort_keys=True).encode() if self.content else self.body
        except RecursionError:
            said = self.body
        return hashlib.sha256(said).hexdigest()

    @property
    def subject(self) -> str:
        """Whose turn it is: the letters of one sender are handled one after the other. Where the broker names none
        (MQTT), the key says who it is: only one login may write it."""
        return f"letters of {self.sender or self.key}"

    case_number = ""
    traceparent = None


def _refuse(constant: str) -> None:
    """NaN and Infinity are no JSON, whatever Python says."""
    raise ValueError(constant)


@dataclass(frozen=True)
class TakesIn(Entrypoint):
    room: str
    hopeless: Callable[[Letter], bool]


def receives(room: str, *, hopeless: Callable[[Letter], bool]) -> Callable[[Operation], Operation]:
    """`operation(session, who, letter, now)` takes in every letter of the queue `<service>.<room>`, says the outcome.

    Promise: as `hears`. `who` is the login the broker vouches for; the operation answers for unreadable letters, too.
    Letters that `hopeless` knows to be refused, without asking the store, share transactions and delay nobody.
    """
    return marks(lambda operation: [TakesIn(operation.__name__, operation, room, hopeless)])
