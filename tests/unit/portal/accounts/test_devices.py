"""Where an account is logged in: listed, ended one by one or all others, by oneself and by an administrator."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from services.portal.accounts.arriving import coarse, device_of
from services.portal.accounts.tables import SessionRow
from tests.unit.portal.accounts.test_managing import acts_noted, token
from tests.unit.portal.pages.people import ORIGIN, Outline, Pages

PHONE = (
    "Mozilla/5.0 (Linux; Android 14; V2307A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/116.0 Mobile "
    "Safari/537.36 MicroMessenger/8.0.49"
)
SECONDS = 6
"""More than a process remembers a session."""


def works(browser: FlaskClient) -> bool:
    return browser.get("/api/me").status_code == 200


def sessions(browser: FlaskClient) -> list[dict[str, object]]:
    found: list[dict[str, object]] = browser.get("/api/sessions").json["items"]
    return found


def act(browser: FlaskClient, path: str, **told: str) -> int:
    page = path.rpartition("/")[0]
    return browser.post(path, data={**told, "csrf_token": token(browser, page)}, headers=ORIGIN).status_code


def test_given_two_sessions_when_listed_then_the_own_one_is_marked_and_each_says_from_where(pages: Pages) -> None:
    pages.as_user("lishan")
    pages.clock.forward(minutes=1)
    mine = pages.as_user("lishan")
    found = sessions(mine)
    assert [True, False] == [each["current"] for each in found]
    assert {("PASSWORD", "127.0.0.*")} == {(each["way"], each["network"]) for each in found}
    assert "这些地方现在登录着" in mine.get("/me/devices").text


def test_given_another_session_when_ended_on_the_page_then_it_is_out_and_that_is_noted(pages: Pages) -> None:
    other, mine = pages.as_user("lishan"), pages.as_user("lishan")
    key = next(each["id"] for each in sessions(mine) if not each["current"])
    assert 303 == act(mine, "/me/devices/one", session=str(key))
    pages.clock.forward(seconds=SECONDS)
    assert (False, True, ["end_session"]) == (works(other), works(mine), acts_noted(pages))


def test_given_several_sessions_when_all_others_are_ended_then_only_this_one_stays(pages: Pages) -> None:
    others, mine = [pages.as_user("lishan") for _ in range(3)], pages.as_user("lishan")
    assert 303 == act(mine, "/me/devices/others")
    pages.clock.forward(seconds=SECONDS)
    assert ([False] * 3, True, 1) == ([works(each) for each in others], works(mine), len(sessions(mine)))


def test_given_a_program_when_it_ends_sessions_then_the_api_does_the_same(pages: Pages) -> None:
    other, mine = pages.as_user("lishan"), pages.as_user("lishan")
    key = next(each["id"] for each in sessions(mine) if not each["current"])
    first = mine.delete(f"/api/sessions/{key}", headers=ORIGIN).status_code
    assert ([204, 404], False) == (
        [first, mine.delete(f"/api/sessions/{key}", headers=ORIGIN).status_code], works(other)
    )  # fmt: skip
    third = pages.as_user("lishan")
    assert (204, False) == (mine.delete("/api/sessions", headers=ORIGIN).status_code, works(third))


@pytest.mark.parametrize("key", ["none", "00000000-0000-0000-0000-000000000000"])
def test_given_no_such_session_when_ended_then_there_is_none(pages: Pages, key: str) -> None:
    assert 404 == pages.as_user("lishan").delete(f"/api/sessions/{key}", headers=ORIGIN).status_code


def test_given_a_session_of_somebody_else_when_ended_by_oneself_then_there_is_none(pages: Pages) -> None:
    lili, lishan = pages.as_user("lili"), pages.as_user("lishan")
    key = sessions(lili)[0]["id"]
    assert (404, True) == (lishan.delete(f"/api/sessions/{key}", headers=ORIGIN).status_code, works(lili))


def test_given_an_administrator_of_the_place_when_ending_a_session_then_out_and_noted(pages: Pages) -> None:
    lishan, admin = pages.as_user("lishan"), pages.as_user("admin")
    key = sessions(lishan)[0]["id"]
    assert 303 == act(admin, "/accounts/u-lishan/end_session", session=str(key))
    pages.clock.forward(seconds=SECONDS)
    assert (False, ["end_session"]) == (works(lishan), acts_noted(pages))


def test_given_an_administrator_of_the_place_when_ending_all_then_all_are_out(pages: Pages) -> None:
    found, admin = [pages.as_user("lishan") for _ in range(2)], pages.as_user("admin")
    assert 303 == act(admin, "/accounts/u-lishan/end_sessions")
    pages.clock.forward(seconds=SECONDS)
    assert ([False, False], ["end_sessions"]) == ([works(each) for each in found], acts_noted(pages))


def test_given_an_account_of_another_place_when_looked_at_by_the_administrator_then_there_is_none(pages: Pages) -> None:
    lili, admin = pages.as_user("lili"), pages.as_user("admin")
    key = str(sessions(lili)[0]["id"])
    sent = {"session": key, "csrf_token": token(admin, "/accounts")}
    acted = admin.post("/accounts/u-lili/end_session", data=sent, headers=ORIGIN).status_code
    assert (404, 404, True) == (admin.get("/accounts/u-lili").status_code, acted, works(lili))


def test_given_no_administrator_when_looking_at_an_account_then_forbidden(pages: Pages) -> None:
    assert 403 == pages.as_user("lishan").get("/accounts/u-lishan").status_code


def test_given_a_session_in_use_when_it_is_seen_then_at_most_every_five_minutes(pages: Pages) -> None:
    mine, began = pages.as_user("lishan"), pages.clock()
    seen = []
    for minutes in (4, 2):
        pages.clock.forward(minutes=minutes)
        works(mine)
        with pages.store.transaction() as session:
            seen.append(session.scalars(select(SessionRow.seen_at)).one())
    assert [began, pages.clock()] == seen


@pytest.mark.parametrize(
    ("address", "told"),
    [("203.0.113.77", "203.0.113.*"), ("::ffff:203.0.113.77", "203.0.113.*"), ("2001:db8:5:6::1", "2001:db8:5::*"),
     ("unix", ""), (None, "")],
)  # fmt: skip
def test_given_an_address_when_kept_then_only_its_neighbourhood(address: str | None, told: str) -> None:
    assert told == coarse(address)


@pytest.mark.parametrize(
    ("agent", "told"),
    [(PHONE, "安卓手机 · 微信"),
     ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/128.0 Safari/537.36 Edg/128.0", "Windows 电脑 · Edge"),
     ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "苹果手机 · Safari"),
     ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Linux 电脑 · Firefox"),
     ("python-httpx/0.28", "程序"), ("", "程序")],
)  # fmt: skip
def test_given_what_a_browser_says_of_itself_when_kept_then_in_words(agent: str, told: str) -> None:
    assert told == device_of(agent)


@pytest.mark.parametrize(("user", "path"), [("lishan", "/me/devices"), ("admin", "/accounts/u-lishan")])
def test_given_a_page_of_sessions_when_drawn_then_its_markup_is_sound(pages: Pages, user: str, path: str) -> None:
    pages.as_user("lishan")
    pages.as_user("lishan")
    found = Outline(pages.as_user(user).get(path).text)
    assert (1, [], [], []) == (found.headings.count("h1"), found.unlabelled, found.inline, found.unbalanced)
    assert len(found.ids) == len(set(found.ids))
