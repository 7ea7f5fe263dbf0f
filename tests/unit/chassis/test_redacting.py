"""An error that is kept or logged tells nothing of the message it is about."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from chassis.redacting import HIDDEN, traced, without_values
from chassis.tables import PARKED
from tests.support.parking import hears, inbox_of, message
from tests.toys.things.contract import ThingChanged
from tests.toys.things.tables import Base
from tests.unit.bus.test_parking import ENVELOPE

pytestmark = pytest.mark.rule("5")
LETTER = {"name": "陈桂兰", "phone": 13900139000, "place": {"text": ["丽景街 5 号楼 2 单元"]}, "kind": "NOISE", "no": 7}
BODY = json.dumps(LETTER, ensure_ascii=False).encode()
ERRORS = [
    ("ValueError: 陈桂兰 lives at 丽景街 5 号楼 2 单元", f"ValueError: {HIDDEN} lives at {HIDDEN}"),
    ("Invalid isoformat string: '139 0013 9000'", f"Invalid isoformat string: {HIDDEN}"),
    ("ValueError: 13900139000 is of kind NOISE", f"ValueError: {HIDDEN} is of kind {HIDDEN}"),
    ("KeyError: 'reporter'", "KeyError: 'reporter'"),
    ("called 139-0013-9000 twice", f"called {HIDDEN} twice"),
    ('value "half of 陈桂" is bad', f"value {HIDDEN} is bad"),
    ("NOISELESS line 7", "NOISELESS line 7"),
]


@pytest.mark.parametrize(("error", "said"), ERRORS)
def test_given_an_error_with_values_of_its_message_when_told_then_they_are_hidden(error: str, said: str) -> None:
    assert said == without_values(error, BODY)


texts = st.text(st.characters(codec="utf8", exclude_categories=("Cs", "Cc")), min_size=2, max_size=20)


@given(st.dictionaries(st.sampled_from("abcd"), texts, min_size=1), texts)
def test_given_any_body_when_an_error_quotes_it_whole_then_no_value_is_in_what_is_told(data, around) -> None:
    body = json.dumps({"data": data}).encode()
    values = [value.strip() for value in data.values() if len(value.strip()) >= 2]
    said = without_values(" | ".join([around, *values]), body)
    assert [] == [value for value in values if value in said.split(" | ") and value.strip(HIDDEN)]


def test_given_an_error_with_a_cause_when_traced_then_places_are_told_and_values_are_not() -> None:
    try:
        try:
            raise KeyError("陈桂兰")
        except KeyError as cause:
            raise ValueError("no 13900139000") from cause
    except ValueError as error:
        said = traced(error, BODY)
    places = ["test_given_an_error_with_a_cause" in said, "KeyError: …" in said, "ValueError: no …" in said]
    assert ([True, True, True], False, False) == (places, "陈桂兰" in said, "13900139000" in said)


BROKEN = {
    "a time that is none": {"time": "13900139000"},
    "a version that is a name": {"aggregateversion": "陈桂兰"},
    "data of another kind": {"data": {"word": ["陈桂兰"]}},
    "another specification": {"specversion": "13900139000"},
}


@pytest.mark.parametrize("kind", BROKEN)
def test_given_an_event_that_breaks_its_contract_when_parked_then_its_error_holds_no_value(database, kind) -> None:
    store = database(Base.metadata)
    given = message(json.dumps({**ENVELOPE, **BROKEN[kind]}).encode())
    inbox_of(store, hears(ThingChanged, "thing_changed")).handle_message(given.body, given)
    with store.transaction() as session:
        error = session.execute(select(PARKED.c.error)).scalar_one()
    assert ("Reject", False, False) == (error.split(":")[0].split(".")[-1], "13900139000" in error, "陈桂兰" in error)
