"""What the compatibility check calls free, the contracts take from peers; people are refused it as before."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import ValidationError

from contracts.registry import COMMANDS, DEPARTMENT_MESSAGES, EVENTS
from contracts.schema import EventSchema
from tests.support.newer import NEW, code_paths, with_new_code, with_new_field

pytestmark = pytest.mark.rule("31")
CODES = [(fact, path) for fact in EVENTS.values() for path in code_paths(fact())]
ASKED = [(asked, path) for asked in COMMANDS.values() for path in code_paths(asked())]
REPLIES = [
    (reply, path) for reply in DEPARTMENT_MESSAGES.values() if not reply.said_by_peers for path in code_paths(reply())
]


def named(value: Any) -> str:
    return ".".join(value) if isinstance(value, tuple) else str(getattr(value, "__name__", value))


def at(data: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        data = data[0][name] if isinstance(data, list) else data[name]
    return data[0] if isinstance(data, list) else data


@pytest.mark.parametrize(("fact", "path"), CODES, ids=named)
def test_given_a_code_nobody_knows_when_a_fact_is_loaded_and_told_on_then_it_is_kept_as_it_came(
    fact: type[EventSchema], path: tuple[str, ...]
) -> None:
    heard = fact().load(with_new_code(fact, path))
    assert (NEW, NEW) == (at(heard, path), at(fact().dump(heard), path))


@pytest.mark.parametrize("fact", EVENTS.values(), ids=named)
def test_given_fields_nobody_knows_when_a_fact_is_loaded_then_it_is_the_same_without_them(
    fact: type[EventSchema],
) -> None:
    assert fact().load(fact.example) == fact().load(with_new_field(fact.example))


@pytest.mark.parametrize(("asked", "path"), [*ASKED, *REPLIES], ids=named)
def test_given_a_code_nobody_knows_when_people_or_departments_send_it_then_it_is_refused(
    asked: Any, path: tuple[str, ...]
) -> None:
    try:
        sent = with_new_code(asked, path)
    except LookupError:
        pytest.skip("the example leaves it out")
    with pytest.raises(ValidationError):
        asked().load(sent)


@pytest.mark.parametrize("nonsense", ["陈桂兰", "13900139000", "lower", "", 7, None, "A" * 65])
def test_given_what_is_no_code_when_a_fact_is_loaded_then_it_breaks_its_contract(nonsense: Any) -> None:
    fact = EVENTS["cn.shaodao.intake.appeal_assigned.v1"]
    with pytest.raises(ValidationError):
        fact().load({**fact.example, "urgency": nonsense})
