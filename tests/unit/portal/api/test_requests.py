"""What may come in, and how it is passed on."""

from __future__ import annotations

from typing import Any

import pytest

from contracts import samples
from tests.unit.portal.api.fakes import Portal

ACCEPT = "/api/appeals/S202407060104000019/accept"


def test_a_body_and_the_path_become_one_command(portal: Portal, program: dict[str, str]) -> None:
    # When
    portal.client.post("/api/appeals/S1/assign", json={"lead_unit": "yinhong", "handler_id": "u-1"}, headers=program)
    # Then
    call = portal.peers.last
    assert ("intake", "assign_appeal") == (call.service, call.method)
    assert {"number": "S1", "lead_unit": "yinhong", "handler_id": "u-1"} == call.command


def test_unknown_fields_reach_the_service_which_refuses_them(portal: Portal, program: dict[str, str]) -> None:
    # When
    portal.client.post(ACCEPT, json={"colour": "red"}, headers=program)
    # Then
    assert "red" == portal.peers.last.command["colour"]


def test_what_the_path_says_cannot_be_said_again(portal: Portal, program: dict[str, str]) -> None:
    # When
    answer = portal.client.post(ACCEPT, json={"number": "S2"}, headers=program)
    # Then
    assert (422, ["number"], []) == (answer.status_code, list(answer.json["errors"]), portal.peers.calls)


@pytest.mark.parametrize(
    "raw", [b"{", b'{"a": NaN}', b"\xff\xfe", b"[" * 100_000, b'{"a": 1' + b"0" * 5000 + b"}", b"'a'"]
)
def test_what_is_not_json_is_malformed(portal: Portal, program: dict[str, str], raw: bytes) -> None:
    # When
    answer = portal.client.post(ACCEPT, data=raw, content_type="application/json", headers=program)
    # Then
    assert (400, "malformed", []) == (answer.status_code, answer.json["code"], portal.peers.calls)


def test_json_that_is_no_object_is_invalid(portal: Portal, program: dict[str, str]) -> None:
    answer = portal.client.post(ACCEPT, json=["accept"], headers=program)
    assert (422, []) == (answer.status_code, portal.peers.calls)


def test_another_content_type_is_refused(portal: Portal, program: dict[str, str]) -> None:
    answer = portal.client.post(ACCEPT, data="a=1", content_type="text/plain", headers=program)
    assert (415, "unsupported_media_type") == (answer.status_code, answer.json["code"])


def test_no_body_is_an_empty_command(portal: Portal, program: dict[str, str]) -> None:
    # When
    answer = portal.client.post(ACCEPT, headers=program)
    # Then
    assert (200, {"number": "S202407060104000019"}) == (answer.status_code, portal.peers.last.command)


def test_a_body_over_a_megabyte_is_refused(portal: Portal, program: dict[str, str]) -> None:
    # When
    answer = portal.client.post("/api/appeals", json={"content": "x" * 1024 * 1024}, headers=program)
    # Then
    assert (413, "too_large", []) == (answer.status_code, answer.json["code"], portal.peers.calls)


def test_the_idempotency_key_is_passed_on(portal: Portal, program: dict[str, str]) -> None:
    # When
    portal.client.post(ACCEPT, headers={**program, "Idempotency-Key": "b7e1-2024"})
    # Then
    assert "b7e1-2024" == portal.peers.last.how["idempotency_key"]


@pytest.mark.parametrize("key", ["short", "x" * 129, "with blank"])
def test_an_odd_idempotency_key_is_refused(portal: Portal, program: dict[str, str], key: str) -> None:
    # When
    answer = portal.client.post(ACCEPT, headers={**program, "Idempotency-Key": key})
    # Then
    assert (422, ["Idempotency-Key"], []) == (answer.status_code, list(answer.json["errors"]), portal.peers.calls)


@pytest.mark.parametrize(("told", "expected"), [('"3"', 3), ('W/"12"', 12), (' "12" ,', 12), ("*", None)])
def test_if_match_is_the_expected_version(
    portal: Portal, program: dict[str, str], told: str, expected: int | None
) -> None:
    # When
    portal.client.post(ACCEPT, headers={**program, "If-Match": told})
    # Then
    assert expected == portal.peers.last.how["expected_version"]


def test_an_if_match_that_is_no_version_is_refused(portal: Portal, program: dict[str, str]) -> None:
    answer = portal.client.post(ACCEPT, headers={**program, "If-Match": "three"})
    assert (422, []) == (answer.status_code, portal.peers.calls)


def test_given_several_etags_when_sent_then_refused_saying_so(portal: Portal, program: dict[str, str]) -> None:
    answer = portal.client.post(ACCEPT, headers={**program, "If-Match": '"1", W/"2"'})
    errors = {"If-Match": ["一次只能给一个 ETag，不能给多个"]}
    assert (422, errors, []) == (answer.status_code, answer.json["errors"], portal.peers.calls)


def test_a_query_becomes_lists_numbers_and_words(portal: Portal, program: dict[str, str]) -> None:
    # When
    query = "state=ASSIGNED&state=CLOSED&limit=20&area_path=yinchuan&cursor=&colour=red"
    portal.client.get(f"/api/appeals?{query}", headers=program)
    # Then
    expected: dict[str, Any] = {"state": ["ASSIGNED", "CLOSED"], "limit": 20, "area_path": "yinchuan", "colour": "red"}
    assert expected == portal.peers.last.command


@pytest.mark.parametrize(("key", "field"), [(samples.CASE, "case_id"), (samples.APPEAL_NO, "case_number")])
def test_a_mediation_is_found_by_id_or_by_number(portal: Portal, program: dict[str, str], key: str, field: str) -> None:
    # When
    portal.client.get(f"/api/mediations/{key}", headers=program)
    # Then
    assert {field: key} == portal.peers.last.command


def test_every_question_has_a_deadline(portal: Portal, program: dict[str, str]) -> None:
    portal.client.get("/api/units", headers=program)
    assert 5.0 == portal.peers.last.how["deadline"]


def test_what_everybody_may_know_is_asked_in_the_portals_name(portal: Portal) -> None:
    # When
    answer = portal.client.get("/api/areas")
    # Then
    assert (200, None) == (answer.status_code, portal.peers.last.how["identity"])
