"""Logging in by a provider of sign-ins 统一登录 (OpenID Connect): code flow with PKCE, state and nonce.

Settings of the operator: `OIDC_ISSUER`, `OIDC_CLIENT_ID`, `OIDC_CLIENT_SECRET`, `OIDC_NAME` (what people read). Only an
account that an administrator linked to the provider's subject comes in; nobody gets an account by it. What the provider
says is judged by the real time, for it is the provider's clock that wrote it.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from chassis.errors import Unauthenticated, Unavailable
from chassis.settings import read
from chassis.telemetry.logs import log
from services.portal.accounts import tickets

SECONDS = 5.0
"""How long the provider may take for one answer."""
REMEMBERED = 600
"""Seconds until what the provider says of itself is asked again; the keys at once, where a token names a new one."""
LEEWAY = 60
GOOD_FOR = timedelta(minutes=10)
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Signatures with a private key. HMAC would trust whoever knows a client's secret, `none` everybody."""
PURPOSE = "outside"
BROKEN = "统一登录没有完成，请再试一次，或用密码登录"
DOWN = "统一登录暂时连不上，请用密码登录"


@dataclass(frozen=True)
class Provider:
    """One provider, and what we are called there."""

    issuer: str
    client_id: str
    client_secret: str
    name: str

    def metadata(self) -> dict[str, Any]:
        """Errors: Unavailable."""
        return _metadata(self.issuer, int(time.monotonic() // REMEMBERED))

    def client(self, back: str = "") -> OAuth2Session:
        """Errors: Unavailable."""
        offered = self.metadata().get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        basic = "client_secret_basic" if "client_secret_basic" in offered else "client_secret_post"
        return OAuth2Session(
            self.client_id, self.client_secret or None, scope="openid", redirect_uri=back, default_timeout=SECONDS,
            token_endpoint_auth_method=basic if self.client_secret else "none", code_challenge_method="S256",
        )  # fmt: skip

    def keys(self, *, anew: bool = False) -> KeySet:
        """Errors: Unavailable."""
        if anew:
            _keys.cache_clear()
        return _keys(self.metadata()["jwks_uri"], int(time.monotonic() // REMEMBERED))


def provider() -> Provider | None:
    """None where the operator names none."""
    issuer = read("OIDC_ISSUER", "")
    told = (read("OIDC_CLIENT_ID", ""), read("OIDC_CLIENT_SECRET", ""), read("OIDC_NAME", "统一登录"))
    return Provider(issuer, *told) if issuer else None


def begin(provider: Provider, back: str, to: str, now: datetime) -> tuple[str, str]:
    """The address at the provider, and what the browser keeps meanwhile (sealed). Errors: Unavailable."""
    state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
    endpoint = provider.metadata()["authorization_endpoint"]
    address, _ = provider.client(back).create_authorization_url(
        endpoint, state=state, code_verifier=verifier, nonce=nonce
    )
    return address, tickets.sealed([PURPOSE, state, nonce, verifier, to, (now + GOOD_FOR).isoformat()])


def finish(provider: Provider, kept: str, answer: Mapping[str, str], back: str, now: datetime) -> tuple[str, str]:
    """The subject the provider vouches for, and where the login leads to. Errors: Unauthenticated, Unavailable."""
    purpose, state, nonce, verifier, to, until = [*tickets.unsealed(kept), *[""] * 6][:6]
    if purpose != PURPOSE or now >= datetime.fromisoformat(until):
        raise Unauthenticated(BROKEN)
    issuer = answer.get("iss", provider.issuer)  # RFC 9207: an answer of another provider is no answer
    if not hmac.compare_digest(state.encode(), answer.get("state", "").encode()) or issuer != provider.issuer:
        raise Unauthenticated(BROKEN)
    if not (code := answer.get("code")):
        log.info("outside_login_refused", error=answer.get("error", ""))
        raise Unauthenticated(BROKEN)
    return _subject(provider, _tokens(provider, code, verifier, back), nonce), to


def leaving(provider: Provider, back: str) -> str | None:
    """Where one logs out at the provider too (RP-initiated logout); None where it has no such place."""
    endpoint = provider.metadata().get("end_session_endpoint")
    told = {"client_id": provider.client_id, "post_logout_redirect_uri": back}
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(told)}" if endpoint else None


def _tokens(provider: Provider, code: str, verifier: str, back: str) -> dict[str, Any]:
    try:
        found = provider.client(back).fetch_token(
            provider.metadata()["token_endpoint"], grant_type="authorization_code", code=code, code_verifier=verifier
        )
    except requests.RequestException as error:
        raise Unavailable(DOWN) from error
    except (AuthlibBaseError, ValueError) as error:
        log.info("outside_login_refused", error=str(error))
        raise Unauthenticated(BROKEN) from error
    return dict(found)


def _subject(provider: Provider, tokens: dict[str, Any], nonce: str) -> str:
    told = str(tokens.get("id_token", ""))
    try:
        token = _decoded(provider, told)
        options = {
            "iss": {"essential": True, "values": [provider.issuer]},
            "aud": {"essential": True, "value": provider.client_id},
        }
        params = {"nonce": nonce, "client_id": provider.client_id, "access_token": tokens.get("access_token")}
        claims = CodeIDToken(token.claims, token.header, options, params)
        claims.validate(leeway=LEEWAY)
    except (AuthlibBaseError, JoseError, ValueError) as error:
        log.warning("outside_login_forged", error=str(error))
        raise Unauthenticated(BROKEN) from error
    return str(claims["sub"])


def _decoded(provider: Provider, token: str) -> jwt.Token:
    """Signed by a key of the provider; keys are asked for anew once, where none of those known fits."""
    registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
    try:
        return jwt.decode(token, provider.keys(), registry=registry)
    except (JoseError, ValueError):
        return jwt.decode(token, provider.keys(anew=True), registry=registry)


@lru_cache(maxsize=4)
def _metadata(issuer: str, _: int) -> dict[str, Any]:
    """OpenID Connect Discovery 1.0 §4. Errors: Unavailable where it does not answer, or as somebody else."""
    told = _got(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if told.get("issuer") != issuer or not all(told.get(name) for name in needed):
        log.error("outside_login_misconfigured", issuer=issuer, says=told.get("issuer"))
        raise Unavailable(DOWN)
    return told


@lru_cache(maxsize=4)
def _keys(address: str, _: int) -> KeySet:
    """Errors: Unavailable."""
    try:
        return KeySet.import_key_set(_got(address))  # type: ignore[arg-type]
    except (JoseError, KeyError, TypeError, ValueError) as error:
        log.error("outside_login_misconfigured", keys=address, error=str(error))
        raise Unavailable(DOWN) from error


def _got(address: str) -> dict[str, Any]:
    try:
        answer = requests.get(address, timeout=SECONDS, allow_redirects=False)
        answer.raise_for_status()
        return dict(answer.json())
    except (requests.RequestException, ValueError) as error:
        log.warning("outside_login_unreachable", error=str(error))
        raise Unavailable(DOWN) from error
