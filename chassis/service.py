"""The seam between the bus and the operations: three decorators, one path.

entrypoint → schema.load → operation(session, who, command, now) → rows + outbox row → commit → ack (or answer).
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import datetime
from functools import cache, partial, wraps
from typing import Any

from marshmallow import ValidationError
from nameko.extensions import register_entrypoint
from nameko.timer import Timer
from sqlalchemy.orm import Session

from chassis import answered, closing, inbox, outbox, parked
from chassis.answered import Request
from chassis.bus.answering import Asked
from chassis.bus.catching_up import CatchingUp
from chassis.bus.hearing import Hears, patiently
from chassis.bus.receiving import Receives, never
from chassis.bus.shapes import EventsSince
from chassis.envelope import Event
from chassis.errors import DeadlineExceeded, Fault, Forbidden, Invalid, ServiceError
from chassis.health import Health
from chassis.identity import Principal
from chassis.letter import Letter
from chassis.process import Standing, StandingProvider
from chassis.store import Store
from chassis.telemetry import metrics, trace
from chassis.telemetry.logs import log

Method = Callable[..., Any]


@cache
def _schema(shape: Any) -> Any:
    return shape()


def asked(command: Any) -> Callable[[Method], Method]:
    """Makes `method(self, session, who, command, now)` answer RPC calls of its name.

    Promise: identity verified, deadline kept, one transaction, one answer an idempotency key; only named errors leave.
    """

    def decorate(method: Method) -> Method:
        @wraps(method)
        def answer(self: Any, payload: Any) -> Any:
            headers = self.standing.headers
            with trace.span(f"{self.name}.{method.__name__}", headers.get("traceparent")) as traceparent:
                return _counted(method.__name__, partial(_answer, self, method, command, payload, traceparent))

        register_entrypoint(answer, Asked())
        return answer

    return decorate


def _answer(self: Any, method: Method, command: Any, payload: Any, traceparent: str) -> tuple[Any, bool]:
    """The answer, and whether a fact was told with it."""
    standing: Standing = self.standing
    headers, process = standing.headers, standing.process
    if time.time() >= float(headers.get("deadline") or "inf"):
        raise DeadlineExceeded("请求到达时已过时限")
    now = process.clock()
    who = process.verifier.verify(headers.get("identity"), now)
    loaded = _loaded(command, payload, headers)
    key = headers.get("idempotency_key") if command.keeps_answer else None
    request = Request(who.id, method.__name__, key, payload)

    told = False

    def operate(session: Session) -> Any:
        nonlocal told
        answer = _schema(command.answer).dump(method(self, session, who, loaded, now))
        told = closing.added(session, outbox.ROWS) is not None
        return answer

    return answered.once(process.store, request, now, operate, traceparent=traceparent), told


def _loaded(command: Any, payload: Any, headers: dict[str, Any]) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = _schema(command).load(payload)
    except ValidationError as error:
        raise Invalid.because(error.messages_dict) from error
    if command.versioned:
        loaded["expected_version"] = headers.get("expected_version", loaded.get("expected_version"))
    return loaded


def _counted(name: str, act: Callable[[], tuple[Any, bool]]) -> Any:
    """Counts, times and logs a call; what is not a named error becomes a Fault with an incident number.

    Answers to questions that change nothing are logged at DEBUG: a page asks many.
    """
    outcome, told, began = "answered", False, time.perf_counter()
    try:
        answer, told = act()
        return answer
    except ServiceError as error:
        outcome = error.code
        raise
    except Exception as error:
        outcome, incident = "fault", uuid.uuid4().hex[:12]
        log.exception("fault", method=name, incident=incident)
        raise Fault("服务内部错误，请联系管理员并提供编号", incident=incident) from error
    finally:
        seconds = time.perf_counter() - began
        metrics.calls_answered.labels(name, outcome).inc()
        metrics.call_seconds.labels(name).observe(seconds)
        say = log.info if told or outcome != "answered" else log.debug
        say("call", method=name, outcome=outcome, seconds=round(seconds, 4))


def hears(contract: Any = None, *, together: int = 1) -> Callable[[Method], Method]:
    """Makes `method(self, session, who, event, now)` handle one event type; without a contract, every event.

    Promise: exactly one effect an event and handler; a failure is retried later, then parked; a lost database waits.
    For a handler that says nothing itself, up to `together` waiting events share a transaction.
    """

    def decorate(method: Method) -> Method:
        @wraps(method)
        def heard(self: Any, *events: Event) -> None:
            hear = hear_once if len(events) == 1 else hear_all
            with metrics.event_seconds.labels(f"{self.name}.{method.__name__}").time():
                patiently(self.standing.process, lambda: hear(self, method, *events))

        register_entrypoint(heard, Hears(contract, together))
        return heard

    return decorate


def hear_once(self: Any, method: Method, event: Event) -> bool:
    """One delivery: claim, work and outbox in one transaction. False when the event had its effect before."""
    process, handler = self.standing.process, f"{self.name}.{method.__name__}"
    now = process.clock()
    with (
        trace.span(handler, event.traceparent, event.case_number) as traceparent,
        process.store.transaction(traceparent=traceparent, causationid=event.id) as session,
    ):
        fresh = inbox.first_time(session, handler, event.id, now)
        if fresh:
            method(self, session, Principal.service(self.name), event, now)
        log.debug("event", handler=handler, event_id=event.id, fresh=fresh)
    metrics.events_heard.labels(handler, "handled" if fresh else "duplicate").inc()
    return fresh


def hear_all(self: Any, method: Method, *events: Event) -> int:
    """Several deliveries in one transaction, each as `hear_once`. How many had not had their effect before."""
    process, handler = self.standing.process, f"{self.name}.{method.__name__}"
    now = process.clock()
    with process.store.transaction() as session:
        fresh = inbox.first_times(session, handler, [event.id for event in events], now)
        for event in {event.id: event for event in events if event.id in fresh}.values():
            method(self, session, Principal.service(self.name), event, now)
    metrics.events_heard.labels(handler, "handled").inc(len(fresh))
    metrics.events_heard.labels(handler, "duplicate").inc(len(events) - len(fresh))
    return len(fresh)


def receives(room: str, *, hopeless: Callable[[Letter], bool] = never) -> Callable[[Method], Method]:
    """Makes `method(self, session, who, letter, now)` take in every letter of the queue `<service>.<room>`.

    Promise: as `hears`. `who` is the login the broker vouches for; the method answers for unreadable letters as well.
    Letters that `hopeless` knows to be refused, without asking the store, share transactions and delay nobody.
    """

    def decorate(method: Method) -> Method:
        @wraps(method)
        def received(self: Any, *letters: Letter) -> None:
            with metrics.event_seconds.labels(f"{self.name}.{method.__name__}").time():
                patiently(self.standing.process, lambda: receive_all(self, method, room, *letters))

        register_entrypoint(received, Receives(room, hopeless))
        return received

    return decorate


def receive_all(self: Any, method: Method, room: str, *letters: Letter) -> None:
    """Deliveries of letters in one transaction, one or several hopeless ones. The method's answer, a word, is counted
    as the outcome."""
    process, handler = self.standing.process, f"{self.name}.{method.__name__}"
    now, outcomes = process.clock(), dict.fromkeys((letter.id for letter in letters), "duplicate")
    with (
        trace.span(handler, None) as traceparent,
        process.store.transaction(traceparent=traceparent, causationid=letters[0].id) as session,
    ):
        fresh = inbox.first_times(session, handler, list(outcomes), now)
        for letter in {letter.id: letter for letter in letters if letter.id in fresh}.values():
            who = Principal(letter.sender, letter.sender, kind="department")
            outcomes[letter.id] = method(self, session, who, letter, now)
    for outcome in outcomes.values():
        metrics.letters_received.labels(room, outcome).inc()


def every(seconds: float, *, transaction: bool = True) -> Callable[[Method], Method]:
    """Runs `method(self, session, who, now)` again and again, `seconds` apart; any number of replicas may do so.

    With transaction=False the method gets the store instead of a session and makes its own units of work.
    """

    def decorate(method: Method) -> Method:
        @wraps(method)
        def tick(self: Any) -> None:
            with trace.span(f"{self.name}.{method.__name__}", None) as traceparent:
                try:
                    _tick(self, method, transaction, traceparent)
                except Exception:
                    # the next tick tries again; the failure is counted and logged, and due rows stay due
                    metrics.timer_failures.labels(method.__name__).inc()
                    log.exception("timer_failed", timer=method.__name__)

        register_entrypoint(tick, Timer(seconds))
        return tick

    return decorate


def _tick(self: Any, method: Method, transaction: bool, traceparent: str) -> None:
    process, who = self.standing.process, Principal.service(self.name)
    now = process.clock()
    if not transaction:
        method(self, process.store, who, now)
        return
    with process.store.transaction(traceparent=traceparent) as session:
        method(self, session, who, now)


class Program:
    """What every process of a service has. `standing` is the process and the headers of the message at hand."""

    name: str
    standing = StandingProvider()
    health = Health()


class Service(Program):
    """Hears, and answers for what it said.

    `hears_from` names the peers of a service that hears everything; for others it follows from their handlers.
    """

    hears_from: tuple[str, ...] = ()
    catching_up = CatchingUp()

    @every(seconds=600, transaction=False)
    def forget_answers(self, store: Store, who: Principal, now: datetime) -> None:
        answered.forget(store, now)

    @every(seconds=3600, transaction=False)
    def forget_parked(self, store: Store, who: Principal, now: datetime) -> None:
        parked.look_after(store, now)

    @asked(EventsSince)
    def events_since(self, session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
        """The log of published facts, for peers that missed some. Errors: Forbidden for people."""
        if who.kind != "service":
            raise Forbidden("只有服务可以读取事件日志")
        return {"events": outbox.events_since(session, **command), "end": outbox.end(session)}
