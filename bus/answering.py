"""Answering RPC: nameko's wire, with what it lacks: malformed calls are refused, replies carry named errors."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import orjson
from kombu import Exchange, Queue
from nameko.exceptions import ContainerBeingKilled, MethodNotFound, serialize
from nameko.extensions import Entrypoint, SharedExtension

from bus.draining import Collector, DrainingConsumer
from bus.publishing import Publisher
from chassis.errors import Invalid, ServiceError
from chassis.telemetry import metrics
from chassis.telemetry.logs import log
from failover.broker import LOST

HEADER_PREFIX = "nameko."
RPC = Exchange("nameko-rpc", type="topic", durable=True, no_declare=True)


class Calls(Collector, SharedExtension):
    """The service's call queue."""

    consumer = DrainingConsumer()

    def setup(self) -> None:
        self.queue = Queue(f"rpc-{self.container.service_name}", no_declare=True)
        self.consumer.register_provider(self)
        self._replies = Publisher(self.container.config["AMQP_URI"], confirms=False)

    def leave_queue(self) -> None:
        self.consumer.unregister_provider(self)

    def handle_message(self, body: Any, message: Any) -> None:
        """Starts the work of one call; what is not a call is refused here and never reaches a handler."""
        if not message.properties.get("reply_to"):
            self._refuse(message, "no_reply_to")
            return
        try:
            entrypoint, args = self._understand(body, message)
        except Exception as error:
            metrics.calls_refused.labels("malformed").inc()
            self.reply(message, None, error)
            return
        headers = {key.removeprefix(HEADER_PREFIX): value for key, value in message.headers.items()}
        done = partial(self._done, message)
        try:
            self.container.spawn_worker(entrypoint, args, {}, context_data=headers, handle_result=done)
        except ContainerBeingKilled:
            self.consumer.requeue_message(message)

    def _understand(self, body: Any, message: Any) -> tuple[Asked, list[Any]]:
        method = message.delivery_info["routing_key"].split(".")[-1]
        entrypoint = next((provider for provider in self._providers if provider.method_name == method), None)
        if entrypoint is None:
            raise MethodNotFound(method)
        try:
            request = orjson.loads(body)
            args, kwargs = request["args"], request["kwargs"]
        except (ValueError, KeyError, TypeError) as error:
            raise Invalid("不是一个合法的调用") from error
        if kwargs or len(args) != 1:
            raise Invalid("调用只带一个参数：命令本身")
        return entrypoint, args

    def _refuse(self, message: Any, reason: str) -> None:
        metrics.calls_refused.labels(reason).inc()
        log.warning("call_refused", reason=reason, routing_key=message.delivery_info.get("routing_key"))
        self.consumer.ack_message(message)

    def _done(self, message: Any, _: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        self.reply(message, result, exc_info[1] if exc_info else None)
        return result, exc_info

    def reply(self, message: Any, result: Any, error: BaseException | None) -> None:
        """Sends the answer and acks the call. A reply that cannot be sent is dropped: the caller has a deadline."""
        payload = {"result": result, "error": serialized(error) if error else None}
        try:
            self._replies.publish(
                payload,
                exchange=RPC,
                routing_key=message.properties["reply_to"],
                correlation_id=message.properties.get("correlation_id"),
                delivery_mode=1,
            )
        except LOST as lost:
            log.warning("reply_not_sent", error=str(lost))
        self.consumer.ack_message(message)


def serialized(error: BaseException) -> dict[str, Any]:
    """nameko's wire form of an error; details of ours stay JSON instead of text."""
    if isinstance(error, ServiceError):
        args = json.loads(json.dumps([error.message, error.details], default=str))
        return {"exc_type": type(error).__name__, "exc_path": error.path(), "exc_args": args, "value": error.message}
    wire: dict[str, Any] = serialize(error)
    return wire


class Asked(Entrypoint):
    """Makes a method callable over RPC."""

    calls = Calls()

    def setup(self) -> None:
        self.calls.register_provider(self)

    def stop(self) -> None:
        self.calls.unregister_provider(self)
