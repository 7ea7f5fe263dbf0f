"""Who acts. The portal mints a short-lived signed token; every service verifies it and checks role and place itself.

Tokens are JWTs signed with Ed25519 (RFC 8037). A service holds public keys only; `TRUSTED_KEYS` says which issuer may
sign with which key, and a key other than the portal's can only vouch for the service it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

import jwt
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from chassis.errors import Forbidden, Unauthenticated
from chassis.settings import read, read_json

LIFETIME_SECONDS = 120
PORTAL = "portal"

Kind = Literal["person", "service", "resident", "department", "link"]
"""`link`: a member of staff who follows a signed link of a letter, without an account."""


@dataclass(frozen=True)
class Grant:
    """One role at one node of the area tree (an ltree path), perhaps inside one unit."""

    role: str
    node: str
    unit: str | None = None

    def covers(self, place: str) -> bool:
        return place == self.node or place.startswith(self.node + ".")


@dataclass(frozen=True)
class Principal:
    """The one on whose behalf something is done. `name` is a staff display name or a masked name, never more."""

    id: str
    name: str
    grants: tuple[Grant, ...] = ()
    kind: Kind = "person"

    @classmethod
    def service(cls, name: str) -> Principal:
        """What handlers and timers of a service act as."""
        return cls(id=f"service:{name}", name=name, kind="service")

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)

    @property
    def units(self) -> frozenset[str]:
        return frozenset(grant.unit for grant in self.grants if grant.unit)

    @property
    def sides(self) -> frozenset[str]:
        """The person and the units she works for."""
        return self.units | {self.id}

    def is_among(self, ids: Iterable[str]) -> bool:
        """Whether one of these person ids and unit codes stands for this one."""
        return not self.sides.isdisjoint(ids)

    def grant_for(self, role: str, *, at: str | None = None, unit: str | None = None) -> Grant | None:
        for grant in self.grants:
            if grant.role == role and (at is None or grant.covers(at)) and (unit is None or grant.unit == unit):
                return grant
        return None

    def holds(self, role: str, *, at: str | None = None, unit: str | None = None) -> bool:
        return self.grant_for(role, at=at, unit=unit) is not None

    def require(self, *roles: str, at: str | None = None, unit: str | None = None) -> Grant:
        """The first grant that fits. Errors: Forbidden, naming the roles and the place that would do."""
        for role in roles:
            if grant := self.grant_for(role, at=at, unit=unit):
                return grant
        raise Forbidden("您没有在此处办理此事的权限", roles=list(roles), place=at, unit=unit)


def claims_of(who: Principal) -> dict[str, Any]:
    grants = [[grant.role, grant.node, grant.unit] for grant in who.grants]
    return {"sub": who.id, "name": who.name, "kind": who.kind, "grants": grants}


def principal_of(claims: dict[str, Any]) -> Principal:
    grants = tuple(Grant(*grant) for grant in claims["grants"])
    return Principal(id=claims["sub"], name=claims["name"], grants=grants, kind=claims["kind"])


class Signer:
    """Mints tokens for one issuer with its private key."""

    def __init__(self, issuer: str, pem: str, key_id: str | None = None) -> None:
        self._issuer, self._pem, self._key_id = issuer, pem, key_id or issuer

    @classmethod
    def from_environment(cls, issuer: str) -> Signer:
        return cls(issuer, read("SIGNING_KEY"), read("SIGNING_KEY_ID", issuer))

    def mint(self, who: Principal, now: datetime) -> str:
        """A token good for LIFETIME_SECONDS."""
        issued = int(now.timestamp())
        claims = {**claims_of(who), "iss": self._issuer, "iat": issued, "exp": issued + LIFETIME_SECONDS}
        return jwt.encode(claims, self._pem, algorithm="EdDSA", headers={"kid": self._key_id})


class Verifier:
    """Checks tokens against the trusted public keys."""

    def __init__(self, trusted: dict[str, dict[str, str]]) -> None:
        self._keys = {kid: load_pem_public_key(key["pem"].encode()) for kid, key in trusted.items()}
        self._issuers = {kid: key["issuer"] for kid, key in trusted.items()}
        self._claims = lru_cache(maxsize=4096)(self._verified)

    @classmethod
    def from_environment(cls) -> Verifier:
        return cls(read_json("TRUSTED_KEYS"))

    def verify(self, token: str | None, now: datetime) -> Principal:
        """The principal a token speaks for. Errors: Unauthenticated when absent, forged or expired."""
        if not token:
            raise Unauthenticated("缺少身份凭证")
        expires, who = self._claims(token)
        if now.timestamp() >= expires:
            raise Unauthenticated("身份凭证已过期")
        return who

    def _verified(self, token: str) -> tuple[float, Principal]:
        try:
            kid = jwt.get_unverified_header(token)["kid"]
            issuer = self._issuers[kid]
            # expiry is compared with the service's own clock in `verify`, which tests can move
            options: Any = {"verify_exp": False, "verify_iat": False, "require": ["exp", "sub", "iss"]}
            claims = jwt.decode(token, self._keys[kid], algorithms=["EdDSA"], issuer=issuer, options=options)  # type: ignore[arg-type]
            who = principal_of(claims)
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            raise Unauthenticated("身份凭证无效") from error
        if issuer != PORTAL and who != Principal.service(issuer):
            raise Unauthenticated("签发者无权代表他人")
        return float(claims["exp"]), who
