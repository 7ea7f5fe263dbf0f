"""Who may open a file: whom the owning service shows it in the case it belongs to, there and now."""

from __future__ import annotations

import hashlib
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

Question = tuple[type[CommandSchema], dict[str, Any]]
Found = list[dict[str, Any]]
ITEM_SIGNS = 16
"""Of an item's name."""


def item_of(number: str, sha256: str) -> str:
    """How a file of a matter is called in its address: nothing that opens it anywhere else."""
    return hashlib.sha256(f"{normalise(number)} {sha256}".encode()).hexdigest()[:ITEM_SIGNS]


def listed(number: str) -> Found:
    """The files that the asker's own view of the matter, of its tasks or of its mediation shows, each once.

    Errors: NotFound where there is no such matter for the asker; Unavailable and DeadlineExceeded of a service asked.
    """
    named = normalise(number)
    views = [_view(question) for question in _questions(named)] if check(named) else []
    if not any(view is not None for view in views):
        raise NotFound("没有找到这个编号", number=number)
    files = {file["sha256"]: file for view in views for file in _files(view)}
    return [{"item": item_of(named, sha256), "file": file} for sha256, file in files.items()]


def fingerprint_of(number: str, item: str) -> str:
    """The fingerprint of an item of a matter. Errors: NotFound, also where the asker is not shown it."""
    found = next((each for each in listed(number) if each["item"] == item), None)
    if found is None:
        raise NotFound("没有这个文件，或您不能查看")
    return str(found["file"]["sha256"])


def _files(view: Any) -> Iterator[dict[str, Any]]:
    """Whatever holds a fingerprint, wherever in a view."""
    if isinstance(view, dict):
        if "sha256" in view:
            yield view
        for each in view.values():
            yield from _files(each)
    elif isinstance(view, list):
        for each in view:
            yield from _files(each)


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


def _view(question: Question) -> Any:
    try:
        return ask(*question)
    except (NotFound, Forbidden):
        return None
