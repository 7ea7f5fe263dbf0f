"""Every error is a problem document, and every kind of problem has a page that says what to do."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from chassis import errors
from services.portal import problems, web
from tests.unit.portal.api.fakes import Portal

CASE = "/api/appeals/S202407060104000019"
MEMBERS = {"type", "title", "status", "detail", "instance", "code"}
EACH = [
    (errors.Invalid, 422, "invalid"),
    (errors.Unauthenticated, 401, "unauthenticated"),
    (errors.Forbidden, 403, "forbidden"),
    (errors.NotFound, 404, "not_found"),
    (errors.Conflict, 409, "conflict"),
    (errors.VersionMismatch, 412, "version_mismatch"),
    (errors.DeadlineExceeded, 504, "deadline_exceeded"),
    (errors.Unavailable, 503, "unavailable"),
    (errors.Fault, 500, "fault"),
]


@pytest.mark.parametrize(("kind", "status", "code"), EACH)
def test_what_a_service_refuses_with_becomes_a_problem(
    portal: Portal, program: dict[str, str], kind: type[errors.ServiceError], status: int, code: str
) -> None:
    # Given
    portal.peers.answers["get_appeal"] = kind("话说在这里")
    # When
    answer = portal.client.get(CASE, headers=program)
    # Then
    told = answer.json
    assert (status, "application/problem+json") == (answer.status_code, answer.content_type)
    assert (MEMBERS, status, code) == (set(told), told["status"], told["code"])
    assert (f"/problems/{code}", CASE, "话说在这里") == (told["type"], told["instance"], told["detail"])


def test_who_found_no_place_in_time_is_told_when_to_come_back_and_nobody_is_asked(
    portal: Portal, program: dict[str, str]
) -> None:
    # Given
    portal.peers.answers["get_appeal"] = AssertionError("nobody may be asked")
    # When
    answer = portal.client.get(CASE, headers=program, environ_overrides={web.CROWDED: True})
    # Then
    assert (503, "10", "unavailable") == (answer.status_code, answer.headers["Retry-After"], answer.json["code"])


def test_details_are_members_of_their_own(portal: Portal, program: dict[str, str]) -> None:
    # Given
    details = {"state": "CLOSED", "allowed_states": ["ASSIGNED"], "command": "sign_appeal"}
    portal.peers.answers["sign_appeal"] = errors.Conflict("现在不能签收", **details)
    # When
    told = portal.client.post(CASE + "/sign", headers=program).json
    # Then
    assert details == {key: told[key] for key in details}


def test_a_detail_cannot_take_the_place_of_a_member(portal: Portal, program: dict[str, str]) -> None:
    # Given
    portal.peers.answers["get_appeal"] = errors.Conflict("不行", {"status": 200, "title": "好", "code": "fine"})
    # When
    told = portal.client.get(CASE, headers=program).json
    # Then
    assert (409, "与当前状态不符", "conflict") == (told["status"], told["title"], told["code"])


def test_field_messages_are_errors(portal: Portal, program: dict[str, str]) -> None:
    # Given
    fields = {"reporter": {"phone": ["电话应为 11 位手机号，或带区号的座机号"]}, "colour": ["没有这个字段"]}
    portal.peers.answers["register_appeal"] = errors.Invalid.because(fields)
    # When
    told = portal.client.post("/api/appeals", json={"colour": "red"}, headers=program).json
    # Then
    assert (422, fields) == (told["status"], told["errors"])


def test_unavailable_says_when_to_try_again(portal: Portal, program: dict[str, str]) -> None:
    # Given
    portal.peers.answers["get_appeal"] = errors.Unavailable("消息总线暂时不可用", retry_after=7)
    # When, Then
    assert "7" == portal.client.get(CASE, headers=program).headers["Retry-After"]


def test_a_mistake_of_ours_shows_a_number_and_nothing_else(portal: Portal, program: dict[str, str]) -> None:
    # Given
    portal.peers.answers["get_appeal"] = ZeroDivisionError("inside")
    # When
    answer = portal.client.get(CASE, headers=program)
    # Then
    assert (500, 12, False) == (answer.status_code, len(answer.json["incident"]), "inside" in answer.text)


def test_an_unknown_address_is_a_problem_too(visitor: FlaskClient) -> None:
    answer = visitor.get("/api/nowhere")
    assert (404, "not_found") == (answer.status_code, answer.json["code"])


def test_a_wrong_method_names_the_right_ones(visitor: FlaskClient) -> None:
    # When
    answer = visitor.put("/api/session")
    # Then
    assert (405, "DELETE, OPTIONS, POST") == (answer.status_code, answer.headers["Allow"])
    assert ["DELETE", "OPTIONS", "POST"] == answer.json["allowed_methods"]


def test_outside_the_api_people_get_a_page(visitor: FlaskClient) -> None:
    # When
    answer = visitor.get("/problems/unheard-of")
    # Then
    assert (404, "text/html; charset=utf-8") == (answer.status_code, answer.content_type)
    assert "没有找到" in answer.text


@pytest.mark.parametrize("code", sorted(problems.KINDS))
def test_every_kind_has_a_page_that_says_what_to_do(visitor: FlaskClient, code: str) -> None:
    # When
    answer = visitor.get(f"/problems/{code}")
    # Then
    assert (200, True) == (answer.status_code, problems.KINDS[code].advice in answer.text)


def test_every_named_error_has_its_kind() -> None:
    kinds = [kind for module in (errors, problems) for kind in vars(module).values() if isinstance(kind, type)]
    named = {kind for kind in kinds if issubclass(kind, errors.ServiceError)} - {errors.ServiceError}
    assert {} == {kind: kind.status for kind in named if problems.KINDS[kind("").code].status != kind.status}
