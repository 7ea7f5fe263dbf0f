"""Personal fields are sealed by the service that owns them and found again by keyed hash.

AES-256-GCM; the key id stands in front of the ciphertext, so keys rotate by adding a new first key to SEAL_KEYS and
running `python -m tools.reseal SERVICE`. HASH_KEY does not rotate with them: it is what equal values are found by.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
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


def seal(plain: str) -> bytes:
    """`key id | 0 | nonce | ciphertext`, under the current (first) key."""
    return seal_bytes(plain.encode())


def unseal(sealed: bytes) -> str:
    """The plain text. Errors: as `unseal_bytes`."""
    return unseal_bytes(sealed).decode()


def seal_bytes(plain: bytes) -> bytes:
    """As `seal`, for what need not be text."""
    kid = current_key()
    key = _keys()[kid]
    nonce = os.urandom(NONCE_BYTES)
    return kid.encode() + b"\0" + nonce + key.encrypt(nonce, plain, kid.encode())


def unseal_bytes(sealed: bytes) -> bytes:
    """What was sealed. Errors: KeyError when the key is gone, cryptography's InvalidTag when tampered with."""
    kid, _, rest = sealed.partition(b"\0")
    nonce, cipher = rest[:NONCE_BYTES], rest[NONCE_BYTES:]
    return _keys()[kid.decode()].decrypt(nonce, cipher, kid)


def keyed_hash(text: str) -> str:
    """HMAC-SHA256 in hex: equal texts have equal hashes, and nobody without the key can try texts."""
    return hmac.new(_hash_key(), text.strip().encode(), hashlib.sha256).hexdigest()


class Sealed(TypeDecorator[str]):
    """A text column that is ciphertext at rest."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else seal(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else unseal(value)


class SealedBytes(Sealed):
    """The same for bytes nobody has judged."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else seal_bytes(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else unseal_bytes(bytes(value))


class SealedJson(Sealed):
    """The same for anything JSON can hold."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else super().process_bind_param(orjson.dumps(value).decode(), dialect)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        plain = super().process_result_value(value, dialect)
        return None if plain is None else orjson.loads(plain)
