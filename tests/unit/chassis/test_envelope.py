"""Envelopes off the wire: only what the contract publishes is one."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import jsonschema_rs
import pytest

from chassis.envelope import parse
from chassis.errors import Reject
from contracts import envelope

ID = "0190a5d2-0000-7000-8000-000000000001"
FRAME: dict[str, Any] = {
    "specversion": "1.0", "id": ID, "source": "/intake", "type": "cn.shaodao.intake.appeal_signed.v1", "subject": "s",
    "time": "2024-07-05T01:00:00Z", "dataschema": "urn:x", "aggregateversion": 1, "areapath": "a.b", "actor": "u-1",
    "casenumber": "S1", "data": {},
}  # fmt: skip
PUBLISHED = jsonschema_rs.validator_for(envelope.fact(), validate_formats=True)
WRONG: list[tuple[str, Any]] = [
    ("time", "2024-07-05T01:00:00"), ("time", "2024-W27-5T01:00Z"), ("time", None), ("time", 5),
    ("id", None), ("id", 1), ("id", ""), ("id", "e-1"), ("id", 2**64 + 1), ("id", f"urn:uuid:{ID}"), ("id", ID + "\n"),
    ("aggregateversion", 1.9), ("aggregateversion", "1"), ("aggregateversion", True), ("aggregateversion", 0),
    ("aggregateversion", None), ("subject", None), ("subject", 2**70), ("source", 1), ("type", None), ("areapath", 1),
    ("actor", None), ("casenumber", 1), ("causationid", 7), ("traceparent", 7), ("data", None), ("data", []),
    ("specversion", 1.0),
]  # fmt: skip


def body(**changes: Any) -> str:
    return json.dumps({**FRAME, **changes})


def test_given_what_the_contract_publishes_when_parsed_then_it_is_an_event() -> None:
    event = parse(body())
    assert (ID, datetime(2024, 7, 5, 1, tzinfo=UTC), 1) == (event.id, event.time, event.aggregate_version)
    assert PUBLISHED.is_valid(FRAME)


@pytest.mark.rule("50")
@pytest.mark.parametrize(("name", "value"), WRONG, ids=repr)
def test_given_a_field_the_contract_does_not_publish_so_when_parsed_then_it_is_refused_by_name(
    name: str, value: Any
) -> None:
    assert not PUBLISHED.is_valid({**FRAME, name: value})
    with pytest.raises(Reject, match=name):
        parse(body(**{name: value}))


@pytest.mark.rule("50")
@pytest.mark.parametrize("name", [name for name in FRAME if name != "dataschema"])
def test_given_a_field_that_is_missing_when_parsed_then_it_is_refused_by_name(name: str) -> None:
    with pytest.raises(Reject, match=name):
        parse(json.dumps({key: value for key, value in FRAME.items() if key != name}))
