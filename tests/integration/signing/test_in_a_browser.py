"""Logging in and out by the provider in a real browser, which keeps to the portal's content security policy."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread

import pytest
from playwright.sync_api import Page
from werkzeug.serving import make_server

from services.portal.accounts.tables import OutsideLogin
from tests.browser import chromium
from tests.integration.signing.conftest import CLIENTS, SERVED, SITES, Provider
from tests.unit.portal.pages.people import Pages

pytestmark = pytest.mark.integration
SITE = SITES[1]
SUBJECT = "3f1c-li.shan"


@pytest.fixture
def site(pages: Pages, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The portal behind a socket; 李珊 is linked."""
    monkeypatch.setenv("OIDC_ISSUER", provider.issuer)
    monkeypatch.setenv("OIDC_CLIENT_ID", CLIENTS[0]["client_id"])
    monkeypatch.setenv("OIDC_CLIENT_SECRET", CLIENTS[0]["client_secret"])
    with pages.store.transaction() as session:
        linked = {"account_id": "u-lishan", "issuer": provider.issuer, "subject": SUBJECT, "linked_at": pages.clock()}
        session.add(OutsideLogin(**linked))
    served = lambda environ, start: pages.application({**environ, **pages.environ}, start)  # noqa: E731
    server = make_server("127.0.0.1", SERVED, served, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield SITE
    server.shutdown()


@pytest.fixture
def page() -> Iterator[Page]:
    path = chromium.program()
    assert path, "Chromium is needed: apt-get install chromium"
    with chromium.running(path) as browser:
        yield browser.new_page()


def test_given_a_linked_account_when_in_and_out_by_links_then_no_policy_stands_in_the_way(
    site: str, page: Page
) -> None:
    page.goto(f"{site}/login")
    page.get_by_role("link", name="用统一登录登录").click()
    page.locator("[name=login]").fill(SUBJECT)
    page.locator("[name=password]").fill("any")
    for _ in ("to log in", "to agree"):
        page.locator("button[type=submit]").click()
    page.wait_for_url(f"{site}/")
    page.get_by_role("button", name="退出").click()
    page.get_by_role("link", name="同时退出统一登录").click()
    page.locator("button[name=logout]").click()
    page.wait_for_url(f"{site}/login**")
    assert 401 == page.request.get(f"{site}/api/me").status
