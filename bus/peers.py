"""Asking other services: every call has a deadline, expires in the broker with it, and carries identity and trace."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

import eventlet
import orjson
from eventlet.event import Event
from kombu import Queue
from nameko.extensions import DependencyProvider, SharedExtension

from bus.answering import HEADER_PREFIX, RPC
from bus.draining import DrainingConsumer
from bus.publishing import Publisher
from chassis.errors import DeadlineExceeded, Fault, Invalid, ServiceError, Unavailable
from chassis.process import CONFIG_KEY, Process
from failover.broker import LOST, brokers

REPLY_QUEUE_IDLE_MS = 300_000
DEADLINE_SECONDS = 5.0


class Replies(SharedExtension):
    """This process's own reply queue, and who waits for which answer."""

    consumer = DrainingConsumer()
    no_ack = True  # an answer lost with its connection is asked for again: the caller has a deadline and a key

    def setup(self) -> None:
        self._waiting: dict[str, Event] = {}
        self._nodes = brokers(self.container.config["AMQP_URI"])
        self._take_address()
        self.consumer.register_provider(self)
        self.publisher = Publisher(self.container.config["AMQP_URI"], confirms=False)

    def renew(self) -> None:
        """Before each connection: the queue lies on the node of the one before, which may be gone with it."""
        if self._nodes.several:
            self._take_address()

    def _take_address(self) -> None:
        self.address = str(uuid.uuid4())
        self.queue = Queue(
            f"rpc.reply-{self.container.service_name}-{self.address}",
            exchange=RPC,
            routing_key=self.address,
            durable=True,  # RabbitMQ 4 deprecates transient queues; x-expires removes it with its process
            auto_delete=False,
            queue_arguments={"x-expires": REPLY_QUEUE_IDLE_MS},
        )

    def stop(self) -> None:
        self.consumer.unregister_provider(self)

    def expect(self) -> tuple[str, Event]:
        correlation_id = str(uuid.uuid4())
        self._waiting[correlation_id] = Event()
        return correlation_id, self._waiting[correlation_id]

    def forget(self, correlation_id: str) -> None:
        self._waiting.pop(correlation_id, None)

    def handle_message(self, body: Any, message: Any) -> None:
        self.consumer.finish(message)
        waiting = self._waiting.pop(message.properties.get("correlation_id"), None)
        if waiting is not None:
            waiting.send(orjson.loads(body))


class Peer:
    """One service to ask."""

    def __init__(self, name: str, replies: Replies, process: Process) -> None:
        self._name, self._replies, self._process = name, replies, process

    def ask(
        self,
        method: str,
        command: dict[str, Any],
        *,
        identity: str | None = None,
        deadline: float = DEADLINE_SECONDS,
        idempotency_key: str | None = None,
        expected_version: int | None = None,
        traceparent: str | None = None,
    ) -> Any:
        """The peer's answer. `deadline` in seconds from now, the way there included; identity: by default our own.

        Errors: whatever named error the peer answers; DeadlineExceeded; Unavailable when the broker is away.
        """
        correlation_id, reply = self._replies.expect()
        headers = {
            "identity": identity or self._process.own_identity(),
            "deadline": time.time() + deadline,
            "idempotency_key": idempotency_key,
            "expected_version": expected_version,
            "traceparent": traceparent,
        }
        try:
            with eventlet.Timeout(deadline, DeadlineExceeded("服务未能在时限内答复", service=self._name)):
                self._send(method, command, headers, correlation_id, deadline)
                answer = reply.wait()
        except LOST as error:
            raise Unavailable("消息总线暂时不可用", retry_after=2) from error
        finally:
            self._replies.forget(correlation_id)
        return result_of(answer)

    def _send(
        self, method: str, command: dict[str, Any], headers: dict[str, Any], correlation_id: str, deadline: float
    ) -> None:
        self._replies.publisher.publish_raw(
            written(command),
            exchange=RPC,
            routing_key=f"{self._name}.{method}",
            reply_to=self._replies.address,
            correlation_id=correlation_id,
            message_id=correlation_id,
            expiration=deadline,
            delivery_mode=1,
            content_type="application/json",
            content_encoding="utf-8",
            headers={HEADER_PREFIX + key: value for key, value in headers.items() if value is not None},
        )


def written(command: dict[str, Any]) -> str:
    """A call on the wire. Errors: Invalid for what is nested too deeply to be written."""
    try:
        # not orjson: a number too large for it is the service's to refuse, by the name of the field
        return json.dumps({"args": [command], "kwargs": {}})
    except RecursionError as error:
        raise Invalid("内容层次过深") from error


def result_of(answer: dict[str, Any]) -> Any:
    """The result in a reply. Errors: the named error in it; Fault for any other."""
    if not (error := answer.get("error")):
        return answer["result"]
    kind = ServiceError.named.get(error.get("exc_path"))
    raise kind(*error["exc_args"]) if kind else Fault(f"服务内部错误（{error.get('exc_type')}）")


class Peers(DependencyProvider):
    """Declares which services a service asks: `peers = Peers("intake", "dispatch")`."""

    replies = Replies()

    def __init__(self, *names: str) -> None:
        self._names = names

    def setup(self) -> None:
        process = self.container.config[CONFIG_KEY]
        self._peers = {name: Peer(name, self.replies, process) for name in self._names}

    def get_dependency(self, worker_ctx: Any) -> dict[str, Peer]:
        return self._peers
