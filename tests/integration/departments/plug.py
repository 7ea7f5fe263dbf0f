"""A department's side of the broker in tests: its credentials from the welcome sheet, and raw AMQP acts."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import amqp
from typer.testing import CliRunner

from ops import department_sheet
from ops.cli import commands
from ops.waiting import wait_until
from ops.world import World

WAIT_SECONDS = 20


def shaodao(*words: str) -> str:
    """The command as an operator types it; what it prints. Errors: AssertionError with its words."""
    done = CliRunner().invoke(commands, list(words), env={"COLUMNS": "240"}, catch_exceptions=False)
    assert 0 == done.exit_code, done.output
    return done.output


def uri_of(world: World, unit: str) -> str:
    sheet = (department_sheet.folder(world) / f"{unit}.md").read_text(encoding="utf8")
    found = re.search(r"^SHAODAO_AMQP_URI=(\S+)$", sheet, re.MULTILINE)
    assert found
    return found[1]


def connect(uri: str) -> amqp.Connection:
    """To the first node that answers. Errors: the last one's."""
    one, _, others = uri.partition(";")
    at = urlsplit(one)
    host, times = f"{at.hostname}:{at.port}", {"connect_timeout": 5, "read_timeout": 15 if others else None}
    connection = amqp.Connection(host, at.username, at.password, virtual_host=at.path[1:], **times)
    try:
        connection.connect()
    except OSError:
        if not others:
            raise
        return connect(others)
    return connection


@dataclass
class Plug:
    """One connected department."""

    world: World
    unit: str

    @classmethod
    def of(cls, world: World, unit: str) -> Plug:
        shaodao("department", "add", unit)
        return cls(world, unit)

    @property
    def uri(self) -> str:
        return uri_of(self.world, self.unit)

    def connect(self) -> amqp.Connection:
        return connect(self.uri)

    def envelope(self, verb: str, task_id: str, **data: Any) -> dict[str, Any]:
        return {
            "specversion": "1.0", "id": str(uuid.uuid4()), "source": f"/department/{self.unit}",
            "type": f"cn.shaodao.department.{verb}.v1", "time": self.world.now().isoformat(),
            "data": {"task_id": task_id, **data},
        }  # fmt: skip

    def say(self, content: Any, key: str, **properties: Any) -> None:
        """Publishes and waits for the broker's word. Errors: AccessRefused, PreconditionFailed."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        exchange = properties.pop("exchange", "department-replies")
        properties.setdefault("user_id", f"department.{self.unit}")
        with self.connect() as connection:
            channel = connection.channel()
            channel.confirm_select()
            message = amqp.Message(body, delivery_mode=2, content_type="application/cloudevents+json", **properties)
            channel.basic_publish_confirm(message, exchange=exchange, routing_key=key)

    def reply(self, verb: str, task_id: str, **data: Any) -> None:
        self.say(self.envelope(verb, task_id, **data), f"{self.unit}.{verb}")

    def heard(self) -> dict[str, Any]:
        """The next message of the own queue, taken."""
        with self.connect() as connection:
            channel = connection.channel()
            queue = f"department.{self.unit}"
            found = wait_until(lambda: channel.basic_get(queue, no_ack=True), seconds=WAIT_SECONDS, what="a message")
            content: dict[str, Any] = json.loads(found.body)
            return content

    def heard_refusal(self) -> dict[str, Any]:
        """The next refusal; other messages before it are taken, too."""
        refused = lambda message: message["type"].endswith(".refusal.v1") and message["data"]  # noqa: E731
        return wait_until(lambda: refused(self.heard()), seconds=WAIT_SECONDS, what="a refusal", every=0)
