"""Who may open a file: whom the owning service shows it in the case it belongs to, there and now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chassis.errors import Forbidden, NotFound
from contracts import registry
from contracts.dispatch.tasks import GetTask
from contracts.mediation.cases import GetCase
from contracts.schema import CommandSchema
from kernel.numbers import check, normalise
from services.portal.accounts.current import current_principal, process
from services.portal.api.asking import ask
from services.portal.readmodel import lists, scope
from services.portal.readmodel.kinds import TASK, of_number
from services.portal.uploads import keeping

Question = tuple[type[CommandSchema], dict[str, Any]]


def shown(number: str | None, sha256: str) -> bool:
    """Whether the asker's own view of the case, of one of its tasks or of its mediation names the file.

    Errors: Unavailable and DeadlineExceeded of a service that was asked.
    """
    case = normalise(number or "")
    return check(case) and any(_names(question, sha256) for question in _questions(case))


def _questions(number: str) -> Iterator[Question]:
    if of_number(number) in registry.READS:
        yield registry.READS[of_number(number)], {"number": number}
    with process().store.transaction() as session:
        seen = scope.seen(session, current_principal(), number)
        tasks = [each.id for each in lists.belonging(session, seen) if each.kind == TASK] if seen else []
    for task_id in tasks:
        yield GetTask, {"task_id": task_id}
    if seen:
        yield GetCase, {"case_number": number}


def _names(question: Question, sha256: str) -> bool:
    try:
        return keeping.names(ask(*question), sha256)
    except (NotFound, Forbidden):
        return False
