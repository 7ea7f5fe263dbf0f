"""The consumer: connects, takes messages, calls the handler, acks after it succeeded, and comes back after a loss."""

from __future__ import annotations

import json
import logging
import random
import signal
import time
from collections import Counter, deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from amqp.exceptions import AccessRefused
from kombu import Connection, Consumer, Queue

from shaodao_kit.address import Address
from shaodao_kit.messages import (
    REFUSAL,
    TASK_CHANGED,
    WHISTLE_TASK,
    Message,
    NotAnEnvelope,
    Refusal,
    TaskChanged,
    WhistleTask,
)
from shaodao_kit.replying import LOST, NotSent, Now, Replier, Replies, system_now
from shaodao_kit.seen import MemorySeen

log = logging.getLogger("shaodao_kit")

LONGEST_PAUSE = 60.0
TRY_AGAIN = (1.0, 5.0, 30.0, 120.0)
"""Seconds before a handler that failed is called again. After the last the message is put aside, see `failed`."""
REFUSED = "the broker refuses the login {} with this password: compare the welcome sheet 接入单, or ask for a new one"
PREFETCH = 10
TICK_SECONDS = 1.0

OnWhistle = Callable[[WhistleTask, Replies], Any]


class LoginRefused(AccessRefused):  # type: ignore[misc]
    """The broker does not know this login and password."""

    def __str__(self) -> str:
        return str(self.reply_text)


class Seen(Protocol):
    def __contains__(self, message_id: str) -> bool: ...

    def add(self, message_id: str) -> None: ...


