"""Answers of a provider that must not be believed: each part of a token that is wrong, and a provider that fails."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import RSAKey
from werkzeug.test import TestResponse

from services.portal.accounts.tables import OutsideLogin
from tests.unit.portal.accounts.impostor import Impostor, another_key
from tests.unit.portal.pages.people import Pages


@pytest.fixture
def liar() -> Iterator[Impostor]:
    made = Impostor()
    yield made
    made.close()


@pytest.fixture
def joined(pages: Pages, liar: Impostor, monkeypatch: pytest.MonkeyPatch) -> Pages:
    """李珊 is linked to the subject that the provider speaks of."""
    monkeypatch.setenv("OIDC_ISSUER", liar.issuer)
    monkeypatch.setenv("OIDC_CLIENT_ID", liar.client_id)
    monkeypatch.setenv("OIDC_CLIENT_SECRET", "a secret")
    with pages.store.transaction() as session:
        row = OutsideLogin(account_id="u-lishan", issuer=liar.issuer, subject="3f1c", linked_at=pages.clock())
        session.add(row)
    return pages


def log_in(pages: Pages, liar: Impostor) -> TestResponse:
    browser = pages.browser()
    sent = parse_qs(urlsplit(browser.get("/login/outside").headers["Location"]).query)
    liar.nonce = sent["nonce"][0]
    return browser.get("/login/outside/back", query_string={"code": "any", "state": sent["state"][0]})


def test_given_a_sound_token_when_it_comes_then_its_owner_is_in(joined: Pages, liar: Impostor) -> None:
    assert 303 == log_in(joined, liar).status_code


def test_given_the_way_out_when_begun_then_it_bears_state_nonce_and_a_challenge(joined: Pages, liar: Impostor) -> None:
    sent = parse_qs(urlsplit(joined.browser().get("/login/outside").headers["Location"]).query)
    assert (["S256"], ["code"], ["openid"], ["http://localhost/login/outside/back"]) == (
        sent["code_challenge_method"], sent["response_type"], sent["scope"], sent["redirect_uri"]
    )  # fmt: skip
    assert {43, 64} == {len(sent[name][0]) for name in ("code_challenge", "state", "nonce")}


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://other.example"}, {"iss": None}, {"aud": "other"}, {"aud": None},
        {"aud": ["shaodao", "other"], "azp": "other"}, {"nonce": "other"},
        {"nonce": None}, {"exp": int(time.time()) - 3600}, {"exp": None}, {"sub": None},
        {"iat": int(time.time()) + 3600}, {"at_hash": "other"}, {"sub": "somebody else"},
    ],
)  # fmt: skip
def test_given_a_claim_that_is_wrong_when_it_comes_then_nobody_is_in(
    joined: Pages, liar: Impostor, claims: dict[str, Any]
) -> None:
    liar.claims = claims
    assert 401 == log_in(joined, liar).status_code


def test_given_a_key_of_somebody_else_when_it_signs_then_nobody_is_in(joined: Pages, liar: Impostor) -> None:
    liar.key = RSAKey.generate_key(2048, {"kid": "first"})
    assert 401 == log_in(joined, liar).status_code


@pytest.mark.parametrize("algorithm", ["HS256", "none"])
def test_given_no_signature_of_a_private_key_when_it_comes_then_nobody_is_in(
    joined: Pages, liar: Impostor, algorithm: str
) -> None:
    liar.algorithm = algorithm
    assert 401 == log_in(joined, liar).status_code


def test_given_a_new_key_of_the_provider_when_it_signs_then_keys_are_asked_for_anew(
    joined: Pages, liar: Impostor
) -> None:
    before = log_in(joined, liar).status_code
    liar.key, liar.algorithm = another_key(), "ES256"
    liar.shown.append(liar.key)
    assert (303, 303, 2) == (before, log_in(joined, liar).status_code, liar.asked.count("/keys"))


@pytest.mark.parametrize("answer", [(503, b""), (200, b"<html>"), (302, b""), (200, b"[]")])
def test_given_a_provider_that_does_not_answer_when_begun_then_the_password_is_still_there(
    joined: Pages, liar: Impostor, answer: tuple[int, bytes]
) -> None:
    liar.answer = answer
    found = joined.browser().get("/login/outside")
    assert (503, True) == (found.status_code, "请用密码登录" in found.text and 'name="password"' in found.text)


def test_given_a_provider_that_says_it_is_another_when_begun_then_unavailable(joined: Pages, liar: Impostor) -> None:
    liar.metadata = {"issuer": "https://other.example"}
    assert 503 == joined.browser().get("/login/outside").status_code


@pytest.mark.parametrize("answer", [(400, b'{"error":"invalid_grant"}'), (200, b"{}"), (200, b"<html>"), (500, b"")])
def test_given_a_provider_that_gives_no_tokens_when_back_then_refused(
    joined: Pages, liar: Impostor, answer: tuple[int, bytes]
) -> None:
    browser = joined.browser()
    sent = parse_qs(urlsplit(browser.get("/login/outside").headers["Location"]).query)
    liar.answer = answer
    found = browser.get("/login/outside/back", query_string={"code": "any", "state": sent["state"][0]})
    assert found.status_code in (401, 503)
    assert 401 == browser.get("/api/me").status_code


def test_given_answers_that_come_to_nothing_when_sent_again_and_again_then_counted(
    joined: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RATE_LIMITS", '{"outside_address": 3}')
    browser = joined.browser()
    found = [browser.get("/login/outside/back?code=x&state=y").status_code for _ in range(4)]
    assert [401, 401, 401, 429] == found
