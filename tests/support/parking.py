"""An inbox without a broker: what it does with a message is seen in the tables."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from bus.hearing import DeadLetters, Hears, Inbox
from chassis.store import Store

NOW = datetime(2024, 7, 5, 1, 0, tzinfo=UTC)


def message(body: bytes, message_id: str | None = None, **headers: Any) -> Any:
    """As the broker delivers one."""
    properties = {"message_id": message_id} if message_id else {}
    delivery: dict[str, Any] = {"routing_key": "", "redelivered": False}
    return SimpleNamespace(
        body=body, properties=properties, headers=headers, content_type="application/json", delivery_info=delivery
    )


def hears(contract: Any, name: str, service: str = "things") -> Hears:
    handler = Hears(contract)
    handler.container, handler.method_name = SimpleNamespace(service_name=service), name
    return handler


def inbox_of(store: Store, *handlers: Hears, service: str = "things") -> Inbox:
    inbox: Any = Inbox()
    inbox.process = SimpleNamespace(store=store, clock=lambda: NOW)
    inbox.container = SimpleNamespace(service_name=service)
    inbox.queue = SimpleNamespace(name=f"{service}.inbox")
    inbox.acked = []
    inbox.consumer = SimpleNamespace(ack_message=inbox.acked.append)
    inbox.handlers = {handler.event_type: handler for handler in handlers}
    inbox.dead = DeadLetters(inbox, f"{service}.dead")
    found: Inbox = inbox
    return found