class Department:
    """One department's consumer. Run as many as you like; each message goes to one of them.

    A message is acked after its handler returned. A handler that raised is called again after 1, 5, 30 and 120 s;
    others go on meanwhile. Then the message is written to `failed/<id>.json`, logged, and acked: nothing is lost, and
    one bad message does not stand before an emergency.
    """

    def __init__(
        self,
        address: Address,
        *,
        seen: Seen | None = None,
        failed: str | Path = "failed",
        try_again: tuple[float, ...] = TRY_AGAIN,
        now: Now = system_now,
    ) -> None:
        self.address = address
        self._seen: Seen = seen if seen is not None else MemorySeen()
        self._failed, self._try_again, self._now = Path(failed), try_again, now
        self._handle: OnWhistle | None = None
        self._refused: Callable[[Refusal], Any] = lambda refusal: log.warning(
            "reply refused: %s %s %s", refusal.code, refusal.detail, refusal.errors
        )
        self._changed: Callable[[TaskChanged], Any] = lambda change: log.info(
            "task %s: %s, now %s", change.task_id, change.change, change.state
        )
        self._stopping = False
        self._forget()

    @classmethod
    def from_environment(cls, **options: Any) -> Department:
        """With the address of SHAODAO_AMQP_URI."""
        return cls(Address.from_environment(), **options)

    def on_whistle(self, handler: OnWhistle) -> OnWhistle:
        """Decorator: `handler(task, reply)` for every whistle."""
        self._handle = handler
        return handler

    def on_change(self, handler: Callable[[TaskChanged], Any]) -> Callable[[TaskChanged], Any]:
        """Decorator: `handler(change)` when others decided about a task of ours. By default it is logged."""
        self._changed = handler
        return handler

    def on_refusal(self, handler: Callable[[Refusal], Any]) -> Callable[[Refusal], Any]:
        """Decorator: `handler(refusal)` for every reply of ours that was refused. By default they are logged."""
        self._refused = handler
        return handler

    def stop(self, *_: Any) -> None:
        """Ends `run` after the message at hand."""
        self._stopping = True

    def run(self, *, signals: bool = True) -> None:
        """Until SIGTERM, SIGINT or `stop`. A lost broker is waited for, from 1 to 60 s between attempts.

        Errors: LoginRefused when the very first connection is refused (wrong password).
        """
        if signals:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self.stop)
        pause, was_in, turn, nodes = 1.0, False, 0, len(self.address.uris)
        while not self._stopping:
            try:
                with self.address.at(turn).connect() as connection:
                    connection.connect()
                    pause, was_in = 1.0, True
                    self._consume(connection)
            except (*LOST, NotSent) as error:
                turn += 1  # of several nodes the next; one that came back empty knows no login
                if isinstance(error, AccessRefused) and not was_in and turn >= nodes:
                    raise LoginRefused(REFUSED.format(self.address.login)) from error
                log.warning("broker lost, again in %.0f s: %s: %s", pause, type(error).__name__, error)
                self._doze(pause * random.uniform(0.8, 1.2) if turn % nodes == 0 else 0.0)
                pause = min(pause * 2, LONGEST_PAUSE) if turn % nodes == 0 else pause

    def _doze(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self._stopping and time.monotonic() < until:
            time.sleep(0.1)

    def _forget(self) -> None:
        """On a new connection the broker brings everything again that was not acked."""
        self._arrived: deque[Any] = deque()
        self._waiting: list[tuple[float, Any]] = []
        self._attempts: Counter[str] = Counter()

    def _consume(self, connection: Connection) -> None:
        self._forget()
        self._replier = Replier(self.address, connection, self._now)
        queue = Queue(self.address.queue, no_declare=True)
        consumer = Consumer(connection.channel(), [queue], on_message=self._arrived.append, auto_declare=False)
        consumer.qos(prefetch_count=PREFETCH)
        with consumer:
            log.info("listening on %s", self.address.queue)
            while not self._stopping:
                try:
                    connection.drain_events(timeout=TICK_SECONDS)
                except TimeoutError:
                    connection.heartbeat_check()
                self._take_arrived()
                self._take_again()

    def _take_arrived(self) -> None:
        """Outside `drain_events`: a reply waits for its confirmation, and further messages may arrive meanwhile."""
        while self._arrived and not self._stopping:
            self.take(self._arrived.popleft())

    def _take_again(self) -> None:
        due = [each for each in self._waiting if each[0] <= time.monotonic()]
        for each in due:
            self._waiting.remove(each)
            self.take(each[1])

    def take(self, delivered: Any) -> None:
        """Handles one delivery and settles it."""
        try:
            message = Message.read(delivered.body)
        except NotAnEnvelope as error:
            self._put_aside(delivered, f"unreadable-{delivered.delivery_tag}", error)
            return
        if message.id in self._seen:
            delivered.ack()
            return
        try:
            self._act(message)
        except NotSent:
            raise
        except Exception as error:
            self._failed_once(delivered, message, error)
            return
        self._seen.add(message.id)
        delivered.ack()

    def _act(self, message: Message) -> None:
        if message.type == WHISTLE_TASK:
            if self._handle is None:
                raise RuntimeError("no handler: decorate one with @department.on_whistle")
            task = WhistleTask(message)
            self._handle(task, self._replier.to(task.task_id, because=message.id))
        elif message.type == TASK_CHANGED:
            self._changed(TaskChanged(message))
        elif message.type == REFUSAL:
            self._refused(Refusal(message))
        else:
            log.warning("message of a type we do not know, passed over: %s %s", message.type, message.id)

    def _failed_once(self, delivered: Any, message: Message, error: Exception) -> None:
        attempt = self._attempts[message.id]
        self._attempts[message.id] += 1
        if attempt >= len(self._try_again):
            self._put_aside(delivered, message.id, error)
            return
        log.error("handler failed, again in %s s: %s", self._try_again[attempt], message.id, exc_info=error)
        self._waiting.append((time.monotonic() + self._try_again[attempt], delivered))

    def _put_aside(self, delivered: Any, name: str, error: Exception) -> None:
        """Keeps the message as a file, then acks it."""
        body = delivered.body if isinstance(delivered.body, str) else bytes(delivered.body).decode("utf8", "replace")
        self._failed.mkdir(parents=True, exist_ok=True)
        safe = "".join(each if each.isalnum() or each in "-_" else "_" for each in name)[:100]
        kept = {"error": f"{type(error).__name__}: {error}", "at": self._now().isoformat(), "body": body}
        (self._failed / f"{safe}.json").write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf8")
        log.error("put aside in %s: %s: %s", self._failed, name, error)
        delivered.ack()
