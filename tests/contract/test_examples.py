"""Every example is what its schema says, in marshmallow and as JSON Schema."""

import json
from typing import Any

import jsonschema as validator
import pytest

from contracts import jsonschema, registry
from contracts.schema import CommandSchema, EventSchema

MESSAGES = [*registry.EVENTS.values(), *registry.DEPARTMENT_MESSAGES.values()]
COMMANDS = list(registry.COMMANDS.values())


def name(cls: type[Any]) -> str:
    return cls.__name__


@pytest.mark.parametrize("message", MESSAGES, ids=name)
def test_a_message_loads_and_dumps_to_itself(message: type[EventSchema]) -> None:
    schema = message()
    assert schema.dump(schema.load(message.example)) == message.example


@pytest.mark.parametrize("asked", COMMANDS, ids=name)
def test_a_command_loads_and_dumps_to_itself(asked: type[CommandSchema]) -> None:
    schema = asked()
    assert schema.dump(schema.load(asked.example)) == asked.example


@pytest.mark.parametrize("message", MESSAGES, ids=name)
def test_a_message_s_example_is_valid_json_schema(message: type[EventSchema]) -> None:
    assert_valid(message.example, jsonschema.event_schema(message))


@pytest.mark.parametrize("asked", COMMANDS, ids=name)
def test_a_command_s_example_is_valid_json_schema(asked: type[CommandSchema]) -> None:
    assert_valid(asked.example, jsonschema.command_schema(asked))


def assert_valid(example: dict[str, Any], schema: dict[str, Any]) -> None:
    plain = json.loads(json.dumps(schema))
    validator.Draft202012Validator.check_schema(plain)
    validator.validate(json.loads(json.dumps(example)), plain, validator.Draft202012Validator)


@pytest.mark.parametrize("message", MESSAGES, ids=name)
def test_a_message_ignores_what_a_newer_peer_adds(message: type[EventSchema]) -> None:
    newer = {**message.example, "new_field": 1}
    loaded = message().load(_with_new_parts(newer))
    assert "new_field" not in loaded


def _with_new_parts(example: dict[str, Any]) -> dict[str, Any]:
    return {key: {**value, "new_part": 1} if isinstance(value, dict) else value for key, value in example.items()}


@pytest.mark.parametrize("asked", COMMANDS, ids=name)
def test_a_command_refuses_unknown_fields_in_chinese(asked: type[CommandSchema]) -> None:
    assert asked().validate({**asked.example, "new_field": 1}) == {"new_field": ["没有这个字段"]}


@pytest.mark.parametrize("asked", COMMANDS, ids=name)
def test_a_command_says_in_chinese_what_is_missing(asked: type[CommandSchema]) -> None:
    found = asked().validate({})
    required = {how.data_key or field for field, how in asked().fields.items() if how.required}
    assert required <= set(found)
    assert all(found[field] == ["必填"] for field in required)


def test_case_numbers_of_the_examples_have_true_check_digits() -> None:
    from contracts import samples
    from kernel.numbers import check

    assert all(check(value) for key, value in vars(samples).items() if key.endswith("_NO"))
