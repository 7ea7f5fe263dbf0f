"""Logging in, staying logged in, and ceasing to be."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from services.portal.accounts.tables import GrantRow, SessionRow
from tests.unit.portal.api.fakes import GRID_3, PASSWORD, Portal


def test_the_right_password_gives_a_token_and_says_who_one_is(portal: Portal) -> None:
    # When
    answer = portal.login()
    # Then
    person = answer.json["person"]
    assert (201, "u-lishan", "李珊", ["GRID"]) == (answer.status_code, person["id"], person["name"], person["roles"])
    assert [{"role": "GRID", "label": "网格员", "node": GRID_3, "unit": "yinhong"}] == person["grants"]
    assert "2024-07-06T09:00:00Z" == answer.json["expires_at"]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(portal: Portal) -> None:
    cookie = portal.login().headers["Set-Cookie"]
    assert ("shaodao_session", True, True) == (cookie.split("=")[0], "HttpOnly" in cookie, "SameSite=Lax" in cookie)


def test_the_store_holds_the_hash_of_the_token_only(portal: Portal) -> None:
    # When
    token = portal.login().json["token"]
    # Then
    with portal.store.transaction() as session:
        row = session.scalars(select(SessionRow)).one()
    assert (64, False) == (len(row.token_hash), token in row.token_hash)


@pytest.mark.parametrize("username", ["lishan", "nobody"])
def test_a_wrong_password_and_an_unknown_user_are_answered_alike(portal: Portal, username: str) -> None:
    # When
    answer = portal.login(username, "wrong")
    # Then
    assert (401, "用户名或密码不对") == (answer.status_code, answer.json["detail"])
    assert 'Bearer realm="shaodao"' == answer.headers["WWW-Authenticate"]


def test_a_username_is_the_same_in_capitals_and_with_blanks(portal: Portal) -> None:
    assert 201 == portal.login(" LiShan ").status_code


def test_a_closed_account_cannot_log_in(portal: Portal) -> None:
    # Given
    portal.account("gone", active=False)
    # When, Then
    assert 401 == portal.login("gone").status_code


def test_after_five_wrong_passwords_even_the_right_one_waits(portal: Portal) -> None:
    # Given
    wrong = [portal.login(password="wrong").status_code for _ in range(5)]
    # When
    refused = portal.login()
    # Then
    assert ([401] * 5, 429, "900") == (wrong, refused.status_code, refused.headers["Retry-After"])
    assert "too_many_requests" == refused.json["code"]


def test_the_waiting_ends(portal: Portal) -> None:
    # Given
    for _ in range(5):
        portal.login(password="wrong")
    # When
    portal.clock.forward(minutes=16)
    # Then
    assert 201 == portal.login().status_code


def test_the_waiting_is_for_one_user_at_one_address(portal: Portal) -> None:
    # Given
    portal.account("wangfang")
    for _ in range(5):
        portal.login(password="wrong")
    # When
    elsewhere = portal.login(environ_overrides={"REMOTE_ADDR": "10.0.0.9"})
    # Then
    assert (201, 201) == (elsewhere.status_code, portal.login("wangfang").status_code)


def test_right_passwords_do_not_count(portal: Portal) -> None:
    assert {201} == {portal.login().status_code for _ in range(7)}


def test_a_session_ends_after_eight_hours(portal: Portal, program: dict[str, str]) -> None:
    # When
    portal.clock.forward(hours=8)
    # Then
    answer = portal.client.get("/api/me", headers=program)
    assert (401, "unauthenticated") == (answer.status_code, answer.json["code"])
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_a_forged_token_is_nobody(portal: Portal) -> None:
    assert 401 == portal.client.get("/api/me", headers={"Authorization": "Bearer forged"}).status_code


def test_another_way_of_authorising_is_refused(portal: Portal) -> None:
    assert 401 == portal.client.get("/api/me", headers={"Authorization": "Basic bGk6c2hhbg=="}).status_code


def test_without_a_session_the_body_is_not_even_read(portal: Portal) -> None:
    # When
    answer = portal.client.post("/api/appeals", data="{", content_type="application/json")
    # Then
    assert (401, []) == (answer.status_code, portal.peers.calls)


def test_logging_out_ends_the_session_at_once(portal: Portal, program: dict[str, str]) -> None:
    # Given
    portal.client.get("/api/me", headers=program)
    # When
    out = portal.client.delete("/api/session", headers=program)
    # Then
    assert (204, 401) == (out.status_code, portal.client.get("/api/me", headers=program).status_code)


def test_a_session_ended_by_another_process_ends_here_within_seconds(portal: Portal, program: dict[str, str]) -> None:
    # Given
    with portal.store.transaction() as session:
        session.scalars(select(SessionRow)).one().revoked_at = portal.clock()
    # When
    portal.clock.forward(seconds=5)
    # Then
    assert 401 == portal.client.get("/api/me", headers=program).status_code


def test_a_grant_holds_only_on_its_days(portal: Portal) -> None:
    # Given
    ended = GrantRow(role="STREET", node="yinchuan", valid_to=date(2024, 7, 5))
    current = GrantRow(role="GRID", node=GRID_3, valid_from=date(2024, 7, 6), valid_to=date(2024, 7, 6))
    portal.account("moved", grants=(ended, current))
    # When
    roles = portal.login("moved").json["person"]["roles"]
    # Then
    assert ["GRID"] == roles


def test_services_get_a_signed_identity_of_the_session_and_no_more(portal: Portal, program: dict[str, str]) -> None:
    # When
    portal.client.get("/api/appeals/S202407060104000019", headers=program)
    # Then
    who = portal.verifier.verify(portal.peers.last.how["identity"], portal.clock())
    assert ("u-lishan", "person", frozenset({"GRID"})) == (who.id, who.kind, who.roles)


def test_an_identity_is_never_older_than_a_minute(portal: Portal, program: dict[str, str]) -> None:
    # Given
    portal.client.get("/api/units", headers=program)
    portal.clock.forward(seconds=59)
    portal.client.get("/api/units", headers=program)
    # When
    portal.clock.forward(seconds=1)
    portal.client.get("/api/units", headers=program)
    # Then
    first, second, third = (call.how["identity"] for call in portal.peers.calls)
    assert (True, True) == (first == second, second != third)


def test_the_password_is_taken_as_it_is(portal: Portal) -> None:
    assert 401 == portal.login(password=f" {PASSWORD}").status_code
