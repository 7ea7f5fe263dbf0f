"""Passwords are kept as argon2id hashes (RFC 9106; parameters of OWASP's cheat sheet: 19 MiB, 2 passes, 1 lane)."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bus import green
from chassis.errors import Invalid

SHORTEST = 10
LONGEST = 1024
DEMO = "shaodao-demo"
"""The password of the illustrative accounts, which nobody may choose."""
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hashed(password: str) -> str:
    """A salted hash; two hashes of one password differ."""
    return _hasher.hash(password)


def refuse_weak(password: str, username: str) -> None:
    """Length counts, not the mixture of signs (NIST SP 800-63B). Errors: Invalid by field."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid.because({"password": [f"密码至少 {SHORTEST} 个字符，可以是一句话"]})
    if len(set(password)) < 4 or password.lower() == DEMO or username.lower() in password.lower():
        raise Invalid.because({"password": ["密码太容易猜：不要用用户名、重复的字符或演示口令"]})


def temporary() -> str:
    """A password for one login, in signs that nobody mixes up on paper."""
    return "-".join("".join(secrets.choice(LEGIBLE) for _ in range(4)) for _ in range(3))


LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789"


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
