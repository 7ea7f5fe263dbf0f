"""Signatures of links that leave the house: HMAC-SHA256 under keys made of SEAL_KEYS, a key a purpose.

The first seal key signs, each that is there verifies: a link holds until its key is gone, or its own time is over.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from chassis.settings import read_json

LEAST = 16
"""Bytes of a signature that prove something."""


def current() -> str:
    """The id of the key that signs now."""
    return str(next(iter(read_json("SEAL_KEYS"))))


def signature(purpose: str, content: bytes, kid: str) -> bytes:
    """32 bytes. Errors: KeyError when the key is gone."""
    key = hmac.digest(base64.b64decode(read_json("SEAL_KEYS")[kid]), f"sign|{purpose}".encode(), hashlib.sha256)
    return hmac.digest(key, content, hashlib.sha256)


def genuine(purpose: str, content: bytes, kid: str, given: bytes) -> bool:
    """Whether it was signed here by a key that is still there; the first half of a signature is enough."""
    try:
        return len(given) >= LEAST and hmac.compare_digest(given, signature(purpose, content, kid)[: len(given)])
    except KeyError:
        return False
