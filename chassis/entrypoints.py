"""What makes a service run an operation: a command, an event, or the time.

Marks stand on the operations themselves and change nothing about them; `bus.service` binds the marked operations
of a service's capabilities to the bus.
"""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import FunctionType, ModuleType
from typing import Any, TypeVar

Operation = TypeVar("Operation", bound=Callable[..., Any])
Ask = Callable[..., Any]
"""`ask(command, question, deadline=seconds)`: the answer of the peer the command belongs to."""

MARKS = "entrypoints"
EXTRAS = ("ask", "clock")
"""Keywords an operation may take besides the four of its kind."""


@dataclass(frozen=True)
class Entrypoint:
    """One marked operation. `name` is its method on the bus and, after the service's, the name of its handler."""

    name: str
    operation: Callable[..., Any]

    @cached_property
    def extras(self) -> list[str]:
        parameters = inspect.signature(self.operation).parameters
        return [name for name in EXTRAS if name in parameters]


@dataclass(frozen=True)
class Answers(Entrypoint):
    command: Any


@dataclass(frozen=True)
class Handles(Entrypoint):
    contract: Any
    together: int


@dataclass(frozen=True)
class Ticks(Entrypoint):
    seconds: float
    transaction: bool


class Provider(ABC):
    """What has entrypoints of its own, and may tell how rows become answers: `view(session, who, row)` by class."""

    @abstractmethod
    def entrypoints(self) -> Iterator[Entrypoint]: ...

    def shows(self) -> Mapping[type, Callable[..., Any]]:
        return {}


def asked(command: Any) -> Callable[[Operation], Operation]:
    """`operation(session, who, command, now)` answers the RPC calls of the command's name.

    Promise: identity verified, deadline kept, one transaction, one answer an idempotency key; only named errors leave.
    What it returns is the answer, or a row that the service shows (`bus.service.Program.shows`).
    """
    return marks(lambda operation: [Answers(command.method, operation, command)])


def hears(*contracts: Any, together: int = 1) -> Callable[[Operation], Operation]:
    """`operation(session, who, event, now)` handles these events; without any, every event.

    Promise: exactly one effect an event and handler; a failure is retried later, then parked; a lost database waits.
    For a handler that says nothing itself, up to `together` waiting events share a transaction.
    """

    def handlers(operation: Callable[..., Any]) -> list[Entrypoint]:
        named = [Handles(contract.name, operation, contract, together) for contract in contracts]
        return [*named] or [Handles(operation.__name__, operation, None, together)]

    return marks(handlers)


def every(seconds: float, *, transaction: bool = True) -> Callable[[Operation], Operation]:
    """`operation(session, who, now)` runs again and again, `seconds` apart; any number of replicas may do so.

    With transaction=False it gets the store instead of a session and makes its own units of work.
    """
    return marks(lambda operation: [Ticks(operation.__name__, operation, seconds, transaction)])


def entrypoints_of(module: ModuleType) -> Iterator[Entrypoint]:
    """The marked operations a module defines, in its order."""
    for found in vars(module).values():
        if isinstance(found, FunctionType) and found.__module__ == module.__name__:
            yield from getattr(found, MARKS, ())


def marks(made: Callable[[Callable[..., Any]], list[Any]]) -> Callable[[Operation], Operation]:
    def mark(operation: Operation) -> Operation:
        setattr(operation, MARKS, [*getattr(operation, MARKS, ()), *made(operation)])
        return operation

    return mark
