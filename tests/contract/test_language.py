"""What may be said at all, and by which names."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from contracts import jsonschema, registry
from contracts.dispatch.tasks import SignTask
from contracts.intake.appeals import AppealRegistered
from contracts.listeners import ASKERS, HEARS_EVERYTHING, LISTENERS, SERVICES
from contracts.schema import CommandSchema, EventSchema

EVENTS = list(registry.EVENTS.values())
PERSONAL = re.compile(
    r"(^|_)(phone|tel|mobile|id_number|id_no|id_card|address|birth|birthday|email|geo|lat|lon|place|content|description"
    r"|text|note|comment|reporter_name|contact_person|title|body)(_|$)"
)
DISPLAYED = {
    "name", "masked_name", "unit_name", "agreement_number", "post", "failed", "number", "org_name", "occasion",
    "stage_name", "next_name", "back_name", "template_name", "station_name", "room", "court", "duty_item",
}  # fmt: skip
"""Strings of an event that nothing limits: names of people, units, rooms, stages and duties, a file number."""


def name(cls: type[Any]) -> str:
    return cls.__name__


def leaves(schema: dict[str, Any], at: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every field of a schema, at any depth: its name and its own schema."""
    for field, inner in schema.get("properties", {}).items():
        yield field, inner
        yield from leaves(inner, field)
    if "items" in schema:
        yield at, schema["items"]
        yield from leaves(schema["items"], at)


@pytest.mark.parametrize("fact", EVENTS, ids=name)
def test_no_event_has_a_personal_field(fact: type[EventSchema]) -> None:
    assert [field for field, _ in leaves(jsonschema.event_schema(fact)) if PERSONAL.search(field)] == []


@pytest.mark.parametrize("fact", EVENTS, ids=name)
def test_no_event_carries_free_text(fact: type[EventSchema]) -> None:
    assert [field for field, how in leaves(jsonschema.event_schema(fact)) if is_free_text(how)] == []


def is_free_text(how: dict[str, Any], displayed: frozenset[str] = frozenset(DISPLAYED)) -> bool:
    said = how.get("type", [])
    is_text = "string" in ([said] if isinstance(said, str) else said)
    return is_text and not {"enum", "pattern", "format"} & set(how) and how.get("maxLength", 10**6) > 60


@pytest.mark.parametrize("fact", EVENTS, ids=name)
def test_short_unlimited_strings_are_names(fact: type[EventSchema]) -> None:
    schema = jsonschema.event_schema(fact)
    open_ended = {field for field, how in leaves(schema) if "maxLength" in how and "pattern" not in how}
    assert open_ended <= DISPLAYED


def test_the_personal_test_would_notice() -> None:
    leaky = {"properties": {"reporter": {"properties": {"phone": {"type": "string"}}}}}
    assert [field for field, _ in leaves(leaky) if PERSONAL.search(field)] == ["phone"]
    assert is_free_text({"type": ["string", "null"], "maxLength": 500})


@pytest.mark.parametrize("message", registry.DEPARTMENT_MESSAGES.values(), ids=name)
def test_words_to_and_from_departments_hold_no_numbers(message: type[EventSchema]) -> None:
    words = [field for field, how in leaves(jsonschema.event_schema(message)) if is_free_text(how)]
    for field in words:
        told: Any = "请联系 139 0000 0001"
        in_a_list = isinstance(message.example[field], list)
        found = message().validate({**message.example, field: [told] if in_a_list else told})
        assert "手机号码" in str(found), field


@pytest.mark.parametrize("fact", [*EVENTS, *registry.DEPARTMENT_MESSAGES.values()], ids=name)
def test_types_and_exchanges(fact: type[EventSchema]) -> None:
    assert fact.type == f"cn.shaodao.{fact.source}.{fact.name}.v{fact.version}"
    assert fact.exchange in {f"{fact.source}.events", "departments", "department-replies"}
    assert re.search("[一-鿿]", fact.title)


@pytest.mark.parametrize("fact", EVENTS, ids=name)
def test_an_event_s_class_is_its_name(fact: type[EventSchema]) -> None:
    assert fact.__name__ == "".join(word.capitalize() for word in fact.name.split("_"))


@pytest.mark.parametrize("asked", registry.COMMANDS.values(), ids=name)
def test_a_command_knows_service_method_answer_and_title(asked: type[CommandSchema]) -> None:
    assert asked.service in SERVICES
    assert re.fullmatch("[a-z]+(_[a-z]+)*", asked.method)
    assert re.search("[一-鿿]", asked.title)
    assert asked.versioned == ("expected_version" in asked().fields)


def test_listeners_hear_only_what_is_said() -> None:
    said = set(EVENTS)
    assert set(LISTENERS) == set(SERVICES)
    assert all(fact in said for heard in LISTENERS.values() for fact in heard)
    assert all(len(heard) == len(set(heard)) for heard in LISTENERS.values())


def test_nobody_hears_the_own_facts() -> None:
    assert all(fact.source != hearer for hearer, heard in LISTENERS.items() for fact in heard)
    assert all(LISTENERS[hearer] == [] for hearer in HEARS_EVERYTHING)


def test_askers_ask_only_what_can_be_asked_of_another() -> None:
    for asker, orders in ASKERS.items():
        assert all(order in registry.COMMANDS.values() and order.service != asker for order in orders)


def test_answers_carry_no_unmasked_contact_but_those_that_are_audited() -> None:
    def fields(answer: str) -> set[str]:
        return {field for field, _ in leaves(jsonschema.answer_schema(answer))}

    with_phone = {answer for answer in registry.ANSWERS if "phone" in fields(answer)}
    assert with_phone == {
        "AddressView", "AddressesView", "CareContactView", "ContactView", "ErasedPeople", "PersonHoldings",
        "SafeCallView", "ServicePointPage", "TelephoneView", "WhoWithdrew",
    }  # fmt: skip


def test_lookups() -> None:

    assert registry.event("cn.shaodao.intake.appeal_registered.v1") is AppealRegistered
    assert registry.command("dispatch", "sign_task") is SignTask
    assert AppealRegistered in registry.events_of("intake")
    with pytest.raises(KeyError):
        registry.event("cn.shaodao.intake.nothing_happened.v1")


def test_duplicates_are_refused() -> None:
    with pytest.raises(registry.DuplicateName):
        registry.unique([("sign_task", object), ("sign_task", str)])
