"""Signed links 附件链接 to the files of one order, for its unit alone, for a time (policy key dispatch.file_link).

The link names the task, when it ends, and a signature over both and the unit: nobody without a key of this service
makes one, and it names no person. Only this service judges it; the portal asks, and serves the bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from capability.life import permit
from chassis.entrypoints import asked
from chassis.errors import NotFound
from chassis.identity import Principal
from contracts.dispatch.file_links import MOST, OpenFileLink
from kernel.codes import CaseKind, TaskState
from services.dispatch import clocks, signing
from services.dispatch.rectification_tables import Rectification
from services.dispatch.stages import AT_WORK
from services.dispatch.tables import Task

PATH, PURPOSE = "/api/unit-files", "file_link"


def link(task: Task, now: datetime) -> dict[str, Any]:
    """Where the files of an order are, and until when."""
    until = clocks.due("dispatch.file_link", now, now)
    seconds = int(until.timestamp())
    kid = signing.current()
    mac = signing.signature(PURPOSE, _content(task, seconds), kid).hex()
    return {"path": f"{PATH}/{task.id}/{seconds}/{kid}-{mac}", "until": until}


def _content(task: Task, seconds: int) -> bytes:
    return f"{task.id}|{task.unit_code}|{seconds}".encode()


def _holds(task: Task, seconds: int, signature: str) -> bool:
    kid, _, mac = signature.rpartition("-")
    return signing.genuine(PURPOSE, _content(task, seconds), kid, bytes.fromhex(mac))


@asked(OpenFileLink)
def open_link(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Errors: Forbidden for people; NotFound, the same for a link that is wrong, over, or of a unit that is gone."""
    permit(who, OpenFileLink, None)
    task, seconds = session.get(Task, command["task_id"]), command["until"]
    over = seconds < int(now.astimezone(UTC).timestamp())
    if task is None or over or not task.unit.active or not _holds(task, seconds, command["signature"]):
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
