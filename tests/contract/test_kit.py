"""The conformance check of the kit judges by the same contract, with its own small validator."""

import importlib.util
import json
from types import ModuleType
from typing import Any

import jsonschema
import pytest

from contracts import envelope, files, kit, registry

FOLDER = files.ROOT / "kit/python/shaodao_kit"
REPLIES = [each for each in registry.DEPARTMENT_MESSAGES.values() if each.exchange == "department-replies"]


@pytest.fixture(scope="module")
def small() -> ModuleType:
    """The validator, loaded by its path: the kit is not installed here."""
    spec = importlib.util.spec_from_file_location("small_validator", FOLDER / "conformance/schema.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_kit_holds_the_contract_of_today() -> None:
    assert json.loads((FOLDER / "conformance/contract.json").read_text("utf-8")) == json.loads(
        json.dumps(kit.contract())
    )


def test_the_kit_imports_nothing_of_ours() -> None:
    ours = ("chassis", "kernel", "contracts", "services", "ops")
    lines = [line.split() for path in FOLDER.rglob("*.py") for line in path.read_text("utf-8").splitlines()]
    imported = [words[1] for words in lines if words[:1] in (["import"], ["from"]) and len(words) > 1]
    assert [name for name in imported if name.split(".")[0] in ours] == []


@pytest.mark.parametrize("reply", REPLIES, ids=lambda each: each.__name__)
def test_both_validators_find_the_example_good(small: ModuleType, reply: Any) -> None:
    assert list(small.errors(envelope.example(reply), kit.contract()["envelope"])) == []
    assert list(small.errors(reply.example, kit.contract()["replies"][reply.type])) == []


WRONG: list[Any] = [None, 5, "", "x" * 9000, [], {}, ["x"], True, "BY_BICYCLE", "2024-07-05T01:00:00", {"lat": 500}]


@pytest.mark.parametrize("reply", REPLIES, ids=lambda each: each.__name__)
def test_both_validators_say_the_same_of_every_field(small: ModuleType, reply: Any) -> None:
    schema = kit.contract()["replies"][reply.type]
    known = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker(["uuid"]))
    for name in reply.example:
        for value in WRONG:
            changed = {**reply.example, name: value}
            if isinstance(value, str) and schema["properties"][name].get("format") == "date-time":
                continue  # without its optional package jsonschema does not check times
            assert (name, value, known.is_valid(changed)) == (name, value, not list(small.errors(changed, schema)))
