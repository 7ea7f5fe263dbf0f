"""A consumer that can stop without a loss: it stops taking, finishes what it has, acks it, and only then closes.

nameko's own consumer closes its channel while handlers still run, so their acks are skipped and the work runs again
on another replica (ADR 1). This one counts what is delivered and not yet settled, a provider at a time.
"""

from __future__ import annotations

import contextlib
import time
from collections import Counter, deque
from functools import partial
from typing import Any

import eventlet
from amqp.exceptions import AccessRefused, NotFound
from eventlet.event import Event
from eventlet.semaphore import Semaphore
from kombu import Consumer
from nameko.extensions import ProviderCollector, SharedExtension

from bus.lenient import AsItCame
from chassis.telemetry import metrics
from chassis.telemetry.logs import log
from failover.broker import LOST, brokers, connect

TICK_SECONDS = 0.2
BEGIN_SECONDS = 10.0
"""So long after a queue is left, work on what was taken from it may begin. Later it goes back: a stop waits for it."""
RECONNECT_SECONDS = 1.0


class DrainingConsumer(SharedExtension, ProviderCollector):
    """One connection a process, one channel a provider, prefetch = workers.

    It begins with one message at a time and takes as many as it has workers with the first fresh one. What comes again
    may have killed the process that had it before: alone it takes nobody with it, and after DELIVERIES it is parked by
    itself. Taken with others, it would have spent their deliveries as well.
    """

    def __init__(self) -> None:
        self._in_work: Counter[str] = Counter()
        self._consumers: dict[Any, Consumer] = {}
        self._leaving: deque[tuple[Any, Event]] = deque()
        self._left: set[Any] = set()
        self._careful: set[Any] = set()
        self._fresh: list[Any] = []
        self._started = Event()
        self._writing = Semaphore()
        self._thread: Any = None
        self._stopped = False
        self._leaves_at: float | None = None
        self.consuming = False
        super().__init__()

    def start(self) -> None:
        """Returns when every consumer is confirmed. Errors: the broker's, when it refuses or lacks a queue."""
        if self._thread is None:
            self._thread = self.container.spawn_managed_thread(self._run)
        self._started.wait()

    def stop(self) -> None:
        """Waits until all providers have left, then closes the connection."""
        self.wait_for_providers()
        self._stopped = True
        if not self._started.ready():
            self._started.send(None)  # a start that still waits for the broker ends with this
        if self._thread is not None:
            self._thread.wait()

    def kill(self) -> None:
        self._stopped = True

    def unregister_provider(self, provider: Any) -> None:
        """Blocks until the provider's queue is left and everything taken from it is settled."""
        if self._started.ready() and self._thread:
            gone = Event()
            self._leaves_at = self._leaves_at or time.monotonic()
            self._leaving.append((provider, gone))
            gone.wait()
        super().unregister_provider(provider)

    @property
    def leaving(self) -> bool:
        """Whether some queue is about to be left: nothing long should begin now."""
        return bool(self._leaving)

    @property
    def gives_back(self) -> bool:
        """Whether what was taken and not begun goes back, for another replica to do it."""
        return self._leaves_at is not None and time.monotonic() > self._leaves_at + BEGIN_SECONDS

    def ack_message(self, message: Any) -> None:
        self._settle(message, message.ack)

    def requeue_message(self, message: Any) -> None:
        self._settle(message, message.requeue)

    def _settle(self, message: Any, act: Any) -> None:
        # on a connection that is gone the broker has the message back already: nothing to say
        if message.channel is None or message.channel.connection is None:
            return
        try:
            with self._writing:
                act()
        except LOST as error:
            log.warning("settling_failed", error=str(error))
        self.finish(message)

    def finish(self, message: Any) -> None:
        """Counts a message as settled that needs no ack."""
        queue, generation = message.headers.get("_taken", (None, None))
        if generation is self._generation and self._in_work[queue] > 0:
            self._in_work[queue] -= 1
            metrics.messages_in_work.labels(queue).dec()

    def _run(self) -> None:
        self._nodes = brokers(self.container.config["AMQP_URI"])
        while not self._stopped:
            try:
                self._consume()
            except (AccessRefused, NotFound) as error:
                if not self._started.ready():
                    self._started.send_exception(error)
                    return
                self._pause(error)
            except LOST as error:
                self._pause(error)

    def _pause(self, error: Exception) -> None:
        """Without a broker nothing is left to settle: it has back whatever was taken. Who leaves need not wait."""
        self.consuming = False
        self._nodes.leave(self._node)
        while self._leaving:
            provider, gone = self._leaving.popleft()
            self._left.add(provider)
            gone.send(None)
        log.warning("broker_lost", error=f"{type(error).__name__}: {error}")
        eventlet.sleep(RECONNECT_SECONDS)

    def _consume(self) -> None:
        self._node = self._nodes.current
        with connect(self._nodes) as connection:
            connection.connect()
            self._begin(connection)
            while not self._stopped:
                self._let_go()
                self._open_up()
                with contextlib.suppress(TimeoutError):
                    connection.drain_events(timeout=TICK_SECONDS)
                with self._writing:  # also while messages come without a pause: who only reads is taken for dead
                    connection.heartbeat_check()

    def _begin(self, connection: Any) -> None:
        self._generation = object()
        for queue in self._in_work:
            metrics.messages_in_work.labels(queue).set(0)
        self._in_work.clear()
        for provider in self._providers:
            getattr(provider, "renew", str)()
        self._consumers = {p: self._consumer(connection, p) for p in self._providers - self._left}
        self._careful, self._fresh = {p for p, consumer in self._consumers.items() if not consumer.no_ack}, []
        self.consuming = True
        if not self._started.ready():
            self._started.send(None)

    def _consumer(self, connection: Any, provider: Any) -> Consumer:
        taken = partial(self._taken, provider)
        unacked = getattr(provider, "no_ack", False)
        channel = connection.channel()
        channel.Message = AsItCame
        consumer = Consumer(channel, [provider.queue], no_ack=unacked, on_message=taken, auto_declare=True)
        consumer.qos(prefetch_count=1)
        consumer.consume()
        return consumer

    def _open_up(self) -> None:
        """Full prefetch where a fresh message has come; a prefetch counts for consumers that begin after it."""
        while self._fresh:
            provider = self._fresh.pop()
            self._careful.discard(provider)
            if consumer := self._consumers.get(provider):
                with self._writing:
                    consumer.cancel()
                    # for those that are heard together: the next transaction waits while one is at work
                    consumer.qos(prefetch_count=max(self.container.max_workers, 2 * getattr(provider, "together", 0)))
                    consumer.consume()

    def _taken(self, provider: Any, message: Any) -> None:
        queue = provider.queue.name
        self._in_work[queue] += 1
        metrics.messages_in_work.labels(queue).inc()
        message.headers["_taken"] = (queue, self._generation)
        if provider in self._careful and not message.delivery_info["redelivered"]:
            self._fresh.append(provider)
        self.container.spawn_managed_thread(partial(provider.handle_message, message.body, message))

    def _let_go(self) -> None:
        asked = tuple(self._leaving)  # others ask while a consumer of these is cancelled: they have their turn after
        for provider, _ in asked:
            if consumer := self._consumers.pop(provider, None):
                self._left.add(provider)
                with self._writing:
                    consumer.cancel()
        for provider, gone in asked:
            if self._in_work[provider.queue.name] == 0:
                self._leaving.remove((provider, gone))
                gone.send(None)


class Collector(ProviderCollector):
    """Entrypoints that share one queue: the queue is left when the last of them asks to leave."""

    def __init__(self) -> None:
        self._going: set[Any] = set()
        self._queue_left = Event()
        super().__init__()

    def unregister_provider(self, provider: Any) -> None:
        self._going.add(provider)
        if self._providers == self._going:
            self.leave_queue()
            self._queue_left.send(True)
        self._queue_left.wait()
        super().unregister_provider(provider)

    def leave_queue(self) -> None:
        """Overridden by whoever owns the queue."""
        raise AssertionError("a collector must say how it leaves its queue")
