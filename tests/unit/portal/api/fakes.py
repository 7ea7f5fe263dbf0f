"""Services that record what they were asked, and a browser or program that asks the portal."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from chassis.identity import Signer, Verifier
from chassis.process import Process
from chassis.settings import Settings
from chassis.store import Store
from contracts import samples
from services.portal.accounts.passwords import hashed
from services.portal.accounts.tables import Account, GrantRow
from tests.support.clock import FixedClock

NOW = datetime(2024, 7, 6, 1, 0, tzinfo=UTC)
PASSWORD = "a password of the tests"
HASH = hashed(PASSWORD)
GRID_3 = "yinchuan.xingqing.lijingjie.yinhong.g3"
APPEAL = {"id": samples.APPEAL, "number": samples.APPEAL_NO, "version": 3, "state": "ASSIGNED"}


@dataclass
class Call:
    """One question a service was asked."""

    service: str
    method: str
    command: dict[str, Any]
    how: dict[str, Any]


@dataclass
class FakePeers:
    """Answers by method name: a dict, an exception to raise, or a function of the command."""

    answers: dict[str, Any] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)

    def __getitem__(self, service: str) -> FakePeer:
        return FakePeer(self, service)

    def __getattr__(self, service: str) -> FakePeer:
        return FakePeer(self, service)

    @property
    def last(self) -> Call:
        return self.calls[-1]


@dataclass
class FakePeer:
    peers: FakePeers
    service: str

    def ask(self, method: str, command: dict[str, Any], **how: Any) -> Any:
        self.peers.calls.append(Call(self.service, method, command, how))
        answer = self.peers.answers.get(method, APPEAL)
        if isinstance(answer, Exception):
            raise answer
        return answer(command) if callable(answer) else answer


@dataclass
class Portal:
    """The portal with its surroundings in the hands of a test."""

    client: FlaskClient
    store: Store
    clock: FixedClock
    peers: FakePeers
    verifier: Verifier

    def login(self, username: str = "lishan", password: str = PASSWORD, **more: Any) -> TestResponse:
        return self.client.post("/api/session", json={"username": username, "password": password}, **more)

    def bearer(self, username: str = "lishan") -> dict[str, str]:
        """Headers of a program that has logged in; its cookie is thrown away."""
        token = self.login(username).json["token"]
        self.client.delete_cookie("shaodao_session")
        return {"Authorization": f"Bearer {token}"}

    def account(self, username: str, kind: str = "person", grants: tuple[GrantRow, ...] = (), **more: Any) -> None:
        times = {"created_at": NOW, "updated_at": NOW}
        row = Account(
            id=f"u-{username}", username=username, name="李珊", kind=kind, password_hash=HASH, **times, **more
        )
        with self.store.transaction() as session:
            session.add(row)
            session.flush()
            for grant in grants:
                grant.account_id = row.id
                session.add(grant)


def process_of(store: Store, clock: FixedClock) -> Process:
    private = Ed25519PrivateKey.generate()
    private_pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    public_pem = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    settings = Settings("portal", "", "", 0, "", 4)
    verifier = Verifier({"portal": {"issuer": "portal", "pem": public_pem.decode()}})
    return Process(settings, store, clock, verifier, Signer("portal", private_pem))
