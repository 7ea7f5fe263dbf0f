"""Tokens of signed links: task, expiry and receiver under one HMAC; nothing in them can be read by people.

One opaque word: length of the key id, key id, 16 bytes of task id, 4 of expiry in Unix seconds, 12 that bind unit and
receiver, 16 of HMAC over all before.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from services.dispatch import signing

TASK, EXPIRY, WHO, MAC = 16, 4, 12, 16
_SIGNED, _BOUND = "task_link", "task_link_receiver"


@dataclass(frozen=True)
class Link:
    """What a genuine token says."""

    kid: str
    task_id: UUID
    until: datetime
    who: bytes

    def is_for(self, unit: str, person_id: str) -> bool:
        return hmac.compare_digest(self.who, _bound(self.kid, self.task_id, unit, person_id))


def make(task_id: UUID, unit: str, person_id: str, until: datetime) -> str:
    """A token for one receiver of the unit, under the current key."""
    kid = signing.current()
    head = bytes([len(kid.encode())]) + kid.encode()
    said = head + task_id.bytes + int(until.timestamp()).to_bytes(EXPIRY) + _bound(kid, task_id, unit, person_id)
    return _written(said + signing.signature(_SIGNED, said, kid)[:MAC])


def read(token: str) -> Link | None:
    """None for what was not signed here, was changed by a byte, or by a key that is gone."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        said, mac = raw[:-MAC], raw[-MAC:]
        length = said[0]
        kid, rest = said[1 : 1 + length].decode(), said[1 + length :]
        genuine = signing.genuine(_SIGNED, said, kid, mac)
    except (binascii.Error, IndexError, ValueError):
        return None
    if not genuine or _written(raw) != token or len(rest) != TASK + EXPIRY + WHO:
        return None
    until = datetime.fromtimestamp(int.from_bytes(rest[TASK : TASK + EXPIRY]), UTC)
    return Link(kid, UUID(bytes=rest[:TASK]), until, rest[TASK + EXPIRY :])


def _bound(kid: str, task_id: UUID, unit: str, person_id: str) -> bytes:
    return signing.signature(_BOUND, b"\0".join([task_id.bytes, unit.encode(), person_id.encode()]), kid)[:WHO]


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
