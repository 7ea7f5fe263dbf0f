"""A form sent after the session ended: log in, and it is there again as typed."""

from __future__ import annotations

import html as markup
import re

import pytest

from services.portal.accounts.sessions import LIFETIME
from tests.unit.portal.api.fakes import PASSWORD
from tests.unit.portal.pages.people import ORIGIN, Pages, hidden
from tests.unit.portal.readmodel.story import APPEAL_NO

CASE = f"/cases/{APPEAL_NO}"
WORDS = "换了水管\n试了“两次”<完>"
pytestmark = pytest.mark.rule("27")


def carried(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: markup.unescape(value) for name, value in found}


def test_given_a_form_after_the_session_ended_when_logged_in_then_it_is_there_as_typed_and_can_be_sent(
    pages: Pages,
) -> None:
    lishan = pages.as_user("lishan")
    sent = {**hidden(lishan.get(CASE).text, "record_handling"), "how": "ON_SITE", "content": WORDS}
    pages.clock.forward(seconds=LIFETIME.total_seconds() + 1)
    asked = lishan.post(f"{CASE}/do/record_handling", data=sent, headers=ORIGIN)
    login = {**carried(asked.text), "username": "lishan", "password": PASSWORD}
    drawn = lishan.post("/login", data=login, headers=ORIGIN)
    before = "record_handling" in {call.method for call in pages.peers.calls}
    assert (401, 200, True, False) == (
        asked.status_code, drawn.status_code, markup.escape(WORDS).replace("&quot;", "&#34;") in drawn.text, before,
    )  # fmt: skip
    again = {**hidden(drawn.text, "record_handling"), "how": "ON_SITE", "content": WORDS}
    assert (303, sent["key"]) == (
        lishan.post(f"{CASE}/do/record_handling", data=again, headers=ORIGIN).status_code, again["key"],
    )  # fmt: skip


def test_given_a_wrong_password_on_the_way_when_asked_again_then_the_form_still_waits(pages: Pages) -> None:
    login = {"username": "lishan", "password": "wrong", "waiting.method": "record_handling", "waiting.content": WORDS}
    page = pages.browser().post("/login", data=login, headers=ORIGIN).text
    assert WORDS == carried(page)["waiting.content"]
