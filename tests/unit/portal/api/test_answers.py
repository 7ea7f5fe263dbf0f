"""What goes out: versions, places, pages, files, traces and security headers."""

from __future__ import annotations

import base64

import pytest
from flask.testing import FlaskClient

from contracts import samples
from services.portal.api import around
from tests.unit.portal.api.fakes import APPEAL, Portal

CASE = "/api/appeals/S202407060104000019"
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_a_version_is_an_etag(portal: Portal, program: dict[str, str]) -> None:
    # When
    answer = portal.client.get(CASE, headers=program)
    # Then
    assert ('"3"', APPEAL) == (answer.headers["ETag"], answer.json)


def test_what_is_new_has_its_place(portal: Portal, program: dict[str, str]) -> None:
    # When
    answer = portal.client.post("/api/appeals", json={}, headers=program)
    # Then
    assert (201, f"/api/appeals/{samples.APPEAL_NO}") == (answer.status_code, answer.headers["Location"])


def test_a_page_links_to_the_next(portal: Portal, program: dict[str, str]) -> None:
    # Given
    portal.peers.answers["list_appeals"] = {"items": [], "next_cursor": "a b+c"}
    # When
    answer = portal.client.get("/api/appeals?limit=2&state=CLOSED&state=MERGED&cursor=old", headers=program)
    # Then
    expected = '</api/appeals?limit=2&state=CLOSED&state=MERGED&cursor=a+b%2Bc>; rel="next"'
    assert expected == answer.headers["Link"]


def test_the_last_page_links_nowhere(portal: Portal, program: dict[str, str]) -> None:
    portal.peers.answers["list_appeals"] = {"items": [], "next_cursor": None}
    assert "Link" not in portal.client.get("/api/appeals", headers=program).headers


def test_a_document_comes_as_bytes(portal: Portal, program: dict[str, str]) -> None:
    # Given
    document = {"media_type": "application/pdf", "filename": "协议.pdf", "content": base64.b64encode(b"%PDF-1.7")}
    portal.peers.answers["agreement_document"] = document
    # When
    answer = portal.client.get(f"/api/agreements/{samples.AGREEMENT}/document.pdf", headers=program)
    # Then
    assert (200, "application/pdf", b"%PDF-1.7") == (answer.status_code, answer.content_type, answer.data)
    assert "inline; filename*=UTF-8''%E5%8D%8F%E8%AE%AE.pdf" == answer.headers["Content-Disposition"]


def test_a_trace_goes_on(portal: Portal, program: dict[str, str]) -> None:
    # When
    answer = portal.client.get(CASE, headers={**program, "traceparent": PARENT})
    # Then
    passed_on = portal.peers.last.how["traceparent"]
    assert (PARENT.split("-")[1], True) == (passed_on.split("-")[1], passed_on != PARENT)
    assert (passed_on, PARENT.split("-")[1]) == (answer.headers["traceresponse"], answer.headers["X-Request-Id"])


def test_a_broken_trace_begins_anew(portal: Portal, program: dict[str, str]) -> None:
    # When
    portal.client.get(CASE, headers={**program, "traceparent": "00-nonsense"})
    # Then
    assert 55 == len(portal.peers.last.how["traceparent"])


@pytest.mark.parametrize(("told", "kept"), [("order-7", True), ("<script>", False), ("x" * 65, False)])
def test_a_request_id_is_given_back_when_it_is_harmless(visitor: FlaskClient, told: str, kept: bool) -> None:
    answer = visitor.get("/api/openapi.json", headers={"X-Request-Id": told})
    assert kept == (answer.headers["X-Request-Id"] == told)


@pytest.mark.parametrize("path", ["/api/docs", "/api/nowhere", "/problems/invalid"])
def test_every_answer_is_guarded(visitor: FlaskClient, path: str) -> None:
    # When
    headers = visitor.get(path).headers
    # Then
    assert ("nosniff", "DENY", "no-store") == (
        headers["X-Content-Type-Options"], headers["X-Frame-Options"], headers["Cache-Control"],
    )  # fmt: skip
    assert ("same-origin", False) == (headers["Referrer-Policy"], "unsafe" in headers["Content-Security-Policy"])


def test_requests_are_counted_by_route_and_not_by_case(portal: Portal, program: dict[str, str]) -> None:
    # Given
    counted = around.http_requests.labels("/api/appeals/<number>", "200")
    before = counted._value.get()
    # When
    portal.client.get("/api/appeals/S1", headers=program)
    portal.client.get("/api/appeals/S2", headers=program)
    # Then
    assert before + 2 == counted._value.get()
