"""The AsyncAPI document is whole: references lead somewhere, examples are valid, departments find all they need."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema as validator
import pytest
import yaml

from contracts import files, registry
from contracts.listeners import LISTENERS

Node = dict[str, Any]


@pytest.fixture(scope="module")
def document() -> Node:
    found: Node = yaml.safe_load((files.ROOT / "contracts/asyncapi.yaml").read_text("utf-8"))
    return found


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def resolve(document: Node, reference: str) -> Any:
    found: Any = document
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def test_the_top_is_asyncapi_3(document: Node) -> None:
    assert document["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= set(document["info"])
    assert set(document) <= {
        "asyncapi", "info", "defaultContentType", "servers", "channels", "operations", "components",
    }  # fmt: skip


def test_every_reference_leads_somewhere(document: Node) -> None:
    for reference in set(references(document)):
        assert reference.startswith("#/")
        assert resolve(document, reference)


def test_servers_ask_for_a_login(document: Node) -> None:
    for server in document["servers"].values():
        assert server["protocol"] in {"amqp", "amqps"}
        assert [resolve(document, need["$ref"])["type"] for need in server["security"]] == ["userPassword"]


def test_every_message_is_in_the_channel_of_its_exchange(document: Node) -> None:
    messages = {**registry.EVENTS, **registry.DEPARTMENT_MESSAGES}
    assert set(document["components"]["messages"]) == set(messages)
    for name, fact in messages.items():
        channel = document["channels"][fact.exchange]
        assert channel["messages"][name] == {"$ref": f"#/components/messages/{name}"}
        assert channel["bindings"]["amqp"]["exchange"]["name"] == fact.exchange


def test_addresses_declare_their_parameters(document: Node) -> None:
    for channel in document["channels"].values():
        assert all(f"{{{name}}}" in channel["address"] for name in channel["parameters"])
        assert channel["address"].count("{") == len(channel["parameters"])


def test_operations_use_messages_of_their_own_channel(document: Node) -> None:
    for operation in document["operations"].values():
        assert operation["action"] in {"send", "receive"}
        channel = operation["channel"]["$ref"]
        assert operation["messages"]
        assert all(message["$ref"].startswith(f"{channel}/messages/") for message in operation["messages"])


def test_hearing_follows_the_listeners(document: Node) -> None:
    for service, heard in LISTENERS.items():
        found = [
            message["$ref"].rsplit("/", 1)[1]
            for name, operation in document["operations"].items()
            if name.startswith(f"{service}-hears-")
            for message in operation["messages"]
        ]
        wanted = registry.EVENTS if service == "portal" else [fact.type for fact in heard]
        assert sorted(found) == sorted(wanted)


def test_a_department_finds_its_task_and_all_replies(document: Node) -> None:
    receives, replies = (document["operations"][name] for name in ("department-receives", "department-replies"))
    assert receives["x-queue"] == "department.{unit}"
    assert [message["$ref"].rsplit(".", 2)[1] for message in receives["messages"]] == [
        "whistle_task",
        "task_changed",
        "refusal",
    ]
    said = {message["$ref"].rsplit(".", 2)[1] for message in replies["messages"]}
    assert said == {
        "sign", "object", "report_in", "progress", "finish", "tick_parts", "call_further", "appeal_rating",
        "reply_supervision", "record_enforcement",
    }  # fmt: skip


@pytest.mark.parametrize("name", [*registry.EVENTS, *registry.DEPARTMENT_MESSAGES])
def test_a_message_s_example_is_valid_as_it_lies_on_the_wire(document: Node, name: str) -> None:
    message = document["components"]["messages"][name]
    schema = {**message["payload"], "components": document["components"]}
    for example in message["examples"]:
        validator.validate(example["payload"], schema, validator.Draft202012Validator)
        told = example["payload"]
        wrong = [{**each, "data": {}} for each in told] if isinstance(told, list) else {**told, "data": {}}
        assert not validator.Draft202012Validator(schema).is_valid(wrong)


def test_the_yaml_is_plain(document: Node) -> None:
    text = (files.ROOT / "contracts/asyncapi.yaml").read_text("utf-8")
    assert "!!python" not in text
    assert json.loads(json.dumps(document)) == document
