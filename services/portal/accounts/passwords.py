"""Passwords are kept as argon2id hashes (RFC 9106; parameters of OWASP's cheat sheet: 19 MiB, 2 passes, 1 lane)."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from chassis import green

LONGEST = 1024
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hashed(password: str) -> str:
    """A salted hash; two hashes of one password differ."""
    return _hasher.hash(password)


def fits(stored: str | None, password: str) -> bool:
    """Whether the password belongs to the hash. Takes as long without a hash as with one (unknown users)."""
    kept = stored or _nobody()
    right = green.aside(_right, kept, password[:LONGEST])
    return right and stored is not None


def _right(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return hashed("nobody has this password")
