"""Authenticator apps read what the portal shows and make the codes it takes: their own libraries, not ours."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pyotp
import pytest

from services.portal.accounts import second_factor
from services.portal.accounts.tables import SecondFactor

pytestmark = pytest.mark.integration
SECONDS = (59, 1111111109, 1111111111, 1234567890, 2000000000, 20000000000)
RFC_6238 = ("287082", "081804", "050471", "005924", "279037", "353130")
"""Appendix B, SHA-1, the last six of eight digits."""
SECRET_OF_RFC = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def read(node: Callable[..., list[str]], secret: str, username: str) -> dict[str, Any]:
    address = second_factor.address_of(SecondFactor(secret=secret), username)
    got = subprocess.run(node("codes.js", address=address, seconds=SECONDS), capture_output=True, text=True, check=True)
    return dict(json.loads(got.stdout))


def test_given_the_secret_of_the_rfc_when_three_libraries_make_codes_then_they_are_those_of_the_rfc(node):
    told = read(node, SECRET_OF_RFC, "lishan")
    ours = [pyotp.TOTP(SECRET_OF_RFC).at(datetime.fromtimestamp(at, UTC)) for at in SECONDS]
    assert [list(RFC_6238)] * 3 == [told["otpauth"], told["otplib"], ours]


@pytest.mark.parametrize("username", ["lishan", "li.shan-3_g"])
def test_given_any_secret_when_an_app_reads_the_address_then_it_shows_whose_it_is_and_agrees(node, username):
    secret = pyotp.random_base32()
    told = read(node, secret, username)
    ours = [pyotp.TOTP(secret).at(at) for at in SECONDS]
    assert ("哨到", username, ours, ours) == (told["issuer"], told["label"], told["otpauth"], told["otplib"])
