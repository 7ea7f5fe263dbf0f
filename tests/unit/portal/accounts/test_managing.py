"""Accounts from pages: made, ended, reset by the administrator of the place; passwords changed by oneself."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from chassis.tables import AUDIT
from services.portal.accounts.tables import Account
from tests.unit.portal.api.fakes import PASSWORD
from tests.unit.portal.pages.people import ORIGIN, Outline, Pages

NEW = {
    "username": "zhaomin", "name": "赵敏", "role": "GRID", "node": "yinchuan.xingqing.lijingjie.yinhong.g3",
    "unit": "yinhong",
}  # fmt: skip
OWN_WORDS = "三只燕子落在7号楼的电线上"


def token(browser: FlaskClient, page: str) -> str:
    return re.search(r'name="csrf_token" value="([^"]+)"', browser.get(page).text)[1]


def act(browser: FlaskClient, verb: str, **told: str) -> tuple[int, str]:
    told["csrf_token"] = token(browser, "/accounts")
    answer = browser.post(f"/accounts/{verb}", data=told, headers=ORIGIN)
    return answer.status_code, answer.text


def log_in(pages: Pages, username: str, password: str) -> tuple[FlaskClient, int]:
    browser = pages.browser()
    sent = {"username": username, "password": password}
    return browser, browser.post("/login", data=sent, headers=ORIGIN).status_code


def change(browser: FlaskClient, old: str, new: str, again: str | None = None) -> tuple[int, str]:
    sent = {"old": old, "password": new, "again": new if again is None else again, "csrf_token": token(browser, "/me")}
    answer = browser.post("/me", data=sent, headers=ORIGIN)
    return answer.status_code, answer.text


def once(page: str) -> str:
    return re.search(r'class="ticket">([^<]+)<', page)[1]


def acts_noted(pages: Pages) -> list[str]:
    with pages.store.transaction() as session:
        return list(session.scalars(select(AUDIT.c.act).order_by(AUDIT.c.no)))


def test_given_an_administrator_when_an_account_is_made_then_its_first_login_asks_for_an_own_password(
    pages: Pages,
) -> None:
    admin = pages.as_user("admin")
    status, page = act(admin, "make", **NEW)
    first = once(page)
    browser, logged_in = log_in(pages, "zhaomin", first)
    led = browser.get("/").headers["Location"]
    assert (200, 303, "/me") == (status, logged_in, led)
    assert 303 == change(browser, first, OWN_WORDS)[0]
    again, _ = log_in(pages, "zhaomin", OWN_WORDS)
    assert (200, 401) == (again.get("/").status_code, log_in(pages, "zhaomin", first)[1])
    assert ["make_account", "change_password"] == acts_noted(pages)


@pytest.mark.parametrize(
    ("odd", "status"),
    [
        ({"username": "lishan"}, 422),
        ({"username": "赵敏"}, 422),
        ({"name": " "}, 422),
        ({"role": "RESIDENT"}, 422),
        ({"node": "no such place!"}, 422),
        ({"node": "yinchuan.xingqing.shandalu"}, 403),
    ],
)
def test_given_what_may_not_be_when_an_account_is_made_then_refused_and_what_was_entered_stays(
    pages: Pages, odd: dict[str, str], status: int
) -> None:
    found, page = act(pages.as_user("admin"), "make", **{**NEW, **odd})
    assert (status, True, []) == (found, 'name="username"' in page and "✕" in page, acts_noted(pages))


def test_given_an_account_of_another_place_when_acted_upon_then_there_is_none(pages: Pages) -> None:
    admin = pages.as_user("admin")
    assert [404] * 3 == [act(admin, verb, account="u-lili")[0] for verb in ("end", "reset", "resume")]
    assert ("李珊" in admin.get("/accounts").text, "李利" in admin.get("/accounts").text) == (True, False)


def test_given_no_administrator_when_looking_or_acting_then_forbidden(pages: Pages) -> None:
    lishan = pages.as_user("lishan")
    sent = {**NEW, "csrf_token": token(lishan, "/")}
    found = [lishan.get("/accounts"), lishan.post("/accounts/make", data=sent, headers=ORIGIN)]
    assert [403, 403] == [answer.status_code for answer in found]


def test_given_an_ended_account_when_used_then_out_at_once_and_back_with_a_new_password(pages: Pages) -> None:
    lishan, admin = pages.as_user("lishan"), pages.as_user("admin")
    act(admin, "end", account="u-lishan")
    pages.clock.forward(seconds=6)
    assert (303, 401) == (lishan.get("/").status_code, log_in(pages, "lishan", PASSWORD)[1])
    _, page = act(admin, "resume", account="u-lishan")
    assert 303 == log_in(pages, "lishan", once(page))[1]
    assert ["end_account", "resume_account"] == acts_noted(pages)


def test_given_an_administrator_when_ending_oneself_then_refused(pages: Pages) -> None:
    assert 409 == act(pages.as_user("admin"), "end", account="u-admin")[0]


def test_given_a_reset_password_when_logging_in_then_only_the_new_one_fits(pages: Pages) -> None:
    _, page = act(pages.as_user("admin"), "reset", account="u-lishan")
    assert (401, 303) == (log_in(pages, "lishan", PASSWORD)[1], log_in(pages, "lishan", once(page))[1])


@pytest.mark.parametrize(
    ("old", "new", "again", "words"),
    [
        ("wrong", OWN_WORDS, None, "现在的密码不对"),
        (PASSWORD, "短", None, "至少 10 个字符"),
        (PASSWORD, "lishan-lishan", None, "太容易猜"),
        (PASSWORD, "aaaaaaaaaaaa", None, "太容易猜"),
        (PASSWORD, "shaodao-demo", None, "太容易猜"),
        (PASSWORD, OWN_WORDS, "别的", "不一样"),
        (PASSWORD, PASSWORD, None, "和现在的一样"),
    ],
)
def test_given_a_password_that_will_not_do_when_changed_then_it_says_why_and_the_old_one_stays(
    pages: Pages, old: str, new: str, again: str | None, words: str
) -> None:
    status, page = change(pages.as_user("lishan"), old, new, again)
    assert (422, True, 303) == (status, words in page, log_in(pages, "lishan", PASSWORD)[1])


def test_given_wrong_old_passwords_when_tried_again_and_again_then_they_are_counted(pages: Pages) -> None:
    lishan = pages.as_user("lishan")
    assert [422] * 5 + [429] == [change(lishan, "wrong", OWN_WORDS)[0] for _ in range(6)]


def test_given_a_form_of_another_session_when_sent_then_refused(pages: Pages) -> None:
    sent = {"account": "u-lishan", "csrf_token": "forged"}
    answer = pages.as_user("admin").post("/accounts/end", data=sent, headers=ORIGIN)
    with pages.store.transaction() as session:
        active = session.get(Account, "u-lishan").active
    assert (403, True) == (answer.status_code, active)


@pytest.mark.parametrize(("user", "path"), [("admin", "/accounts"), ("lishan", "/me")])
def test_given_a_page_of_accounts_when_drawn_then_its_markup_is_sound(pages: Pages, user: str, path: str) -> None:
    found = Outline(pages.as_user(user).get(path).text)
    assert (1, [], [], []) == (found.headings.count("h1"), found.unlabelled, found.inline, found.unbalanced)
    assert len(found.ids) == len(set(found.ids))
