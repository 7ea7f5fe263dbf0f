"""What no person types: it is answered by a named error and never stumbled over."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from services.portal.accounts.tables import Attempt
from tests.unit.portal.api.fakes import Portal

HALF = b"\\ud800"
JSON = "application/json"


@pytest.mark.parametrize("character", ["%00", "%0a", "%7f", "%C2%85"])
@pytest.mark.parametrize(
    "path", ["/api/cases/{}", "/api/cases/{}/timeline", "/api/cases/{}/timeline/stream", "/api/uploads/{}", "/cases/{}"]
)
def test_given_a_control_character_in_the_path_when_asked_then_not_found(
    portal: Portal, program: dict[str, str], path: str, character: str
) -> None:
    assert 404 == portal.client.get(path.format(character), headers=program).status_code


def test_given_half_a_surrogate_as_password_when_logging_in_then_the_field_is_named_and_no_try_counted(
    portal: Portal,
) -> None:
    body = b'{"username": "lishan", "password": "' + HALF + b'"}'
    answer = portal.client.post("/api/session", data=body, content_type=JSON)
    with portal.store.transaction() as session:
        tries = session.scalar(select(func.count()).select_from(Attempt))
    assert (422, ["password"], 0) == (answer.status_code, list(answer.json["errors"]), tries)


@pytest.mark.parametrize("path", ["/api/session", "/api/public/appeals"])
def test_given_half_a_surrogate_as_field_when_sent_then_the_problem_names_it(portal: Portal, path: str) -> None:
    answer = portal.client.post(path, data=b'{"' + HALF + b'": 1}', content_type=JSON)
    assert (422, ["没有这个字段"]) == (answer.status_code, answer.json["errors"]["\ud800"])


def test_given_a_doubled_slash_when_asked_then_not_found_and_no_way_to_another_host(portal: Portal) -> None:
    answer = portal.client.post("/api//appeals", json={}, headers={"Host": "evil.example"})
    assert (404, "application/problem+json", None) == (
        answer.status_code, answer.content_type, answer.headers.get("Location"),
    )  # fmt: skip
