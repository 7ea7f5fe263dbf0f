"""The second factor: set up from a page, asked for at every login, each code once, recovery codes, policy."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyotp
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from chassis.errors import Unauthenticated
from chassis.identity import Principal
from services.portal.accounts import second_factor
from services.portal.accounts.tables import Account, RecoveryCode, SecondFactor
from tests.unit.portal.accounts.test_managing import acts_noted, once, token
from tests.unit.portal.api.fakes import PASSWORD
from tests.unit.portal.pages.people import ORIGIN, Outline, Pages

STEP = 30


def do(browser: FlaskClient, act: str, **told: str) -> tuple[int, str]:
    sent = {**told, "csrf_token": token(browser, "/me/code")}
    answer = browser.post(f"/me/code/{act}", data=sent, headers=ORIGIN)
    return answer.status_code, answer.text


def code_of(pages: Pages, secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(pages.clock(), counter_offset=steps)


def set_up(pages: Pages, browser: FlaskClient) -> tuple[str, list[str]]:
    """The secret and the recovery codes."""
    _, page = do(browser, "begin", password=PASSWORD)
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    _, page = do(browser, "confirm", code=code_of(pages, secret))
    return secret, re.findall(r'class="ticket">([^<]+)<', page)


def log_in(pages: Pages, code: str | None = None, username: str = "lishan", **more: Any) -> tuple[FlaskClient, int]:
    """The last status: of the password, or with `code` of the code."""
    browser = pages.browser()
    answer = browser.post("/login", data={"username": username, "password": PASSWORD, "next": "/tasks"}, headers=ORIGIN)
    if code is not None:
        ticket = re.search(r'name="ticket" value="([^"]+)"', answer.text)[1]
        told = {"ticket": ticket, "code": code, "next": "/tasks"}
        answer = browser.post("/login/code", data=told, headers=ORIGIN, **more)
    return browser, answer.status_code


def works(browser: FlaskClient) -> bool:
    return browser.get("/api/me").status_code == 200


def test_given_nothing_set_up_when_the_first_code_fits_then_ten_codes_for_paper_are_shown_once(pages: Pages) -> None:
    lishan = pages.as_user("lishan")
    _, codes = set_up(pages, lishan)
    again = lishan.get("/me/code").text
    assert (10, 10, False) == (len(codes), len(set(codes)), any(code in again for code in codes))
    assert ["set_second_factor"] == acts_noted(pages)


def test_given_a_wrong_first_code_when_confirmed_then_nothing_is_asked_at_login(pages: Pages) -> None:
    lishan = pages.as_user("lishan")
    do(lishan, "begin", password=PASSWORD)
    assert (422, 303) == (do(lishan, "confirm", code="000000")[0], log_in(pages)[1])


def test_given_a_wrong_password_when_begun_then_refused(pages: Pages) -> None:
    assert 422 == do(pages.as_user("lishan"), "begin", password="wrong")[0]


def test_given_it_is_set_up_when_logging_in_then_no_session_before_the_code(pages: Pages) -> None:
    secret, _ = set_up(pages, pages.as_user("lishan"))
    pages.clock.forward(seconds=STEP)
    half, status = log_in(pages)
    whole, led = log_in(pages, code_of(pages, secret))
    assert (200, False, 303, True) == (status, works(half), led, works(whole))


@pytest.mark.parametrize(("steps", "status"), [(-2, 401), (-1, 303), (0, 303), (1, 303), (2, 401)])
def test_given_a_clock_that_is_wrong_when_by_one_step_then_the_code_fits(pages: Pages, steps: int, status: int) -> None:
    secret, _ = set_up(pages, pages.as_user("lishan"))
    pages.clock.forward(seconds=5 * STEP)
    assert status == log_in(pages, code_of(pages, secret, steps))[1]


def test_given_a_code_that_was_taken_when_shown_again_then_refused_and_so_is_an_earlier_one(pages: Pages) -> None:
    secret, _ = set_up(pages, pages.as_user("lishan"))
    pages.clock.forward(seconds=5 * STEP)
    before, code = code_of(pages, secret, -1), code_of(pages, secret)
    assert [303, 401, 401] == [log_in(pages, each)[1] for each in (code, code, before)]


def test_given_one_code_when_taken_by_many_at_once_then_by_one(pages: Pages) -> None:
    secret, _ = set_up(pages, pages.as_user("lishan"))
    pages.clock.forward(seconds=STEP)
    code = code_of(pages, secret)

    def take(_: int) -> bool:
        try:
            with pages.store.transaction() as session:
                second_factor.take(session, Principal("u-lishan", "李珊"), code, pages.clock())
        except Unauthenticated:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert 1 == sum(pool.map(take, range(8)))


@pytest.mark.parametrize("typed", ["{} {}", "{}-{}", "　{}{}", "wide"])
def test_given_a_code_as_people_type_it_when_logging_in_then_it_is_read(pages: Pages, typed: str) -> None:
    secret, _ = set_up(pages, pages.as_user("lishan"))
    pages.clock.forward(seconds=STEP)
    code = code_of(pages, secret)
    wide = code.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    assert 303 == log_in(pages, wide if typed == "wide" else typed.format(code[:3], code[3:]))[1]


def test_given_a_recovery_code_when_used_twice_then_it_counts_once_and_is_noted(pages: Pages) -> None:
    _, codes = set_up(pages, pages.as_user("lishan"))
    assert [303, 401, 303] == [log_in(pages, each)[1] for each in (codes[0], codes[0], codes[1].upper())]
    assert ["set_second_factor", "use_recovery_code", "use_recovery_code"] == acts_noted(pages)


def test_given_new_recovery_codes_when_an_old_one_is_used_then_refused(pages: Pages) -> None:
    browser = pages.as_user("lishan")
    secret, old = set_up(pages, browser)
    pages.clock.forward(seconds=STEP)
    status, page = do(browser, "renew", code=code_of(pages, secret))
    new = once(page)
    assert (200, 401, 303) == (status, log_in(pages, old[0])[1], log_in(pages, new)[1])


def test_given_wrong_codes_when_tried_again_and_again_then_even_the_right_one_waits(pages: Pages) -> None:
    secret, _ = set_up(pages, pages.as_user("lishan"))
    pages.clock.forward(seconds=STEP)
    tried = [log_in(pages, "000000")[1] for _ in range(5)]
    assert ([401] * 5, 429) == (tried, log_in(pages, code_of(pages, secret))[1])
    elsewhere = {"environ_overrides": {"REMOTE_ADDR": "10.0.0.9"}}
    assert 303 == log_in(pages, code_of(pages, secret), **elsewhere)[1]


def test_given_tries_from_everywhere_when_there_are_thirty_then_the_account_waits(pages: Pages) -> None:
    secret, _ = set_up(pages, pages.as_user("lishan"))
    pages.clock.forward(seconds=STEP)
    places = [{"environ_overrides": {"REMOTE_ADDR": f"10.0.0.{each}"}} for each in range(31)]
    tried = [log_in(pages, "000000", **place)[1] for place in places[:30]]
    assert ([401] * 30, 429) == (tried, log_in(pages, code_of(pages, secret), **places[30])[1])


@pytest.mark.parametrize("ticket", ["", "forged", "Zm9yZ2Vk", "é"])
def test_given_a_forged_ticket_when_sent_with_a_code_then_back_to_the_password(pages: Pages, ticket: str) -> None:
    answer = pages.browser().post("/login/code", data={"ticket": ticket, "code": "000000"}, headers=ORIGIN)
    assert (401, True) == (answer.status_code, 'name="password"' in answer.text)


def test_given_a_ticket_when_five_minutes_old_or_the_password_changed_then_worthless(pages: Pages) -> None:
    secret, _ = set_up(pages, pages.as_user("lishan"))
    ticket = re.search(r'name="ticket" value="([^"]+)"', _first_half(pages))[1]
    pages.clock.forward(minutes=5)
    told = {"ticket": ticket, "code": code_of(pages, secret)}
    late = pages.browser().post("/login/code", data=told, headers=ORIGIN).status_code
    ticket = re.search(r'name="ticket" value="([^"]+)"', _first_half(pages))[1]
    with pages.store.transaction() as session:
        session.get(Account, "u-lishan").updated_at = pages.clock()
    told["ticket"] = ticket
    changed = pages.browser().post("/login/code", data=told, headers=ORIGIN).status_code
    assert (401, 401) == (late, changed)


def _first_half(pages: Pages) -> str:
    return pages.browser().post("/login", data={"username": "lishan", "password": PASSWORD}, headers=ORIGIN).text


def test_given_other_sessions_when_it_is_set_up_then_they_end_and_this_one_stays(pages: Pages) -> None:
    other, mine = pages.as_user("lishan"), pages.as_user("lishan")
    set_up(pages, mine)
    pages.clock.forward(seconds=6)
    assert (False, True) == (works(other), works(mine))


def test_given_it_is_given_up_with_a_code_when_logging_in_then_the_password_is_enough(pages: Pages) -> None:
    browser = pages.as_user("lishan")
    secret, _ = set_up(pages, browser)
    pages.clock.forward(seconds=STEP)
    wrong, _ = do(browser, "end", code="000000")
    right, _ = do(browser, "end", code=code_of(pages, secret))
    assert (422, 200, 303, 0) == (wrong, right, log_in(pages)[1], _rows(pages))


def _rows(pages: Pages) -> int:
    with pages.store.transaction() as session:
        return len(session.scalars(select(SecondFactor)).all()) + len(session.scalars(select(RecoveryCode)).all())


def test_given_what_is_stored_when_read_without_the_key_then_neither_secret_nor_codes_are_in_it(pages: Pages) -> None:
    secret, codes = set_up(pages, pages.as_user("lishan"))
    with pages.store.transaction() as session:
        sealed = bytes(session.scalar(text("select secret from second_factor")))
        hashes = session.scalars(select(RecoveryCode.code_hash)).all()
    assert (False, {64}) == (secret.encode() in sealed, {len(each) for each in hashes})
    assert not set(hashes) & set(codes)


def test_given_a_program_when_logging_in_then_it_learns_that_a_code_is_wanted_and_sends_it(pages: Pages) -> None:
    secret, _ = set_up(pages, pages.as_user("lishan"))
    pages.clock.forward(seconds=STEP)
    told = {"username": "lishan", "password": PASSWORD}
    asked = pages.browser().post("/api/session", json=told)
    given = pages.browser().post("/api/session", json={**told, "code": code_of(pages, secret)})
    assert (401, "code_wanted", 201) == (asked.status_code, asked.json["code"], given.status_code)


@pytest.fixture
def strict(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> Pages:
    """A place whose policy asks administrators for a second factor."""
    monkeypatch.setenv("POLICY_PACK", "beijing-like")
    return pages


def test_given_a_role_that_needs_it_when_not_set_up_then_the_role_waits_and_pages_lead_there(strict: Pages) -> None:
    admin = strict.as_user("admin")
    led = admin.get("/accounts").headers["Location"]
    acted = admin.post("/accounts/end", data={"account": "u-lishan", "csrf_token": token(admin, led)}, headers=ORIGIN)
    assert ("/me/code", 403, []) == (led, acted.status_code, admin.get("/api/me").json["roles"])
    secret, _ = set_up(strict, admin)
    assert (200, ["ADMIN"]) == (admin.get("/accounts").status_code, admin.get("/api/me").json["roles"])
    strict.clock.forward(seconds=STEP)
    assert 409 == do(admin, "end", code=code_of(strict, secret))[0]


def test_given_a_role_that_needs_none_when_logging_in_then_nothing_is_asked(strict: Pages) -> None:
    assert 200 == strict.as_user("lishan").get("/").status_code


def test_given_a_lost_telephone_when_the_administrator_takes_it_off_then_the_password_is_enough_again(
    pages: Pages,
) -> None:
    lishan = pages.as_user("lishan")
    set_up(pages, lishan)
    admin = pages.as_user("admin")
    sent = {"csrf_token": token(admin, "/accounts/u-lishan")}
    assert 303 == admin.post("/accounts/u-lishan/no_code", data=sent, headers=ORIGIN).status_code
    pages.clock.forward(seconds=6)
    assert (False, 303) == (works(lishan), log_in(pages)[1])
    assert "remove_second_factor" == acts_noted(pages)[-1]


@pytest.mark.parametrize("state", ["none", "pending", "set"])
def test_given_the_page_when_drawn_then_its_markup_is_sound(pages: Pages, state: str) -> None:
    browser = pages.as_user("lishan")
    if state == "pending":
        do(browser, "begin", password=PASSWORD)
    elif state == "set":
        set_up(pages, browser)
    found = Outline(browser.get("/me/code").text)
    assert (1, [], [], []) == (found.headings.count("h1"), found.unlabelled, found.inline, found.unbalanced)
    assert len(found.ids) == len(set(found.ids))


def test_given_the_page_of_the_code_when_drawn_then_its_markup_is_sound(pages: Pages) -> None:
    set_up(pages, pages.as_user("lishan"))
    found = Outline(_first_half(pages))
    assert (1, [], [], []) == (found.headings.count("h1"), found.unlabelled, found.inline, found.unbalanced)
