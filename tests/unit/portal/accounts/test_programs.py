"""Tokens of programs: some operations, a term, shown once, counted; never more than their account may."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from services.portal.accounts import quotas
from services.portal.accounts.tables import ProgramToken, Spent
from services.portal.api.programs import operations
from services.portal.api.route import ROUTES
from tests.unit.portal.accounts.test_managing import acts_noted, token
from tests.unit.portal.pages.people import ORIGIN, Outline, Pages
from tests.unit.portal.readmodel.story import APPEAL_NO

TOLD = {"name": "报表程序", "scopes": ["list_units"], "days": 30}
UNITS = "/api/units"


def make(browser: FlaskClient, **odd: Any) -> TestResponse:
    return browser.post("/api/tokens", json={**TOLD, **odd}, headers=ORIGIN)


def program(pages: Pages, scopes: list[str] | None = None, user: str = "lishan", name: str = "报表程序") -> str:
    made: str = make(pages.as_user(user), scopes=scopes or TOLD["scopes"], name=name).json["token"]
    return made


def ask(pages: Pages, told: str, path: str = UNITS, **more: Any) -> TestResponse:
    return pages.browser().get(path, headers={"Authorization": f"Bearer {told}"}, **more)


def test_given_a_token_when_its_operation_is_asked_then_the_service_hears_its_account_and_no_more(pages: Pages) -> None:
    answer = ask(pages, program(pages))
    who = pages.environ["shaodao.process"].verifier.verify(pages.peers.last.how["identity"], pages.clock())
    assert (200, "u-lishan", frozenset({"GRID"})) == (answer.status_code, who.id, who.roles)


@pytest.mark.parametrize(
    "path", [f"/api/appeals/{APPEAL_NO}", "/api/matters", "/api/sessions", "/api/tokens", "/", "/me"]
)
def test_given_a_token_when_something_else_is_asked_then_refused_and_no_service_hears_of_it(
    pages: Pages, path: str
) -> None:
    told = program(pages)
    pages.peers.calls.clear()
    found = ask(pages, told, path, follow_redirects=False).status_code
    assert (True, []) == (found in (401, 403), pages.peers.calls)


def test_given_a_token_when_asking_who_it_is_then_it_learns(pages: Pages) -> None:
    assert "u-lishan" == ask(pages, program(pages), "/api/me").json["id"]


def test_given_a_token_when_sent_as_a_cookie_then_it_is_none(pages: Pages) -> None:
    told, browser = program(pages), pages.browser()
    browser.set_cookie("shaodao_session", told)
    assert 401 == browser.get(UNITS).status_code


def test_given_a_token_when_its_days_are_over_then_it_is_nobody(pages: Pages) -> None:
    told = program(pages)
    pages.clock.forward(days=30)
    assert 401 == ask(pages, told).status_code


def test_given_a_token_when_ended_then_it_is_nobody_at_once(pages: Pages) -> None:
    told, browser = program(pages), pages.as_user("lishan")
    before = ask(pages, told).status_code
    key = browser.get("/api/tokens").json["items"][0]["id"]
    gone = [browser.delete(f"/api/tokens/{key}", headers=ORIGIN).status_code for _ in range(2)]
    assert (200, [204, 404], 401, []) == (
        before, gone, ask(pages, told).status_code, browser.get("/api/tokens").json["items"]
    )  # fmt: skip
    assert ["make_token", "end_token"] == acts_noted(pages)


def test_given_a_token_of_somebody_else_when_ended_then_there_is_none(pages: Pages) -> None:
    told = program(pages)
    with pages.store.transaction() as session:
        key = session.scalars(select(ProgramToken.id)).one()
    gone = pages.as_user("lili").delete(f"/api/tokens/{key}", headers=ORIGIN).status_code
    assert (404, 200) == (gone, ask(pages, told).status_code)


def test_given_an_ended_account_when_its_token_comes_then_it_is_nobody(pages: Pages) -> None:
    told, admin = program(pages), pages.as_user("admin")
    admin.post("/accounts/end", data={"account": "u-lishan", "csrf_token": token(admin, "/accounts")}, headers=ORIGIN)
    assert 401 == ask(pages, told).status_code


def test_given_an_administrator_when_looking_at_an_account_then_its_tokens_can_be_ended(pages: Pages) -> None:
    told, admin = program(pages), pages.as_user("admin")
    page = admin.get("/accounts/u-lishan").text
    sent = dict(re.findall(r'name="(csrf_token|token)" value="([^"]+)"', page))
    assert 303 == admin.post("/accounts/u-lishan/end_token", data=sent, headers=ORIGIN).status_code
    assert 401 == ask(pages, told).status_code


def test_given_what_is_stored_when_read_then_the_token_is_not_in_it(pages: Pages) -> None:
    told = program(pages)
    with pages.store.transaction() as session:
        row = session.scalars(select(ProgramToken)).one()
    assert (64, False, True) == (len(row.token_hash), told in row.token_hash, told.startswith("shaodao_"))


@pytest.mark.parametrize(
    ("odd", "field"),
    [({"scopes": []}, "scopes"), ({"scopes": ["no_such_operation"]}, "scopes"), ({"scopes": ["make_token"]}, "scopes"),
     ({"scopes": ["log_in"]}, "scopes"), ({"days": 0}, "days"), ({"days": 367}, "days"), ({"name": ""}, "name"),
     ({"more": 1}, "more")],
)  # fmt: skip
def test_given_bad_input_when_made_then_the_field_says_why(pages: Pages, odd: dict[str, Any], field: str) -> None:
    answer = make(pages.as_user("lishan"), **odd)
    assert (422, {field}) == (answer.status_code, set(answer.json["errors"]))


def test_given_a_name_twice_or_twenty_one_tokens_when_made_then_refused(pages: Pages) -> None:
    browser = pages.as_user("lishan")
    made = [make(browser, name=f"程序{each}").status_code for each in (0, 0, *range(1, 21))]
    assert [201, 422, *[201] * 19, 422] == made


def test_every_operation_that_asks_for_a_login_can_be_named_but_those_about_logins(pages: Pages) -> None:
    found = operations(pages.application)
    secured = {route.command.method for route in ROUTES if not route.command.public}
    assert (set(), set()) == (secured - set(found), {"log_in", "log_out", "get_me", "make_token"} & set(found))


def test_given_requests_when_counted_then_the_answer_says_what_is_left_and_refuses_what_is_too_much(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RATE_LIMITS", '{"token": 3, "token_account": 5}')
    told = program(pages)
    found = [ask(pages, told) for _ in range(4)]
    assert [200, 200, 200, 429] == [answer.status_code for answer in found]
    assert '"token";q=3;w=60, "token_account";q=5;w=60' == found[0].headers["RateLimit-Policy"]
    wait = int(found[3].headers["Retry-After"])
    assert f'"token";r=2;t={wait}, "token_account";r=4;t={wait}' == found[0].headers["RateLimit"]
    assert f'"token";r=0;t={wait}, "token_account";r=1;t={wait}' == found[3].headers["RateLimit"]
    pages.clock.forward(seconds=wait)
    assert 200 == ask(pages, told).status_code


def test_given_two_tokens_of_one_account_when_both_ask_then_they_share_the_quota_of_the_account(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RATE_LIMITS", '{"token": 3, "token_account": 4}')
    first, second = program(pages), program(pages, name="另一个")
    assert [200, 200, 200, 200, 429] == [ask(pages, told).status_code for told in (first, first, first, second, second)]


def test_given_people_when_they_ask_then_nothing_is_counted(pages: Pages) -> None:
    answer = pages.as_user("lishan").get(UNITS)
    with pages.store.transaction() as session:
        rows = session.scalars(select(Spent)).all()
    assert (False, []) == ("RateLimit" in answer.headers, list(rows))


def test_given_old_windows_when_tidied_then_they_are_gone(pages: Pages) -> None:
    ask(pages, program(pages))
    pages.clock.forward(hours=2)
    with pages.store.transaction() as session:
        quotas.forget_windows(session, None, pages.clock())
        assert [] == list(session.scalars(select(Spent)))


def test_given_the_page_when_a_token_is_made_then_it_is_shown_once(pages: Pages) -> None:
    browser = pages.as_user("lishan")
    sent = {"csrf_token": token(browser, "/me/programs"), "name": "报表", "days": "90", "scope:list_units": "1"}
    page = browser.post("/me/programs/make", data=sent, headers=ORIGIN).text
    told = re.search(r"shaodao_[\w-]+", page)[0]
    again = browser.get("/me/programs").text
    assert (200, False, True) == (ask(pages, told).status_code, told in again, "报表" in again)
    sent = dict(re.findall(r'name="(csrf_token|token)" value="([^"]+)"', again))
    assert 303 == browser.post("/me/programs/end", data=sent, headers=ORIGIN).status_code
    assert 401 == ask(pages, told).status_code


@pytest.mark.parametrize("odd", [{"days": "5000"}, {"name": ""}, {"scope:list_units": ""}])
def test_given_the_page_when_something_is_wrong_then_it_says_so_and_what_was_entered_stays(
    pages: Pages, odd: dict[str, str]
) -> None:
    browser = pages.as_user("lishan")
    sent = {"csrf_token": token(browser, "/me/programs"), "name": "报表", "days": "90", "scope:list_units": "1", **odd}
    sent = {name: value for name, value in sent.items() if value}
    answer = browser.post("/me/programs/make", data=sent, headers=ORIGIN)
    assert (422, True) == (answer.status_code, "✕" in answer.text)


def test_given_the_page_when_drawn_then_its_markup_is_sound(pages: Pages) -> None:
    program(pages)
    found = Outline(pages.as_user("lishan").get("/me/programs").text)
    assert (1, [], [], []) == (found.headings.count("h1"), found.unlabelled, found.inline, found.unbalanced)
    assert len(found.ids) == len(set(found.ids))
