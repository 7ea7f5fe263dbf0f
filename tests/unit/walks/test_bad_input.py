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

from bus.service import bound
from chassis.entrypoints import Answers
from chassis.errors import Fault, Forbidden, Invalid, ServiceError
from chassis.identity import Principal
from contracts import registry, tokens
from contracts.fields import Code, Count, Id, Many, One
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
OTHERS = [command for command in COMMANDS if command.method not in OF_A_LIFE]
QUESTIONS = {command.method for command in COMMANDS if (command.route or "").startswith("GET")}
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
    key = None if command.method in QUESTIONS else uuid.uuid4().hex
    standing = SimpleNamespace(headers={"idempotency_key": key}, process=process)
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
    for command in OTHERS:
        refuses_what_is_spoilt(door, command)


NOWHERE = "yinchuan.jinfeng.nowhere.g9"
"""Well formed, and no place."""
UNKNOWN = {
    tokens.AREA_PATTERN: NOWHERE,
    tokens.CATEGORY_PATTERN: "no.such.kind",
    tokens.NUMBER_PATTERN: case_number("S", NOW.date(), "9999", 77),
}


TAKEN = {
    ("find_alike", "category"): "a hint to a question",
    ("report_erased", "erasure_id"): "the portal's word comes again and again; what is over stays so",
}
"""What may name nothing, and why."""


def unknown(command: Any) -> dict[str, Any]:
    """By field, what is well formed and names nothing."""
    found = {}
    for key, field in shape(command).items():
        patterns = [one.regex.pattern for one in field.validators if isinstance(one, tokens.Pattern)]
        known = [UNKNOWN[pattern] for pattern in patterns if pattern in UNKNOWN]
        known += [str(uuid.uuid4())] if isinstance(field, Id) else []
        if known and (command.method, key) not in TAKEN:
            found[key] = known[0]
    return found


def refuses_what_is_not_there(room: Room, people: list[Principal], command: Any) -> None:
    """Whoever asks: `people` hold some the command's right allows, whose refusal has no other ground."""
    raw = {name: value for name, value in good(room, command).items() if name != "expected_version"}
    with unchanged(room, command):
        for key, value in unknown(command).items():
            errors = [call(room, who, command, {**raw, key: value}) for who in people]
            grounds = [error for error in errors if not isinstance(error, Forbidden)] or errors
            assert [] == [(command.method, key) for error in grounds if not speaks(error, command)]


def speaks(error: ServiceError | None, command: Any) -> bool:
    """Whether it is a refusal in Chinese and, where it is of a field, of one of the command; questions find nothing."""
    named = set(told(error)) <= set(shape(command)) if isinstance(error, Invalid) else True
    if error is None:
        return command.method in QUESTIONS
    return not isinstance(error, Fault) and named and not unspoken(error)


def set_state(room: Room, state: str) -> None:
    with room.store.transaction() as session:
        session.execute(update(room.row.__table__).where(room.row.id == room.key).values(state=state))


def test_given_a_row_when_a_call_about_it_names_what_is_not_there_then_that_is_said_and_nothing_changes(room):
    for command in room.life.commands.values():
        set_state(room, min(room.life.moves[command.method].sources))
        with room.looking() as (_, row):
            people = [who for who in everybody(row.area_path, *room.people) if room.life.may(who, command, row)]
        refuses_what_is_not_there(room, people, command)


def test_given_any_other_command_when_its_call_names_what_is_not_there_then_that_is_said_and_nothing_changes(door):
    with door.looking() as (_, row):
        people = everybody(row.area_path, *door.people)
    for command in OTHERS:
        refuses_what_is_not_there(door, people, command)


ANYWHERE = {
    "register_appeal": "whoever is asked first registers, wherever it is (首问负责制)",
    "report_hazard": "whoever sees a danger reports it",
    "register_errand": "whoever is asked first takes it up",
    "find_alike": "a question; what may not be read is left out",
    "suggest_category": "a question about words",
}
"""What may be about a place that is not one's own, and why."""


def test_given_somebody_of_elsewhere_when_anything_is_begun_at_a_place_then_it_is_refused_and_nothing_changes(door):
    with door.looking() as (_, row):
        place = row.area_path
    strangers = [who for who in everybody(place) if who.grants and who.grants[0].node == ELSEWHERE]
    begun = [one for one in OTHERS if one.method not in QUESTIONS | ANYWHERE.keys() and "area_path" in shape(one)]
    for command in begun:
        with unchanged(door, command):
            raw = {**good(door, command), "area_path": place}
            assert [] == [(command.method, who.id) for who in strangers if call(door, who, command, raw) is None]
