"""The platform's side at the desk: sends orders, collects replies, starts and ends the consumer under test."""

from __future__ import annotations

import copy
import json
import os
import shlex
import signal
import subprocess
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from kombu import Connection, Exchange, Queue

CONTRACT = json.loads((Path(__file__).parent / "contract.json").read_text(encoding="utf8"))
WHISTLE_TASK = "cn.shaodao.departments.whistle_task.v1"
TASK_CHANGED = "cn.shaodao.departments.task_changed.v1"
REFUSAL = "cn.shaodao.departments.refusal.v1"
Envelope = dict[str, Any]
GONE_SECONDS = 2.0
FURTHER = {"task_id": str(uuid.uuid4()), "unit": {"code": "huanwei", "name": "环卫", "kind": "COMPANY"}}
SUPERVISION_NO = "SO20240706010400001L"
CHANGES: dict[str, dict[str, Any]] = {
    "PARTS_DONE": {"parts": [1], "parts_done": 1, "parts_total": 2},
    "FURTHER_CALLED": {"further": {**FURTHER, "state": "ASSIGNED"}},
    "FURTHER_CHANGED": {"further": {**FURTHER, "state": "FINISHED"}},
    "LOOK_BACK_PASSED": {"reason": "第1次回头看：没有反弹"},
    "RATED": {"state": "RATED", "points": 60},
    "SUPERVISED": {"order": SUPERVISION_NO, "reason": "超时未到场，请说明", "answer_due": "2024-07-15T00:00:00Z"},
    "TEA_BREAK": {},
}


@dataclass(frozen=True)
class Reply:
    """One reply as it came: its routing key, properties and content (None where it is no JSON)."""

    key: str
    user_id: str | None
    delivery_mode: int | None
    content: Any

    @property
    def verb(self) -> str:
        return self.key.rpartition(".")[2]

    @property
    def id(self) -> str:
        return str(self.content.get("id")) if isinstance(self.content, dict) else ""

    @property
    def task_id(self) -> str | None:
        data = self.content.get("data") if isinstance(self.content, dict) else None
        return str(data.get("task_id")) if isinstance(data, dict) else None


