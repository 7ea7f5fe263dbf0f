"""What rides on the cookie must come from a page of this site."""

from __future__ import annotations

import pytest

from tests.unit.portal.api.fakes import Portal

WRITE = "/api/appeals/S202407060104000019/accept"


@pytest.fixture
def browser(portal: Portal) -> Portal:
    """李珊 in a browser: the cookie goes along by itself."""
    portal.login()
    return portal


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
        {},
    ],
)
def test_a_write_from_elsewhere_is_refused(browser: Portal, headers: dict[str, str]) -> None:
    # When
    answer = browser.client.post(WRITE, headers=headers)
    # Then
    assert (403, "cross_site", []) == (answer.status_code, answer.json["code"], browser.peers.calls)


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {"Sec-Fetch-Site": "none"}]
)
def test_a_write_from_a_page_of_ours_is_passed_on(browser: Portal, headers: dict[str, str]) -> None:
    assert 200 == browser.client.post(WRITE, headers=headers).status_code


def test_reading_needs_no_proof(browser: Portal) -> None:
    assert 200 == browser.client.get("/api/me").status_code


def test_a_bearer_token_needs_no_proof(portal: Portal, program: dict[str, str]) -> None:
    assert 200 == portal.client.post(WRITE, headers={**program, "Origin": "https://partner.example"}).status_code


def test_another_sites_form_cannot_log_a_browser_in(portal: Portal) -> None:
    assert 403 == portal.login(headers={"Origin": "https://evil.example"}).status_code


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_given_an_origin_that_is_none_when_writing_then_it_is_foreign(portal: Portal, method: str) -> None:
    answer = portal.client.open("/api/session", method=method, headers={"Origin": "http://["})
    assert (403, "cross_site") == (answer.status_code, answer.json["code"])
