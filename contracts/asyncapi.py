"""The AsyncAPI 3.0 document, for people and programs that speak to the bus without our code."""

from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from contracts import departments, envelope, registry, samples
from contracts.jsonschema import OPENAPI
from contracts.listeners import HEARS_EVERYTHING, LISTENERS, SERVICES
from contracts.schema import EventSchema
from contracts.topology import VHOST, department_queue

Node = dict[str, Any]
Messages = dict[str, type[EventSchema]]
BINDING_VERSION = "0.3.0"
CONTENT_TYPE, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"
DESCRIPTION = """哨到平台的消息约定：各服务说出的事实，以及单位如何接哨、回哨。

What services say are CloudEvents 1.0 batches: a JSON array of the facts of one commit in their order. The routing key
is their names joined by dots (`appeal_registered.appeal_assigned`): bind `#.<name>.#`, pass over the other facts of a
batch. What departments hear and say is one CloudEvents envelope a message. Facts carry ids, codes, times and masked
names only.
A department needs the channels `departments` and `department-replies` and nothing else; they stand by themselves in
kit/departments.asyncapi.yaml.
Delivery is at least once: keep the `id` of what you have handled. Send `user_id` = your login; the broker checks it.
"""


RECEIVING = """Consume the queue `department.<unit>`; declare and bind nothing. Ack after the work is done.

A message may come twice and out of order: keep the `id` of what you have handled. Pass over types and fields you do not
know. `refusal` tells that a reply of yours changed nothing, and why.
"""
REPLYING = f"""Publish to `department-replies` with the routing key `<unit>.<verb>`, persistent, with confirms.

Set the property `user_id` to your login: the broker checks it, and without it a reply is refused. Every reply has an
`id` of its own, a UUID: a repeat that says the same counts once, other words under an old `id` are refused. At most
{departments.MOST_BYTES} bytes. A reply that no longer fits the task becomes a note on it; one that came before the step
it builds on is waited for (5 s, then 30 s). A reply that is wrong, or asks for what cannot be done, comes back as
`refusal`. Without `receiver` it counts in the name of the holder of post A 接哨员.
"""


HEARD = len(registry.DEPARTMENT_MESSAGES) - len(departments.VERBS)
FOR_DEPARTMENTS = f"""单位接哨、回哨的全部消息：听{HEARD}种，说{len(departments.VERBS)}种。

All a department needs: {HEARD} messages it hears, {len(departments.VERBS)} it says. Every message is a CloudEvents 1.0
envelope in structured JSON, UTF-8. Delivery is at least once: keep the `id` of what you have handled. Send `user_id` =
your login; the broker checks it. The guide: docs/departments.md.
"""


def document() -> Node:
    """The whole document."""
    operations = {**_fact_operations(), **_department_operations()}
    return _document("哨到 Shaodao", DESCRIPTION, operations, {**registry.EVENTS, **registry.DEPARTMENT_MESSAGES})


def for_departments() -> Node:
    """The same for departments alone: their messages."""
    operations = _department_operations()
    return _document(
        "哨到 · 单位接入 Shaodao for departments", FOR_DEPARTMENTS, operations, registry.DEPARTMENT_MESSAGES
    )


def _document(title: str, description: str, operations: Node, messages: Messages) -> Node:
    license = {"name": "Apache-2.0"}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": title, "version": "1.0.0", "description": description, "license": license},
        "defaultContentType": CONTENT_TYPE,
        "servers": _servers(),
        "channels": _channels(messages),
        "operations": operations,
        "components": _components(messages),
    }


def _servers() -> Node:
    host = {"default": "localhost", "description": "RabbitMQ 所在主机"}
    shared = {"pathname": f"/{VHOST}", "security": [{"$ref": "#/components/securitySchemes/login"}]}
    return {
        "tls": {"host": "{host}:5671", "protocol": "amqps", "variables": {"host": host}, **shared},
        "local": {"host": "localhost:5672", "protocol": "amqp", **shared},
    }


def _channels(messages: Messages) -> Node:
    found: Node = {}
    for fact in messages.values():
        channel = found.setdefault(fact.exchange, _channel(fact.exchange))
        channel["messages"][fact.type] = {"$ref": f"#/components/messages/{fact.type}"}
    return found


def _channel(exchange: str) -> Node:
    address, parameters = _ADDRESSES.get(exchange, ("{events}", _NAMES))
    furniture = {"name": exchange, "type": "topic", "durable": True, "autoDelete": False, "vhost": VHOST}
    return {
        "address": address,
        "parameters": parameters,
        "messages": {},
        "bindings": {"amqp": {"is": "routingKey", "exchange": furniture, "bindingVersion": BINDING_VERSION}},
    }


_NAMES = {"events": {"description": "同一次提交的各事件名，以点相连，即路由键"}}
_UNIT = {"unit": {"description": "单位代码", "examples": [samples.JUDICIAL["code"]]}}
_VERB = {"verb": {"description": "动作", "enum": ["sign", "object", "report_in", "progress", "finish"]}}
_ADDRESSES: dict[str, tuple[str, Node]] = {
    departments.OUT: ("{unit}", _UNIT),
    departments.BACK: ("{unit}.{verb}", {**_UNIT, **_VERB}),
}


