"""The seam between the bus and the operations (chassis.entrypoints): one path for all.

entrypoint → schema.load → operation(session, who, command, now) → rows + outbox row → commit → ack (or answer).
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache, partial, singledispatch
from importlib import import_module
from typing import Any

from marshmallow import ValidationError
from nameko.extensions import DependencyProvider, register_entrypoint
from nameko.extensions import Entrypoint as Extension
from nameko.timer import Timer
from sqlalchemy.orm import Session

from bus.answering import Asked
from bus.catching_up import CatchingUp
from bus.delivery import Failure, Item
from bus.failing import patiently
from bus.health import Health
from bus.hearing import Hears
from chassis import answered, clock, closing, erased, inbox, outbox
from chassis.answered import Request
from chassis.entrypoints import Answers, Entrypoint, Handles, Provider, Ticks, entrypoints_of
from chassis.envelope import Event
from chassis.errors import DeadlineExceeded, Fault, Invalid, ServiceError, Unavailable
from chassis.identity import Principal
from chassis.process import CONFIG_KEY, Standing
from chassis.telemetry import metrics, trace
from chassis.telemetry.logs import log

Bound = tuple[Extension, Callable[..., Any]]


class DuplicateEntrypoint(TypeError):
    """Two operations of one service claim one name on the bus."""


@cache
def _schema(shape: Any) -> Any:
    return shape()


@singledispatch
def bound(entry: Entrypoint) -> Bound:
    """The extension that calls, and the method it calls."""
    raise TypeError(f"unknown entrypoint {entry}")


def extras_of(self: Any, entry: Entrypoint) -> dict[str, Any]:
    known = {"ask": partial(_ask, self), "clock": self.standing.process.clock}
    return {name: known[name] for name in entry.extras}


def _ask(self: Any, command: Any, question: dict[str, Any], deadline: float) -> Any:
    """chassis.entrypoints.Ask, with the trace of the message at hand."""
    traceparent = self.standing.headers.get("traceparent")
    return self.peers[command.service].ask(command.method, question, deadline=deadline, traceparent=traceparent)


@bound.register
def _(entry: Answers) -> Bound:
    def answer(self: Any, payload: Any) -> Any:
        headers = self.standing.headers
        with trace.span(headers.get("traceparent")) as traceparent:
            return _counted(entry.name, partial(_answer, self, entry, payload, traceparent))

    return Asked(), answer


def _answer(self: Any, entry: Answers, payload: Any, traceparent: str) -> tuple[Any, bool]:
    """The answer, and whether a fact was told with it."""
    standing: Standing = self.standing
    command, headers, process = entry.command, standing.headers, standing.process
    if time.time() >= float(headers.get("deadline") or "inf"):
        raise DeadlineExceeded("请求到达时已过时限")
    now = process.clock()
    who = process.verifier.verify(headers.get("identity"), now)
    loaded = _loaded(command, payload, headers)
    key = headers.get("idempotency_key") if command.keeps_answer else None
    request = Request(who.id, entry.name, key, payload)

    told = False

    def operate(session: Session) -> Any:
        nonlocal told
        answer = entry.operation(session, who, loaded, now, **extras_of(self, entry))
        view = self.shows.get(type(answer))
        answer = _schema(command.answer).dump(view(session, who, answer) if view else answer)
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


@bound.register
def _(entry: Handles) -> Bound:
    def heard(self: Any, *items: Item) -> list[Failure]:
        return patiently(self.standing.process, lambda: hear(partial(hear_all, self), items))

    return Hears(entry.contract, entry.together), heard


def hear(act: Callable[[Sequence[Item]], None], items: Sequence[Item]) -> list[Failure]:
    """`act` in one transaction for all items; where that fails, in one for each. What failed by itself, and why.

    Errors: Unavailable: the whole may be done again.
    """
    try:
        act(items)
        return []
    except Unavailable:
        raise
    except Exception as error:
        if len(items) == 1:
            return [(items[0], error)]
        log.info("heard_one_by_one", events=len(items), error=type(error).__name__)
    return [failure for item in items for failure in hear(act, [item])]


def hear_all(self: Any, items: Sequence[Item]) -> None:
    """Claims, work and outbox of all items in one transaction; what had its effect before has none now."""
    process, claims = self.standing.process, {(item.handler, item.id or ""): item for item in items}
    now = process.clock()
    with process.store.transaction() as session:
        fresh = inbox.first_times(session, claims, now)
        for claim, item in claims.items():
            if claim in fresh:
                take_effect(self, session, self.entrypoints[item.hears.method_name], item, now)
    for item in items:
        again = claims[item.handler, item.id or ""] is not item or (item.handler, item.id) not in fresh
        metrics.events_heard.labels(item.handler, "duplicate" if again else "handled").inc()


def take_effect(self: Any, session: Session, entry: Entrypoint, item: Item, now: datetime) -> None:
    """The work of one event; what it says names this event as its cause."""
    event: Event = erased.without_names(session, item.event)
    with (
        metrics.event_seconds.labels(item.handler).time(),
        trace.span(event.traceparent, event.case_number) as traceparent,
    ):
        session.info.update(traceparent=traceparent, causationid=event.id)
        entry.operation(session, Principal.service(self.name), event, now, **extras_of(self, entry))
        log.debug("event", handler=item.handler, event_id=event.id)


@bound.register
def _(entry: Ticks) -> Bound:
    def tick(self: Any) -> None:
        with trace.span(None) as traceparent:
            try:
                _tick(self, entry, traceparent)
            except Exception:
                # the next tick tries again; the failure is counted and logged, and due rows stay due
                metrics.timer_failures.labels(entry.name).inc()
                log.exception("timer_failed", timer=entry.name)

    return Timer(max(1.0, entry.seconds / clock.HURRY)), tick


def _tick(self: Any, entry: Ticks, traceparent: str) -> None:
    process, who = self.standing.process, Principal.service(self.name)
    now: datetime = process.clock()
    if not entry.transaction:
        entry.operation(process.store, who, now, **extras_of(self, entry))
        return
    with process.store.transaction(traceparent=traceparent) as session:
        entry.operation(session, who, now, **extras_of(self, entry))


class StandingProvider(DependencyProvider):
    def get_dependency(self, worker_ctx: Any) -> Standing:
        return Standing(self.container.config[CONFIG_KEY], worker_ctx.data)


class Program:
    """What every process of a service has. `standing` is the process and the headers of the message at hand.

    `capabilities` name the modules, seen from its own package, whose marked operations it runs. `shows` tells how a row
    becomes an answer, `view(session, who, row)` by class; the rows of a provider (capability.life) as that says.
    """

    name: str
    capabilities: tuple[str, ...] = ()
    entrypoints: dict[str, Entrypoint] = {}
    shows: dict[type, Callable[..., Any]] = {}
    standing = StandingProvider()
    health = Health()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Errors: DuplicateEntrypoint."""
        super().__init_subclass__(**kwargs)
        cls.entrypoints = dict(cls.entrypoints)
        cls.shows = dict(cls.shows)
        providers: dict[int, Provider] = {}
        for name in vars(cls).get("capabilities", ()):
            module = import_module(f".{name}", cls.__module__.rpartition(".")[0])
            for entry in entrypoints_of(module):
                cls._bind(entry)
            providers |= {id(each): each for each in vars(module).values() if isinstance(each, Provider)}
        for provider in providers.values():
            cls.shows = {**provider.shows(), **cls.shows}
            for entry in provider.entrypoints():
                cls._bind(entry)

    @classmethod
    def _bind(cls, entry: Entrypoint) -> None:
        if hasattr(cls, entry.name):
            raise DuplicateEntrypoint(f"{cls.__name__}: {entry.name}")
        extension, method = bound(entry)
        register_entrypoint(method, extension)
        setattr(cls, entry.name, method)
        cls.entrypoints[entry.name] = entry


class Service(Program):
    """Hears, and answers for what it said.

    `hears_from` names the peers of a service that hears everything; for others it follows from their handlers.
    """

    hears_from: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ("housekeeping",)
    catching_up = CatchingUp()
