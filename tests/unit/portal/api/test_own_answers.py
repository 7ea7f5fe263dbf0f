"""Whatever is sent to what the portal answers by itself, right or wrong: no fault, and every answer as documented."""

from __future__ import annotations

import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.transport.wsgi import WSGI_TRANSPORT

from services.portal.accounts.limits import LIMITS
from services.portal.api import openapi
from services.portal.api.route import ROUTES
from services.portal.app import create_app
from services.portal.pages import places
from tests.unit.portal.api.fakes import Portal
from tests.unit.portal.pages import answers

CHECKS = (status_code_conformance, content_type_conformance, response_schema_conformance)
FAULT = 500
STREAMS = "text/event-stream"
ASKING = ("/api/public/", "/api/unit-files/", "/api/matters/{number}/attachments")
"""What services answer behind it."""
MANNER = settings(
    max_examples=10, derandomize=True, deadline=None, database=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


def own_operations() -> list[Any]:
    asked = {route.command.method for route in ROUTES}
    found = schemathesis.openapi.from_dict(openapi.document(create_app())).get_all_operations()
    operations = [result.ok() for result in found]
    return [
        each for each in operations
        if each.definition.raw["operationId"] not in asked and not each.path.startswith(ASKING)
        and STREAMS not in json.dumps(each.definition.raw)
    ]  # fmt: skip


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", own_operations(), ids=lambda operation: operation.label)
def test_given_any_input_when_sent_then_no_fault_and_an_answer_as_documented(
    portal: Portal, monkeypatch: pytest.MonkeyPatch, operation: Any, mode: GenerationMode
) -> None:
    monkeypatch.setenv("RATE_LIMITS", json.dumps(dict.fromkeys(LIMITS, 1_000_000)))
    places.forget()
    portal.peers.answers |= answers.everything()
    headers, client = portal.bearer(), portal.client

    def served(environ: dict[str, Any], start: Any) -> Any:
        return client.application({**environ, **client.environ_base}, start)

    def send(case: Case) -> None:
        answer = WSGI_TRANSPORT.send(case, app=served, headers=headers)
        assert FAULT != answer.status_code, case.as_curl_command()
        case.validate_response(answer, checks=list(CHECKS))

    MANNER(given(case=operation.as_strategy(generation_mode=mode))(send))()
