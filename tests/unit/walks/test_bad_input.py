"""Whatever is wrong with a call of intake is named, by its field where one is wrong, in Chinese, and changes nothing.

The calls go the whole way: schema, operation, transaction, the answer that would be kept. Every table is looked at
before and after, so that a command that checks too late, or writes beside its transaction, is found.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from marshmallow import fields
from sqlalchemy import text, update

from chassis.entrypoints import Answers
from chassis.errors import Fault, Forbidden, Invalid, NotFound, ServiceError
from chassis.identity import Principal
from chassis.service import bound
from contracts import registry
from contracts.fields import Code, Count, Many, One
from kernel.numbers import case_number
from services.intake.service import IntakeService
from tests.unit.walks import of_intake
from tests.unit.walks.room import ELSEWHERE, Room, everybody

NOW = datetime(2024, 7, 10, 1, 0, tzinfo=UTC)
CHINESE = re.compile("[\u4e00-\u9fff]")
WRONG: Any = {"wrong": ["kind"]}
LONG, MANY, HUGE = "很" * 100_000, 10_000, 10**12
COMMANDS = [command for command in registry.COMMANDS.values() if command.service == "intake"]
OF_A_LIFE = {name for life in of_intake.LIFE_OF.values() for name in life.commands}
Raw = dict[str, Any]


@pytest.fixture(params=of_intake.LIFE_OF, ids=lambda room: room.__name__)
def room(request, database) -> Room:
    return request.param(database)


@pytest.fixture
def door(database) -> Room:
    """Where what is about no row yet, or about a person, is asked."""
    return of_intake.appeal(database)


def call(room: Room, who: Principal, command: Any, raw: Raw) -> ServiceError | None:
    """The error that a call on the bus answers, or None where it was taken."""
    entry: Any = IntakeService.entrypoints[command.method]
    assert isinstance(entry, Answers)
    process = SimpleNamespace(
        clock=lambda: NOW, store=room.store, verifier=SimpleNamespace(verify=lambda identity, now: who)
    )
    standing = SimpleNamespace(headers={"idempotency_key": uuid.uuid4().hex}, process=process)
    _, act = bound(entry)
    try:
        act(SimpleNamespace(standing=standing, shows=IntakeService.shows, peers={}), raw)
    except ServiceError as error:
        return error
    return None


@contextmanager
def unchanged(room: Room, command: Any) -> Iterator[None]:
    before = content(room)
    yield
    assert before == content(room), command.method


def content(room: Room) -> dict[str, tuple[int, str]]:
    """How many rows each table holds, and a sum over all that stands in them."""
    with room.store.transaction() as session:
        names = session.scalars(text("select tablename from pg_tables where schemaname = 'public' order by 1")).all()
        each = (
            f"select '{name}', count(*), sum(hashtextextended(t::text, 0))::text from \"{name}\" t" for name in names
        )
        return {row[0]: (row[1], row[2]) for row in session.execute(text(" union all ".join(each)))}


@cache
def shape(command: Any) -> dict[str, fields.Field[Any]]:
    return {field.data_key or name: field for name, field in command().fields.items() if not field.dump_only}


def good(room: Room, command: Any) -> Raw:
    """The contract's example, about the row of the room."""
    return {
        **deepcopy(command.example),
        **{name: value for name, value in room.asked.items() if name in shape(command)},
    }


def spoilt(command: Any, raw: Raw) -> Iterator[tuple[str, str, Raw]]:
    """What is wrong, the field to be named, and the call."""
    for key, field in shape(command).items():
        if field.required:
            yield "missing", key, {name: value for name, value in raw.items() if name != key}
        yield from ((how, key, {**raw, key: value}) for how, value in values(field, raw.get(key)))
    yield "extra", "no_such_field", {**raw, "no_such_field": 1}


def values(field: fields.Field[Any], example: Any) -> Iterator[tuple[str, Any]]:
    """Wrong values of a field and, where the example shows them, of what lies in it."""
    if type(field) is fields.Raw:
        return
    yield "wrong", WRONG
    if isinstance(field, fields.String):
        yield "long", LONG
    elif isinstance(field, Count):
        yield from (("out of range", value) for value in (HUGE, -HUGE))
    elif isinstance(field, Code):
        yield "no such code", "NO_SUCH_CODE"
    elif isinstance(field, Many):
        yield from (("in a list", [value]) for _, value in values(field.inner, (example or [None])[0]))
        yield "long", [(example or ["x"])[0]] * MANY
    elif isinstance(field, One) and isinstance(example, dict):
        yield "extra", {**example, "no_such_field": 1}
        for name, inner in field.schema.fields.items():
            if not inner.dump_only:
                yield from (("inside", {**example, name: value}) for _, value in values(inner, example.get(name)))


def told(error: ServiceError | None) -> list[str]:
    return list(error.details["fields"]) if isinstance(error, Invalid) else [str(error)]


def words(messages: Any) -> Iterator[str]:
    if isinstance(messages, str):
        yield messages
    else:
        for each in messages.values() if isinstance(messages, dict) else messages:
            yield from words(each)


def unspoken(error: ServiceError) -> list[str]:
    said = words(error.details["fields"]) if isinstance(error, Invalid) else [str(error)]
    return [each for each in said if not CHINESE.search(each)]


def refuses_what_is_spoilt(room: Room, command: Any) -> None:
    who = Principal("u-some", "某某")
    with unchanged(room, command):
        for how, key, raw in spoilt(command, good(room, command)):
            error = call(room, who, command, raw)
            assert (how, command.method, [key]) == (how, command.method, told(error))
            assert isinstance(error, Invalid)
            assert [] == unspoken(error)


def test_given_a_row_when_a_call_about_it_is_spoilt_then_the_field_is_named_and_nothing_changes(room):
    for command in room.life.commands.values():
        refuses_what_is_spoilt(room, command)


def test_given_any_other_command_when_its_call_is_spoilt_then_the_field_is_named_and_nothing_changes(door):
    for command in COMMANDS:
        if command.method not in OF_A_LIFE:
            refuses_what_is_spoilt(door, command)
