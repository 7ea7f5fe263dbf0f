"""No bytes whatever make the portal stumble: a body is an object, or one of two named errors."""

from __future__ import annotations

import json
from typing import Any

from flask import Request
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder

from chassis.errors import Invalid
from services.portal.api import reading
from services.portal.problems import Malformed

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def read(raw: bytes) -> Any:
    builder = EnvironBuilder(method="POST", data=raw, content_type="application/json")
    return reading.body(Request(builder.get_environ()))


@given(st.binary(max_size=200))
def test_any_bytes_are_an_object_or_a_named_error(raw: bytes) -> None:
    try:
        outcome: object = read(raw)
    except (Malformed, Invalid) as error:
        outcome = error
    assert isinstance(outcome, dict | Malformed | Invalid)


@given(st.dictionaries(st.text(), JSON_VALUES))
def test_an_object_is_read_as_it_was_written(told: dict[str, Any]) -> None:
    assert told == read(json.dumps(told).encode())