@dataclass
class Desk:
    """One check of one consumer."""

    uri: str
    consumer_uri: str
    unit: str
    command: list[str]
    patience: float = 10.0
    replies: list[Reply] = field(default_factory=list)
    parts: dict[str, list[str]] = field(default_factory=dict)
    rated: set[str] = field(default_factory=set)
    process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Desk:
        self.connection = Connection(self.uri, heartbeat=60)
        self.channel = self.connection.channel()
        self.orders = Exchange("departments", type="topic", durable=True)(self.channel)
        self.orders.declare()
        self.queue = Queue(
            f"department.{self.unit}", self.orders, self.unit, queue_arguments={"x-queue-type": "quorum"}
        )
        self.queue(self.channel).declare()
        back = Exchange("department-replies", type="topic", durable=True)
        replies = Queue(f"desk.{uuid.uuid4()}", back, "#", exclusive=True, auto_delete=True)
        self._consumer = self.connection.Consumer([replies], on_message=self._take, no_ack=True)
        self._consumer.consume()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.connection.release()

    def _take(self, message: Any) -> None:
        try:
            content = json.loads(message.body)
        except ValueError:
            content = None
        info = message.properties
        key = message.delivery_info["routing_key"]
        self.replies.append(Reply(key, info.get("user_id"), info.get("delivery_mode"), content))

    def start(self) -> None:
        """Starts the consumer and waits until it listens; without a command, asks for it."""
        if self.command:
            self._forgotten()
            environment = {**os.environ, "SHAODAO_AMQP_URI": self.consumer_uri}
            self.process = subprocess.Popen(self.command, env=environment, start_new_session=True)
        else:
            print(
                f"请启动接哨程序 / start your consumer: SHAODAO_AMQP_URI={shlex.quote(self.consumer_uri)}", flush=True
            )
        seconds = 30 if self.command else 300
        heard = self.wait(lambda: self.consumers() > 0 or not self.alive(), seconds)
        if not self.alive():
            raise TimeoutError(f"程序已退出 / the consumer has ended: {shlex.join(self.command)}")
        if not heard:
            raise TimeoutError(f"没有程序在听 department.{self.unit} / nobody listens after {seconds} s")

    def _forgotten(self) -> None:
        """Waits until the broker knows that the last process is gone: it still counts one that was killed just now."""
        if not self.wait(lambda: self.consumers() == 0):
            raise TimeoutError(f"department.{self.unit} 另有程序在听 / another program listens there")

    def stop(self, number: int = signal.SIGTERM) -> int | None:
        """Ends the consumer; its exit status, None where it is not ours or does not end within 20 s."""
        if self.process is None:
            return None
        self.process.send_signal(number)
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            return None
        finally:
            self.process = None

    def alive(self) -> bool:
        return self.process is None or self.process.poll() is None

    def consumers(self) -> int:
        return int(self._looked().consumer_count)

    def left(self) -> int:
        """Messages ready in the department's queue."""
        return int(self._looked().message_count)

    def _looked(self) -> Any:
        return self.channel.queue_declare(self.queue.name, passive=True)

    def renew_queue(self) -> None:
        """Deletes the department's queue, whereupon the broker cancels its consumers, and makes it again."""
        queue = self.queue(self.channel)
        queue.delete()
        # made anew at once under its name, RabbitMQ would not tell the consumers of the old one
        self.wait(lambda: False, GONE_SECONDS)
        queue.declare()

    def order(self, **changes: Any) -> Envelope:
        """A whistle nobody has heard yet; `changes` go into its data."""
        made: Envelope = copy.deepcopy(CONTRACT["examples"][WHISTLE_TASK])
        now, task_id = datetime.now(timezone.utc), str(uuid.uuid4())
        dues = {"sign_due": 15, "report_due": 30}
        due = {name: (now + timedelta(minutes=minutes)).isoformat() for name, minutes in dues.items()}
        made.update(id=str(uuid.uuid4()), subject=task_id, time=now.isoformat())
        made["data"].update({"parts": [], "called_by": None, "notes": []}, task_id=task_id, **due, **changes)
        self.parts[task_id] = list(made["data"]["parts"])
        made["data"]["unit"]["code"] = self.unit
        return made

    def change(self, order: Envelope, change: str, /, **more: Any) -> Envelope:
        """What became of the task of an order."""
        made: Envelope = copy.deepcopy(CONTRACT["examples"][TASK_CHANGED])
        made.update(id=str(uuid.uuid4()), subject=order["subject"], time=order["time"])
        made["data"].update({"change": change, "task_id": order["data"]["task_id"], "reason": None, **more})
        if change == "RATED":
            self.rated.add(order["data"]["task_id"])
        return made

    def send(self, content: Any) -> None:
        body = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
        self.connection.Producer(self.channel, self.orders).publish(
            body, routing_key=self.unit, serializer=None, delivery_mode=2,
            content_type="application/cloudevents+json", content_encoding="utf-8",
        )  # fmt: skip

    def about(self, order: Envelope, verb: str | None = None) -> list[Reply]:
        """Replies to an order, a repeated id once."""
        task_id = order["data"]["task_id"]
        found = {reply.id: reply for reply in self.replies if reply.task_id == task_id and verb in (None, reply.verb)}
        return list(found.values())

    def wait(self, condition: Callable[[], bool], seconds: float | None = None) -> bool:
        """Takes in replies until the condition holds; False when time is up."""
        until = time.monotonic() + (self.patience if seconds is None else seconds)
        while not condition():
            if time.monotonic() > until:
                return False
            try:
                self.connection.drain_events(timeout=0.2)
            except TimeoutError:
                self.connection.heartbeat_check()
        return True
