"""What a field takes is what its published schema takes."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError

from contracts import fields, tokens
from contracts.jsonschema import shape_of
from contracts.shapes import Coordinate
from kernel.codes import Urgency
from tests.data.tables import FOLDER

pytestmark = pytest.mark.rule("50")


class Tried(Schema):
    amount = tokens.Amount()
    at = fields.Moment()
    code = fields.Code(Urgency)
    count = fields.Count(0, 20)
    area = tokens.area()
    unit = tokens.unit_code()
    id = fields.Id()
    limit = tokens.limit_text()
    yes = fields.Flag()
    lat = Coordinate(90)
    text = fields.Text(5)


PUBLISHED = shape_of(Tried)["properties"]
SCHEMAS = {
    name: jsonschema_rs.validator_for(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", **node}, validate_formats=True
    )
    for name, node in PUBLISHED.items()
}
"""jsonschema_rs checks formats by itself; `jsonschema` knows no date-time without rfc3339-validator."""


def taken(name: str, value: Any) -> bool:
    try:
        Tried(only=[name]).load({name: value})
    except ValidationError:
        return False
    return True


SAMPLES: dict[str, list[Any]] = json.loads((FOLDER / "field_values.json").read_text(encoding="utf8"))
CASES = [(name, value) for name, values in SAMPLES.items() for value in values]


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in SAMPLES.items() for value in values], ids=repr
)
def test_given_a_value_then_the_field_takes_it_exactly_where_the_published_schema_does(name: str, value: Any) -> None:
    assert SCHEMAS[name].is_valid(value) == taken(name, value)


def test_given_the_samples_then_no_field_is_left_out() -> None:
    assert set(PUBLISHED) == set(SAMPLES)


SIGNS = st.sampled_from("0123456789.-+_ eETtZz:WA１२٣abchmind\n")


@settings(deadline=None)
@given(st.sampled_from(["amount", "at", "area", "unit", "id", "limit", "yes", "lat", "code", "count"]), st.data())
def test_given_any_text_near_a_right_one_then_field_and_schema_agree(name: str, data: st.DataObject) -> None:
    sample = data.draw(st.sampled_from([str(value) for value in SAMPLES[name]]))
    place, sign = data.draw(st.integers(0, len(sample))), data.draw(SIGNS)
    changed = sample[:place] + sign + sample[place + data.draw(st.integers(0, 1)) :]
    assert SCHEMAS[name].is_valid(changed) == taken(name, changed)


@given(st.text(max_size=12))
def test_given_any_text_then_what_the_field_takes_the_schema_takes(text: str) -> None:
    assert not taken("text", text) or SCHEMAS["text"].is_valid(text)
