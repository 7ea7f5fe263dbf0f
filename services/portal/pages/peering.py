"""Asking several services at once for the parts of a page. A part that does not come in time is missing, not fatal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eventlet import GreenPool

from chassis.errors import Forbidden, NotFound, ServiceError
from chassis.telemetry.logs import log
from chassis.telemetry.trace import span
from contracts.schema import CommandSchema
from services.portal.accounts.current import current_token, peers
from services.portal.api.around import traceparent

PATIENCE_SECONDS = 2.5
Question = tuple[type[CommandSchema], dict[str, Any]]


@dataclass(frozen=True)
class Part:
    """`data` is the answer; without one, `missing` tells a service that is away from a thing that is not there."""

    data: Any = None
    missing: bool = False

    def __bool__(self) -> bool:
        return self.data is not None


def gather(questions: dict[str, Question], *, identity: str | None = None) -> dict[str, Part]:
    """The answers by name, asked side by side with the viewer's own identity. Never raises a service's error."""
    token, found, trace = identity or current_token(), peers(), traceparent()

    def ask(question: Question) -> Part:
        command, values = question
        how = {"identity": token, "deadline": PATIENCE_SECONDS, "traceparent": trace}
        try:
            return Part(found[command.service].ask(command.method, values, **how))
        except (NotFound, Forbidden):
            return Part()
        except ServiceError as error:
            with span(trace):
                log.warning("part_missing", peer=command.service, method=command.method, error=error.code)
            return Part(missing=True)

    pool = GreenPool(max(len(questions), 1))
    return dict(zip(questions, pool.imap(ask, questions.values()), strict=True))
