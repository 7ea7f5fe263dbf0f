"""Every command: what is missing, unknown, of a wrong kind or too long is named by its field, in Chinese.

The schema judges before the operation begins (chassis.entrypoints), so what it refuses has changed nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from marshmallow import ValidationError, fields

from contracts import registry
from contracts.schema import CommandSchema

CHINESE = re.compile("[\u4e00-\u9fff]")
WRONG: Any = {"wrong": ["kind"]}
LONG = "很" * 100_000


@pytest.fixture(params=registry.COMMANDS.values(), ids=lambda command: f"{command.service}-{command.method}")
def command(request) -> type[CommandSchema]:
    return request.param


@cache
def made(command: type[CommandSchema]) -> CommandSchema:
    return command()


def refused(command: type[CommandSchema], raw: dict[str, Any]) -> dict[str, Any]:
    """The messages by field; empty where it is taken."""
    try:
        made(command).load(raw)
    except ValidationError as error:
        return error.messages_dict
    return {}


def words(messages: Any) -> Iterator[str]:
    if isinstance(messages, str):
        yield messages
    else:
        for each in messages.values() if isinstance(messages, dict) else messages:
            yield from words(each)


def unspoken(messages: Any) -> list[str]:
    return [said for said in words(messages) if not CHINESE.search(said)]


def by_key(command: type[CommandSchema]) -> dict[str, fields.Field[Any]]:
    return {field.data_key or name: field for name, field in made(command).fields.items() if not field.dump_only}


def test_given_a_field_that_is_missing_when_loaded_then_it_is_named(command):
    wanted = {key for key, field in by_key(command).items() if field.required}
    told = {
        key: refused(command, {name: value for name, value in command.example.items() if name != key}) for key in wanted
    }
    assert dict.fromkeys(wanted, True) == {key: key in messages for key, messages in told.items()}
    assert [] == unspoken(told)


def test_given_a_field_nobody_knows_when_loaded_then_it_is_named(command):
    messages = refused(command, {**command.example, "no_such_field": 1})
    assert ["no_such_field"] == list(messages)
    assert [] == unspoken(messages)


def test_given_a_value_of_a_wrong_kind_when_loaded_then_its_field_is_named(command):
    keys = [key for key, field in by_key(command).items() if type(field) is not fields.Raw]
    told = {key: refused(command, {**command.example, key: WRONG}) for key in keys}
    assert [] == [key for key, messages in told.items() if key not in messages]
    assert [] == unspoken(told)


def test_given_words_that_are_too_long_when_loaded_then_their_field_is_named(command):
    keys = [key for key, field in by_key(command).items() if isinstance(field, fields.String)]
    told = {key: refused(command, {**command.example, key: LONG}) for key in keys}
    assert [] == [key for key, messages in told.items() if key not in messages]
    assert [] == unspoken(told)
