"""Signed links 附件链接 to the files of one order, for its unit alone, for a time (policy key dispatch.file_link).

The link names the task, when it ends, and a keyed hash of both and the unit: nobody without this service's key makes
one, and it names no person. Only this service judges it; the portal asks, and serves the bytes.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from capability.life import permit
from chassis.entrypoints import asked
from chassis.errors import NotFound
from chassis.identity import Principal
from chassis.sealing import keyed_hash
from contracts.dispatch.file_links import MOST, OpenFileLink
from kernel.codes import CaseKind, TaskState
from services.dispatch import clocks
from services.dispatch.rectification_tables import Rectification
from services.dispatch.stages import AT_WORK
from services.dispatch.tables import Task

PATH = "/api/unit-files"


def link(task: Task, now: datetime) -> dict[str, Any]:
    """Where the files of an order are, and until when."""
    until = clocks.due("dispatch.file_link", now, now)
    seconds = int(until.timestamp())
    return {"path": f"{PATH}/{task.id}/{seconds}/{_signature(task, seconds)}", "until": until}


def _signature(task: Task, seconds: int) -> str:
    return f"v1-{keyed_hash(f'file_link|{task.id}|{task.unit_code}|{seconds}')}"


@asked(OpenFileLink)
def open_link(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Errors: Forbidden for people; NotFound, the same for a link that is wrong, over, or of a unit that is gone."""
    permit(who, OpenFileLink, None)
    task, seconds = session.get(Task, command["task_id"]), command["until"]
    good = task is not None and hmac.compare_digest(_signature(task, seconds), command["signature"])
    if task is None or not good or not task.unit.active or seconds < int(now.astimezone(UTC).timestamp()):
        raise NotFound("链接不对或已过期")
    return {
        "unit": task.unit_code,
        "number": task.whistle.number,
        "taken": task.state in AT_WORK | {TaskState.OBJECTED},
        "files": list(islice(_shown(session, task), MOST)),
    }


def _shown(session: Session, task: Task) -> Iterator[Any]:
    """As at the desk: of its own task, and of what it is to enforce."""
    yield from task.evidence
    for part in task.parts:
        yield from part.photos
    if task.whistle.source_kind == CaseKind.RECTIFICATION:
        source = session.get(Rectification, task.whistle.source_id)
        for spot in source.spots if source is not None and task.unit_code in source.called else ():
            yield from spot.photos
