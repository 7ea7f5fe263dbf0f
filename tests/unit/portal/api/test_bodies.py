"""Bodies whose length nobody told, as the server hands them on: whole, or refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.portal.app import LARGEST_BODY
from tests.unit.portal.api.fakes import PASSWORD, Portal

CHUNKED = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
COMMAND = json.dumps({"content": "污水倒灌"}).encode()


def sent(portal: Portal, body: bytes, headers: dict[str, str]) -> Any:
    kind = "application/json"
    return portal.client.post(
        "/api/appeals", data=body, content_type=kind, headers=headers, environ_overrides=dict(CHUNKED)
    )


def test_given_a_chunked_body_of_the_limit_when_sent_then_it_is_taken(portal: Portal, program: dict[str, str]) -> None:
    answer = sent(portal, COMMAND.ljust(LARGEST_BODY), program)
    assert (201, {"content": "污水倒灌"}) == (answer.status_code, portal.peers.last.command)


def test_given_a_chunked_body_over_the_limit_when_sent_then_too_large(portal: Portal, program: dict[str, str]) -> None:
    answer = sent(portal, COMMAND.ljust(LARGEST_BODY + 1), program)
    assert (413, "too_large", []) == (answer.status_code, answer.json["code"], portal.peers.calls)


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_given_a_chunked_form_over_the_limit_when_sent_then_too_large(portal: Portal, kind: str) -> None:
    form = {"username": "lishan", "password": PASSWORD, "next": "x" * LARGEST_BODY}
    answer = portal.client.post("/login", data=form, content_type=kind, environ_overrides=dict(CHUNKED))
    assert 413 == answer.status_code
