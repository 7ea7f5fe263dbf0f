"""A provider of sign-ins that lies: it answers as real ones do, with tokens as the test wants them."""

from __future__ import annotations

import base64
import hmac
import json
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from joserfc.jws import JWSRegistry

ALL = JWSRegistry(algorithms=["RS256", "ES256", "none"])


@dataclass
class Impostor:
    """`claims` overwrite those of a good token; None leaves one out. `key`: what signs; `algorithm`: how."""

    client_id: str = "shaodao"
    claims: dict[str, Any] = field(default_factory=dict)
    key: Any = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "first"}))
    shown: list[Any] = field(default_factory=list)
    algorithm: str = "RS256"
    metadata: dict[str, Any] = field(default_factory=dict)
    answer: tuple[int, bytes] | None = None
    nonce: str = ""
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.shown = self.shown or [self.key]
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def good(self) -> dict[str, Any]:
        now = int(time.time())
        told = {
            "iss": self.issuer,
            "sub": "3f1c",
            "aud": self.client_id,
            "iat": now,
            "exp": now + 60,
            "nonce": self.nonce,
        }
        return {name: value for name, value in {**told, **self.claims}.items() if value is not None}

    def token(self) -> str:
        if self.algorithm == "HS256":
            return with_public_as_secret(self.key, self.good())
        header = {"alg": self.algorithm}
        if getattr(self.key, "kid", None):
            header["kid"] = self.key.kid
        return jwt.encode(header, self.good(), self.key, registry=ALL)

    def said(self, path: str) -> dict[str, Any]:
        self.asked.append(path)
        if path.endswith("openid-configuration"):
            ends = {"authorization_endpoint": "/auth", "token_endpoint": "/token", "jwks_uri": "/keys"}
            return {"issuer": self.issuer, **{name: self.issuer + end for name, end in ends.items()}, **self.metadata}
        if path == "/keys":
            return dict(KeySet(self.shown).as_dict(private=False))
        return {"access_token": "any", "token_type": "Bearer", "id_token": self.token()}


def _handler(liar: Impostor) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = liar.answer or (200, json.dumps(liar.said(self.path)).encode())
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, format: str, *args: Any) -> None:
            return None

    return Handler


def with_public_as_secret(key: RSAKey, claims: dict[str, Any]) -> str:
    """The old trick: the public key, which everybody has, as the secret of an HMAC. By hand: libraries refuse to."""
    parts = [_part({"alg": "HS256", "kid": "first"}), _part(claims)]
    mac = hmac.digest(key.as_pem(private=False), b".".join(parts), "sha256")
    return b".".join([*parts, base64.urlsafe_b64encode(mac).rstrip(b"=")]).decode()


def _part(told: dict[str, Any]) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(told).encode()).rstrip(b"=")


def another_key(kid: str = "second") -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid})
