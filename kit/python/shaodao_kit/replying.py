"""Replying 回哨. Each function returns when the broker has the reply on disk; before that it raises."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timezone
from typing import Any

from amqp.exceptions import AMQPError, ChannelError
from kombu import Connection, Exchange
from kombu.exceptions import OperationalError

from shaodao_kit.address import EXCHANGE, TIMEOUT_SECONDS, Address

LOST = (AMQPError, OperationalError, OSError)
Now = Callable[[], datetime]


def system_now() -> datetime:
    return datetime.now(timezone.utc)


class NotSent(Exception):
    """The broker did not take a reply: it is gone. In a handler let this pass: the message comes again."""


class Replier(AbstractContextManager["Replier"]):
    """Replies from outside a handler, for example when an officer presses a button. Not for several threads at once.

    `with Replier(Address.from_environment()) as replier: replier.to(task_id).progress("…")`
    """

    def __init__(self, address: Address, connection: Connection | None = None, now: Now = system_now) -> None:
        self._address, self._now = address, now
        self._own = connection is None
        self._connection = connection or address.connect()
        self._channel: Any = None

    def __exit__(self, *_: object) -> None:
        if self._own:
            self._connection.release()

    def to(self, task_id: str, *, receiver: str | None = None, because: str | None = None) -> Replies:
        """Replies about one task. `because` is the id of the message being handled: then the same handler, run again
        after a crash, sends the same words under the same ids, and nothing counts twice."""
        return Replies(self, task_id, receiver, because)

    def send(self, verb: str, data: dict[str, Any], reply_id: str) -> None:
        """Errors: NotSent when the broker is lost; amqp's ChannelError when it refuses what we do."""
        try:
            self._publish(verb, self._envelope(verb, data, reply_id), reply_id)
        except ChannelError:
            self._channel = None
            raise
        except LOST as error:
            self._channel = None
            raise NotSent(f"{verb}: {type(error).__name__}: {error}") from error

    def _envelope(self, verb: str, data: dict[str, Any], reply_id: str) -> dict[str, Any]:
        unit = self._address.unit
        return {
            "specversion": "1.0",
            "id": reply_id,
            "source": f"/department/{unit}",
            "type": f"cn.shaodao.department.{verb}.v1",
            "time": self._now().astimezone(timezone.utc).isoformat().replace("+00:00", "Z"),
            "datacontenttype": "application/json",
            "data": data,
        }

    def _publish(self, verb: str, envelope: dict[str, Any], reply_id: str) -> None:
        self._producer().publish(
            json.dumps(envelope, ensure_ascii=False).encode(),
            exchange=Exchange(EXCHANGE, type="topic", no_declare=True),
            routing_key=f"{self._address.unit}.{verb}",
            content_type="application/cloudevents+json",
            content_encoding="utf-8",
            serializer=None,
            delivery_mode=2,
            user_id=self._address.login,
            message_id=reply_id,
            confirm_timeout=TIMEOUT_SECONDS,
        )

    def _producer(self) -> Any:
        if self._channel is None:
            self._channel = self._connection.channel()
        return self._connection.Producer(self._channel, auto_declare=False)


class Replies:
    """What a unit can say about a task."""

    def __init__(self, replier: Replier, task_id: str, receiver: str | None, because: str | None) -> None:
        self._replier, self._task_id, self._receiver, self._because = replier, task_id, receiver, because
        self._said: Counter[str] = Counter()

    def sign(self) -> str:
        """签收: we take it on. Returns the reply's id, as every function here."""
        return self._say("sign")

    def object(self, reason_code: str, legal_basis: str, proposed_unit: str | None = None) -> str:
        """异议: not our duty; NOT_OUR_DUTY and its like, the legal basis, and whose duty it is."""
        return self._say("object", reason_code=reason_code, legal_basis=legal_basis, proposed_unit=proposed_unit)

    def report_in(
        self, mode: str = "PLACE", arrived_at: datetime | None = None, geo: dict[str, float] | None = None
    ) -> str:
        """报到: PLACE, MEETING or ONLINE. Without `arrived_at` it is now."""
        arrived = arrived_at.astimezone(timezone.utc).isoformat() if arrived_at else None
        return self._say("report_in", mode=mode, arrived_at=arrived, geo=geo)

    def progress(self, note: str) -> str:
        """进展: a line in the log. No telephone and no identity number."""
        return self._say("progress", note=note)

    def finish(self, result_text: str, evidence: list[dict[str, Any]]) -> str:
        """办结: with at least one file of evidence (see `file_evidence`)."""
        return self._say("finish", result_text=result_text, evidence=evidence)

    def tick_parts(self, parts: list[int], photos: list[dict[str, Any]]) -> str:
        """逐处销号: parts of the task by the numbers of `task.parts`, with at least one photo (see `file_evidence`)."""
        return self._say("tick_parts", parts=parts, photos=photos)

    def call_further(self, unit: str, asked: str, finish_within: str | None = None) -> str:
        """哨链: a further body helps; this task stays the lead and waits for it. `finish_within`: 15d, 5wd …"""
        return self._say("call_further", unit=unit, asked=asked, finish_within=finish_within)

    def appeal_rating(self, reason: str) -> str:
        """申诉赋分: once, in time, after RATED was heard."""
        return self._say("appeal_rating", reason=reason)

    def reply_supervision(self, order: str, text: str, attachments: list[dict[str, Any]] | None = None) -> str:
        """回复督办: to the order whose number a change told (`change.order`); attachments see `file_evidence`."""
        return self._say("reply_supervision", order=order, text=text, attachments=attachments or [])

    def record_enforcement(
        self,
        spots: list[int],
        step: str,
        legal_basis: str,
        noticed_on: date,
        done_at: datetime,
        result: str,
        evidence: list[dict[str, Any]],
        *,
        emergency: str | None = None,
        assistants: list[str] | None = None,
    ) -> str:
        """记执法: spots of a rectification handed over to you.

        `step` is PERSUADED or COMPULSORY; `emergency` says why it could not wait for day or working day.
        """
        moments = {"noticed_on": noticed_on.isoformat(), "done_at": done_at.isoformat()}
        return self._say(
            "record_enforcement", spots=spots, step=step, legal_basis=legal_basis, result=result, evidence=evidence,
            emergency=emergency, assistants=assistants or [], **moments,
        )  # fmt: skip

    def _say(self, verb: str, **data: Any) -> str:
        self._said[verb] += 1
        given = {name: value for name, value in data.items() if value is not None}
        named = {"receiver": self._receiver} if self._receiver else {}
        content = {"task_id": self._task_id, **named, **given}
        reply_id = self._id(verb, content)
        self._replier.send(verb, content, reply_id)
        return reply_id

    def _id(self, verb: str, content: dict[str, Any]) -> str:
        """Follows from what is answered and what is said: other words have another id, a repeat has the same."""
        if self._because is None:
            return str(uuid.uuid4())
        said = json.dumps(content, sort_keys=True)
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self._because}/{verb}/{self._said[verb]}/{said}"))
