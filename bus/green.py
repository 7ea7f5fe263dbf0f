"""What would stop all green threads of a process steps aside instead (ADR 1): psycopg's waiting, and long work.

psycopg's own C wait would stop every green thread; its `wait_select` through eventlet's `select` works and costs twice
the processor time, because it listens for errors and for a time-out as well, ten times a second.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import eventlet
from eventlet import tpool
from eventlet.green.select import select
from eventlet.hubs import trampoline
from psycopg import OperationalError, waiting
from psycopg.waiting import READY_R, READY_W, WAIT_R, WAIT_W

T = TypeVar("T")


def install() -> None:
    """From now on every connection of this process waits green. Call it after eventlet's monkey_patch."""
    waiting.wait = wait


def overlaps(ask: Callable[[], object]) -> bool:
    """Whether another green thread has its turn while `ask` waits. Told by the order of what happens, not by time: a
    machine may be as slow as it likes."""
    order: list[str] = []

    def asking() -> None:
        ask()
        order.append("answered")

    for thread in (eventlet.spawn(asking), eventlet.spawn(order.append, "meanwhile")):
        thread.wait()
    return order == ["meanwhile", "answered"]


def aside(act: Callable[..., T], *args: Any) -> T:
    """`act(*args)` in a real thread, while the other green threads go on: for long work that touches no session."""
    done: T = tpool.execute(act, *args)
    return done


def wait(gen: Any, fileno: int, interval: float = 0.0, timeout: float | None = None) -> Any:
    """What psycopg's generator comes to. Errors: psycopg's own; OperationalError when the socket was closed."""
    if timeout is not None:
        return waiting.wait_select(gen, fileno, interval, timeout)
    try:
        wanted = next(gen)
        while True:
            wanted = gen.send(_ready(fileno, wanted))
    except StopIteration as done:
        return done.value
    except OSError as error:
        raise OperationalError("connection socket closed") from error


def _ready(fileno: int, wanted: int) -> int:
    """Waits until the socket is ready; for what it is."""
    if wanted == WAIT_R:
        trampoline(fileno, read=True)
        return READY_R
    if wanted == WAIT_W:
        trampoline(fileno, write=True)
        return READY_W
    readable, writable, _ = select([fileno], [fileno], [])
    return (READY_R if readable else 0) | (READY_W if writable else 0)
