"""Personal fields are sealed by the service that owns them and found again by keyed hash.

AES-256-GCM; the key id stands in front of the ciphertext, so keys rotate by adding a new first key to SEAL_KEYS and
running `python -m tools.reseal SERVICE`. HASH_KEY does not rotate with them: it is what equal values are found by.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Callable
from functools import cache
from typing import Any

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from chassis.settings import read, read_json

NONCE_BYTES = 12


@cache
def _keys() -> dict[str, AESGCM]:
    return {kid: AESGCM(base64.b64decode(key)) for kid, key in read_json("SEAL_KEYS").items()}


def forget_keys() -> None:
    """The keys are read anew from the settings: for a tool that opens what several services sealed."""
    _keys.cache_clear()


@cache
def _hash_key() -> bytes:
    return read("HASH_KEY").encode()


def current_key() -> str:
    """The id of the key new values are sealed under."""
    return next(iter(_keys()))


def seal(plain: bytes) -> bytes:
    """`key id | 0 | nonce | ciphertext`, under the current (first) key."""
    kid = current_key()
    nonce = os.urandom(NONCE_BYTES)
    return kid.encode() + b"\0" + nonce + _keys()[kid].encrypt(nonce, plain, kid.encode())


def unseal(sealed: bytes) -> bytes:
    """What was sealed. Errors: KeyError when the key is gone, cryptography's InvalidTag when tampered with."""
    kid, _, rest = sealed.partition(b"\0")
    return _keys()[kid.decode()].decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], kid)


def keyed_hash(text: str) -> str:
    """HMAC-SHA256 in hex: equal texts have equal hashes, and nobody without the key can try texts."""
    return hmac.new(_hash_key(), text.strip().encode(), hashlib.sha256).hexdigest()


class Sealed(TypeDecorator[Any]):
    """A text column that is ciphertext at rest."""

    impl = LargeBinary
    cache_ok = True
    written: Callable[[Any], bytes] = staticmethod(str.encode)
    opened: Callable[[bytes], Any] = staticmethod(bytes.decode)

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else seal(self.written(value))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else self.opened(unseal(value))


class SealedBytes(Sealed):
    """The same for bytes nobody has judged."""

    cache_ok = True
    written = opened = staticmethod(bytes)


class SealedJson(Sealed):
    """The same for anything JSON can hold."""

    cache_ok = True
    written, opened = staticmethod(orjson.dumps), staticmethod(orjson.loads)
