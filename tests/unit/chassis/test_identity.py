"""A token speaks for its principal until it expires, and for nobody when forged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from chassis.errors import Forbidden, Unauthenticated
from chassis.identity import LIFETIME_SECONDS, Grant, Principal, Signer, Verifier

NOW = datetime(2024, 7, 5, 1, 0, tzinfo=UTC)
LISHAN = Principal("u-lishan", "李珊", (Grant("GRID", "city.district.g3", "unit-1"),))


def pair() -> tuple[str, str]:
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return private, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


PORTAL, INTAKE, STRANGER = pair(), pair(), pair()
VERIFIER = Verifier(
    {"portal": {"issuer": "portal", "pem": PORTAL[1]}, "intake": {"issuer": "intake", "pem": INTAKE[1]}}
)


def test_given_a_minted_token_when_verified_then_the_same_principal_comes_out():
    token = Signer("portal", PORTAL[0]).mint(LISHAN, NOW)
    assert LISHAN == VERIFIER.verify(token, NOW + timedelta(seconds=LIFETIME_SECONDS - 1))


@pytest.mark.parametrize(
    ("name", "token", "later"),
    [
        ("absent", None, 0),
        ("garbage", "a.b.c", 0),
        ("expired", Signer("portal", PORTAL[0]).mint(LISHAN, NOW), LIFETIME_SECONDS),
        ("signed by a stranger", Signer("portal", STRANGER[0]).mint(LISHAN, NOW), 0),
        ("unknown issuer", Signer("stranger", STRANGER[0]).mint(LISHAN, NOW), 0),
        ("a service speaking for a person", Signer("intake", INTAKE[0]).mint(LISHAN, NOW), 0),
        ("unsigned", jwt.encode({"sub": "u"}, "", algorithm="none", headers={"kid": "portal"}), 0),
    ],
)
def test_given_a_bad_token_when_verified_then_nobody_is_let_in(name, token, later):
    with pytest.raises(Unauthenticated):
        VERIFIER.verify(token, NOW + timedelta(seconds=later))


def test_given_a_service_when_it_vouches_for_itself_then_it_is_known():
    token = Signer("intake", INTAKE[0]).mint(Principal.service("intake"), NOW)
    assert "service:intake" == VERIFIER.verify(token, NOW).id


@pytest.mark.parametrize(
    ("role", "place", "allowed"),
    [
        ("GRID", "city.district.g3", True),
        ("GRID", "city.district.g3.b5", True),
        ("GRID", "city.district.g30", False),
        ("GRID", "city.district", False),
        ("STREET", "city.district.g3", False),
    ],
)
def test_given_a_grant_at_a_node_then_it_covers_that_node_and_what_is_below(role, place, allowed):
    assert allowed == LISHAN.holds(role, at=place)


def test_given_no_fitting_grant_when_required_then_the_refusal_names_role_and_place():
    with pytest.raises(Forbidden) as refused:
        LISHAN.require("STREET", "DISTRICT", at="city.district.g3")
    assert (["STREET", "DISTRICT"], "city.district.g3") == (
        refused.value.details["roles"],
        refused.value.details["place"],
    )
