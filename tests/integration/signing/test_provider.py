"""Logging in by a real provider of sign-ins: only accounts an administrator linked, and out again there too."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pyotp
import pytest
import requests
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.integration.signing.conftest import BACK, CLIENTS, HOME, Provider
from tests.unit.portal.accounts.test_devices import sessions
from tests.unit.portal.accounts.test_managing import acts_noted, token
from tests.unit.portal.accounts.test_second_factor import set_up
from tests.unit.portal.pages.people import ORIGIN, Pages

pytestmark = pytest.mark.integration
SUBJECT = "3f1c-li.shan"


@pytest.fixture(params=CLIENTS, ids=lambda client: client["client_id"])
def joined(request: pytest.FixtureRequest, pages: Pages, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> Pages:
    """The portal, which knows the provider in each way a client may show who it is."""
    monkeypatch.setenv("OIDC_ISSUER", provider.issuer)
    monkeypatch.setenv("OIDC_CLIENT_ID", request.param["client_id"])
    monkeypatch.setenv("OIDC_CLIENT_SECRET", request.param.get("client_secret", ""))
    monkeypatch.setenv("OIDC_NAME", "政务统一登录")
    return pages


def link(pages: Pages, account: str = "u-lishan", subject: str = SUBJECT, act: str = "link") -> int:
    admin = pages.as_user("admin")
    sent = {"csrf_token": token(admin, f"/accounts/{account}"), "subject": subject}
    return admin.post(f"/accounts/{account}/{act}", data=sent, headers=ORIGIN).status_code


def begin(browser: FlaskClient, to: str = "/tasks") -> str:
    """The address at the provider."""
    answer = browser.get(f"/login/outside?next={to}")
    assert 303 == answer.status_code
    return answer.headers["Location"]


def at_the_provider(address: str, subject: str = SUBJECT) -> str:
    """Logs in there and agrees, as a browser would; the address that leads back."""
    with requests.Session() as browser:
        answer = browser.get(address, timeout=10)
        while "prompt" in answer.text:
            prompt = re.search(r'name="prompt" value="(\w+)"', answer.text)[1]
            action = urljoin(answer.url, re.search(r'action="([^"]+)"', answer.text)[1])
            sent = {"prompt": prompt, "login": subject, "password": "any"}
            answer = _followed(browser, browser.post(action, data=sent, timeout=10, allow_redirects=False))
            if answer.headers.get("Location", "").startswith(BACK):
                return answer.headers["Location"]
    raise AssertionError(answer.text)


def _followed(browser: requests.Session, answer: requests.Response) -> requests.Response:
    while answer.is_redirect and not answer.headers["Location"].startswith(HOME):
        answer = browser.get(urljoin(answer.url, answer.headers["Location"]), timeout=10, allow_redirects=False)
    return answer


def back(browser: FlaskClient, address: str) -> TestResponse:
    return browser.get(address.removeprefix(HOME))


def log_in(pages: Pages, subject: str = SUBJECT) -> tuple[FlaskClient, TestResponse]:
    browser = pages.browser()
    return browser, back(browser, at_the_provider(begin(browser), subject))


def test_given_a_linked_account_when_the_provider_vouches_then_its_owner_is_in(joined: Pages) -> None:
    assert 303 == link(joined)
    browser, answer = log_in(joined)
    assert (303, "/tasks", "u-lishan") == (
        answer.status_code, answer.headers["Location"], browser.get("/api/me").json["id"]
    )  # fmt: skip
    assert ["OUTSIDE"] == [each["way"] for each in sessions(browser)]
    assert ["link_outside"] == acts_noted(joined)


def test_given_nobody_linked_when_the_provider_vouches_then_nobody_gets_an_account(joined: Pages) -> None:
    browser, answer = log_in(joined, "a-stranger")
    assert (401, True, 401) == (
        answer.status_code, "没有绑定您的账号" in answer.text, browser.get("/api/me").status_code
    )  # fmt: skip


def test_given_a_link_taken_away_when_the_provider_vouches_then_no_more_and_open_sessions_end(joined: Pages) -> None:
    link(joined)
    browser, _ = log_in(joined)
    assert 303 == link(joined, act="unlink")
    joined.clock.forward(seconds=6)
    assert (401, 401) == (browser.get("/api/me").status_code, log_in(joined)[1].status_code)


def test_given_a_subject_of_another_account_when_linked_then_refused(joined: Pages) -> None:
    assert (303, 422, 422) == (link(joined), link(joined, "u-hewenbin"), link(joined, "u-lishan", "名字"))


def test_given_an_answer_when_it_comes_to_another_browser_then_refused(joined: Pages) -> None:
    link(joined)
    answer = at_the_provider(begin(joined.browser()))
    assert 401 == back(joined.browser(), answer).status_code


def test_given_an_answer_when_it_comes_twice_then_once(joined: Pages) -> None:
    link(joined)
    browser = joined.browser()
    address = at_the_provider(begin(browser))
    kept = browser.get_cookie("shaodao_outside", path="/login/outside").value
    first = back(browser, address).status_code
    browser.set_cookie("shaodao_outside", kept, path="/login/outside")
    assert (303, 401) == (first, back(browser, address).status_code)


@pytest.mark.parametrize("odd", ["state", "iss", "code"])
def test_given_an_answer_when_one_part_is_another_then_refused(joined: Pages, odd: str) -> None:
    link(joined)
    browser = joined.browser()
    told = parse_qs(urlsplit(at_the_provider(begin(browser))).query)
    sent = {name: values[0] for name, values in told.items()}
    assert {"code", "state", "iss"} == set(sent)
    sent[odd] = sent[odd][:-1] + ("x" if sent[odd][-1] != "x" else "y")
    answer = browser.get("/login/outside/back", query_string=sent)
    assert (401, 401) == (answer.status_code, browser.get("/api/me").status_code)


def test_given_somebody_who_refuses_at_the_provider_when_back_then_the_login_page_says_so(joined: Pages) -> None:
    browser = joined.browser()
    state = parse_qs(urlsplit(begin(browser)).query)["state"][0]
    answer = browser.get("/login/outside/back", query_string={"error": "access_denied", "state": state})
    assert (401, True) == (answer.status_code, "没有完成" in answer.text)


def test_given_ten_minutes_when_the_answer_comes_then_too_late(joined: Pages) -> None:
    link(joined)
    browser = joined.browser()
    address = at_the_provider(begin(browser))
    joined.clock.forward(minutes=10)
    assert 401 == back(browser, address).status_code


def test_given_a_second_factor_when_the_provider_vouches_then_a_code_is_asked_for_all_the_same(joined: Pages) -> None:
    link(joined)
    secret, _ = set_up(joined, joined.as_user("lishan"))
    joined.clock.forward(seconds=30)
    browser, answer = log_in(joined)
    assert (200, 401) == (answer.status_code, browser.get("/api/me").status_code)
    told = dict(re.findall(r'name="(ticket|next)" value="([^"]*)"', answer.text))
    told["code"] = pyotp.TOTP(secret).at(joined.clock())
    whole = browser.post("/login/code", data=told, headers=ORIGIN)
    assert ("/tasks", 200) == (whole.headers["Location"], browser.get("/api/me").status_code)


def test_given_a_password_that_an_administrator_set_when_in_by_the_provider_then_nothing_to_change_first(
    joined: Pages,
) -> None:
    link(joined)
    admin = joined.as_user("admin")
    reset = {"account": "u-lishan", "csrf_token": token(admin, "/accounts")}
    admin.post("/accounts/reset", data=reset, headers=ORIGIN)
    browser, _ = log_in(joined)
    assert 200 == browser.get("/").status_code


def test_given_a_login_by_the_provider_when_logging_out_then_the_provider_is_offered_and_leads_back(
    joined: Pages,
) -> None:
    link(joined)
    browser, _ = log_in(joined)
    out = browser.post("/logout", data={"csrf_token": token(browser, "/me")}, headers=ORIGIN)
    page = browser.get(out.headers["Location"]).text
    assert (True, 401) == ("同时退出政务统一登录" in page, browser.get("/api/me").status_code)
    address = browser.get("/logout/outside").headers["Location"]
    with requests.Session() as other:
        asked = other.get(address, timeout=10)
        form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', asked.text))
        action = urljoin(asked.url, re.search(r'action="([^"]+)"', asked.text)[1])
        answer = other.post(action, data={**form, "logout": "yes"}, timeout=10, allow_redirects=False)
    assert (200, True) == (asked.status_code, answer.headers["Location"].startswith(f"{HOME}/login"))


def test_given_no_provider_when_asked_for_then_there_is_none(pages: Pages) -> None:
    found: list[Any] = [pages.browser().get(path) for path in ("/login/outside", "/login/outside/back", "/login")]
    assert [404, 404, 200] == [answer.status_code for answer in found]
    assert "/login/outside" not in found[2].text