def _fact_operations() -> Node:
    said = {f"{speaker}-says": _says(speaker) for speaker in SERVICES if registry.events_of(speaker)}
    heard = {f"{hearer}-hears-{speaker}": node for hearer in SERVICES for speaker, node in _hears(hearer).items()}
    return {**said, **heard}


def _operation(action: str, exchange: str, facts: list[type[EventSchema]], summary: str) -> Node:
    names = [{"$ref": f"#/channels/{exchange}/messages/{fact.type}"} for fact in facts]
    return {"action": action, "channel": {"$ref": f"#/channels/{exchange}"}, "summary": summary, "messages": names}


def _says(speaker: str) -> Node:
    return _operation("send", f"{speaker}.events", registry.events_of(speaker), f"{speaker} 说出的事实")


def _hears(hearer: str) -> Node:
    """By speaker. What arrives lies in the queue `<hearer>.inbox`."""
    heard = list(registry.EVENTS.values()) if hearer in HEARS_EVERYTHING else LISTENERS[hearer]
    by_speaker: dict[str, list[type[EventSchema]]] = {}
    for fact in heard:
        by_speaker.setdefault(fact.source, []).append(fact)
    return {
        speaker: {
            **_operation("receive", f"{speaker}.events", facts, f"{hearer} 听取 {speaker}"),
            "x-queue": f"{hearer}.inbox",
        }
        for speaker, facts in by_speaker.items()
    }


def _department_operations() -> Node:
    replies = [fact for fact in registry.DEPARTMENT_MESSAGES.values() if fact.exchange == departments.BACK]
    heard: list[type[EventSchema]] = [departments.WhistleTask, departments.TaskChanged, departments.Refusal]
    received = _operation("receive", departments.OUT, heard, "单位接哨")
    queue = department_queue("{unit}")["queue"]["name"]
    refused = _operation("receive", departments.OUT, [departments.Refusal], "")
    login = [{"$ref": "#/components/securitySchemes/login"}]
    return {
        "department-receives": {
            **received,
            "description": RECEIVING,
            "security": login,
            "bindings": {"amqp": {"ack": True, "bindingVersion": BINDING_VERSION}},
            "x-queue": queue,
        },
        "department-replies": {
            **_operation("send", departments.BACK, replies, "单位回哨"),
            "description": REPLYING,
            "security": login,
            "bindings": {"amqp": {"deliveryMode": 2, "ack": True, "bindingVersion": BINDING_VERSION}},
            "reply": {key: refused[key] for key in ("channel", "messages")},
        },
    }


def _components(messages: Messages) -> Node:
    return {
        "messages": {name: _message(fact) for name, fact in messages.items()},
        "schemas": {"Envelope": envelope.fact(), "ReplyEnvelope": envelope.reply(), **_shapes(messages)},
        "securitySchemes": {"login": {"type": "userPassword", "description": "每个服务、每个单位各有一个账号"}},
    }


def _message(fact: type[EventSchema]) -> Node:
    own = {"type": {"const": fact.type}, "data": {"$ref": f"#/components/schemas/{fact.__name__}"}}
    frame = {"$ref": f"#/components/schemas/{'ReplyEnvelope' if _is_plain(fact) else 'Envelope'}"}
    payload: Node = {"allOf": [frame, {"type": "object", "properties": own}]}
    at, example = "", envelope.example(fact)
    batched = fact.exchange.endswith(".events")
    if batched:  # with others of its commit, perhaps
        payload, at = {"type": "array", "contains": payload}, "/0"
    return {
        "name": fact.name,
        "title": fact.title,
        "contentType": BATCH if batched else CONTENT_TYPE,
        "correlationId": {"location": f"$message.payload#{at}/{_correlation(fact)}"},
        "payload": payload,
        "examples": [{"name": fact.name, "summary": fact.title, "payload": [example] if batched else example}],
    }


def _is_plain(fact: type[EventSchema]) -> bool:
    """Replies and their refusals are no facts about a case."""
    return fact.exchange == departments.BACK or fact is departments.Refusal


def _correlation(fact: type[EventSchema]) -> str:
    if fact is departments.Refusal:
        return "data/message_id"
    return "data/task_id" if _is_plain(fact) else "casenumber"


def _shapes(messages: Messages) -> Node:
    """Every `data` and every part of one, by class name."""
    plugin = MarshmallowPlugin(schema_name_resolver=lambda schema: type(schema).__name__)
    spec = APISpec(title="", version="", openapi_version=OPENAPI, plugins=[plugin])
    for fact in messages.values():
        spec.components.schema(fact.__name__, schema=fact())
    shapes: Node = spec.to_dict()["components"]["schemas"]
    return dict(sorted(shapes.items()))
