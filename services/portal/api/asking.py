"""Asking a service on behalf of the session at hand: the one way from HTTP to the bus."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from chassis.identity import Principal
from contracts.schema import CommandSchema
from contracts.tokens import FileContent
from services.portal.accounts.current import current_principal, current_token, now, peers, process
from services.portal.api.around import traceparent
from services.portal.readmodel.saying import made
from services.portal.uploads import keeping
from services.portal.uploads.naming import named_in

PATIENCE_SECONDS = 5.0
LONG_PATIENCE_SECONDS = 15.0


def patience_with(command: type[CommandSchema]) -> float:
    """Seconds: files are made and read slowly."""
    return LONG_PATIENCE_SECONDS if command.file or holds_file(command) else PATIENCE_SECONDS


def holds_file(command: type[CommandSchema]) -> bool:
    """Whether the command takes the bytes of a file."""
    return any(isinstance(field, FileContent) for field in made(command).fields.values())


def ask(
    command: type[CommandSchema],
    values: dict[str, Any],
    *,
    identity: str | None = None,
    who: Principal | None = None,
    idempotency_key: str | None = None,
    expected_version: int | None = None,
    patience: float = PATIENCE_SECONDS,
) -> Any:
    """The service's answer; the service itself judges identity, fields and state. Files that are named are there, and
    brought by `who` (default: the session's).

    Errors: whatever the service refuses with; Invalid, Unauthenticated, DeadlineExceeded, Unavailable.
    """
    identity = identity or current_token()
    how = {"idempotency_key": idempotency_key, "expected_version": expected_version, "deadline": patience}
    return _with_files(command, values, who, partial(_send, command, values, identity=identity, **how))


def ask_as_portal(
    command: type[CommandSchema],
    values: dict[str, Any],
    sender: Principal | None = None,
    patience: float = PATIENCE_SECONDS,
) -> Any:
    """The same in the portal's own name: only for what everybody may know, or for what the portal itself guards.
    `sender` has brought the files, where some are named."""
    send = partial(_send, command, values, identity=None, deadline=patience)
    return _with_files(command, values, sender, send)


def _with_files(
    command: type[CommandSchema], values: dict[str, Any], who: Principal | None, send: Callable[[], Any]
) -> Any:
    """Files that are named are there, brought by `who` or the session's; they belong to the matter once it is told."""
    files = {name: found for name, found in named_in(command, values).items() if found}
    if not files:
        return send()
    with process().store.transaction() as session:
        keeping.require_kept(session, who or current_principal(), files)
    answer = send()
    number = _case_of(answer, values)
    with process().store.transaction() as session:
        keeping.attach(session, files, number, now())
    return answer


def _case_of(*told: Any) -> str | None:
    """The case that files go with when it is erased: what belongs to another's case has no number of its own."""
    known = (each.get(name) for each in told if isinstance(each, dict) for name in ("case_number", "number"))
    return next((number for number in known if number), None)


def _send(command: type[CommandSchema], values: dict[str, Any], **how: Any) -> Any:
    return peers()[command.service].ask(command.method, values, traceparent=traceparent(), **how)
