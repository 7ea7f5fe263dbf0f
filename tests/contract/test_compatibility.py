"""The checker must catch what would break a peer of the last release, and nothing else."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from contracts import files, jsonschema
from contracts.compatibility import breaks

Schemas = dict[str, dict[str, dict[str, Any]]]
EVENT = "cn.shaodao.intake.appeal_registered.v1"
COMMAND = "dispatch.rate_task"


@pytest.fixture(scope="module")
def today() -> Schemas:
    return jsonschema.everything()


def changed(today: Schemas, change: Callable[[Schemas], Any]) -> list[str]:
    later = copy.deepcopy(today)
    change(later)
    return breaks(today, later)


def event(schemas: Schemas) -> dict[str, Any]:
    return schemas["events"][EVENT]


def command(schemas: Schemas) -> dict[str, Any]:
    return schemas["commands"][COMMAND]


def test_nothing_changed(today: Schemas) -> None:
    assert breaks(today, today) == []


def test_before_the_first_release_everything_is_free(today: Schemas) -> None:
    assert breaks({}, today) == []


def test_today_is_compatible_with_the_last_release(today: Schemas) -> None:
    assert breaks(files.released()["schemas"], today) == []


BREAKING: dict[str, tuple[Callable[[Schemas], Any], str]] = {
    "event removed": (lambda s: s["events"].pop(EVENT), "removed"),
    "command removed": (lambda s: s["commands"].pop(COMMAND), "removed"),
    "field removed": (lambda s: event(s)["properties"].pop("urgency"), "urgency: field removed"),
    "part's field removed": (
        lambda s: event(s)["properties"]["first_responder"]["properties"].pop("name"),
        "first_responder.name: field removed",
    ),
    "answer's field removed": (
        lambda s: s["answers"]["AppealView"]["properties"].pop("due_at"),
        "due_at: field removed",
    ),
    "type changed": (lambda s: event(s)["properties"]["secret"].update(type="string"), "secret: type changed"),
    "format changed": (lambda s: event(s)["properties"]["promise_at"].update(format="date"), "type changed"),
    "told null at last": (
        lambda s: event(s)["properties"]["promise_at"].update(type=["string", "null"]),
        "promise_at: type changed",
    ),
    "list's part changed": (
        lambda s: s["events"]["cn.shaodao.dispatch.whistle_blown.v1"]["properties"]["recipients"]["items"][
            "properties"
        ].pop("unit"),
        "recipients[].unit: field removed",
    ),
    "value removed": (lambda s: event(s)["properties"]["urgency"]["enum"].remove("NORMAL"), "value NORMAL removed"),
    "newly required of askers": (lambda s: command(s)["required"].append("comment"), "comment: newly required"),
    "newly required of the log": (lambda s: event(s)["required"].append("reporter"), "reporter: newly required"),
    "no longer always told": (lambda s: event(s)["required"].remove("urgency"), "urgency: no longer always there"),
    "pattern changed": (lambda s: event(s)["properties"]["number"].update(pattern="^X$"), "number: pattern changed"),
    "command pickier": (lambda s: command(s)["properties"]["effect"].update(maximum=30), "maximum lowered"),
    "another answer": (lambda s: command(s).update({"x-answer": "WhistleView"}), "answer changed"),
}


@pytest.mark.parametrize("case", BREAKING)
def test_a_breaking_change_is_caught(today: Schemas, case: str) -> None:
    change, said = BREAKING[case]
    found = changed(today, change)
    assert len(found) == 1
    assert said in found[0]


FREE: dict[str, Callable[[Schemas], Any]] = {
    "new event": lambda s: s["events"].update({"cn.shaodao.intake.new.v1": {"type": "object"}}),
    "new command": lambda s: s["commands"].update({"intake.new": {"type": "object"}}),
    "new optional field": lambda s: event(s)["properties"].update({"more": {"type": "string"}}),
    "new optional field in a command": lambda s: command(s)["properties"].update({"more": {"type": "string"}}),
    "new value": lambda s: event(s)["properties"]["urgency"]["enum"].append("CALM"),
    "command takes null too": lambda s: command(s)["properties"]["effect"].update(type=["integer", "null"]),
    "no longer asked for": lambda s: command(s)["required"].remove("effect"),
    "command takes more": lambda s: command(s)["properties"]["effect"].update(maximum=50),
}


@pytest.mark.parametrize("case", FREE)
def test_a_free_change_passes(today: Schemas, case: str) -> None:
    assert changed(today, FREE[case]) == []
