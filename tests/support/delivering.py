"""What tests of any service need: every handler is run twice, and once with its commit failing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any

from sqlalchemy.orm import Session

from chassis import inbox
from chassis.envelope import Event
from chassis.identity import Principal
from chassis.store import Store

Handle = Callable[[Session, Principal, Event, Any], None]


class CommitFails(Exception):
    """Raised in place of a commit."""


def with_peers(handle: Callable[..., None]) -> Handle:
    """The handler with peers that know nobody, where it asks any."""
    if "ask" not in signature(handle).parameters:
        return handle

    @wraps(handle)
    def asking(session: Session, who: Principal, event: Event, now: Any) -> None:
        handle(session, who, event, now, ask=lambda *_, **__: {"people": []})

    return asking


def deliver(store: Store, handle: Handle, event: Event, now: Any, service: str = "test") -> bool:
    """One delivery as the entrypoint does it; False when the event had its effect before."""
    with store.transaction(causationid=event.id) as session:
        fresh = inbox.first_time(session, f"{service}.{handle.__name__}", event.id, now)
        if fresh:
            handle(session, Principal.service(service), event, now)
    return fresh


def twice(store: Store, handle: Handle, event: Event, now: Any) -> None:
    """Delivers the same event two times. The test then compares the effect with that of one delivery."""
    first, second = deliver(store, handle, event, now), deliver(store, handle, event, now)
    assert (True, False) == (first, second)


def failing(store: Store, handle: Handle, event: Event, now: Any) -> None:
    """Runs the work but not the commit. The test then finds that nothing remains."""
    try:
        with store.transaction(causationid=event.id) as session:
            inbox.first_time(session, f"test.{handle.__name__}", event.id, now)
            handle(session, Principal.service("test"), event, now)
            session.flush()
            raise CommitFails
    except CommitFails:
        return
