"""What a unit's program says of its task where the desk's command names another matter: the same operations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.errors import Conflict, NotFound
from chassis.identity import Principal
from chassis.store import take
from kernel.codes import CaseKind
from services.dispatch import enforcing, supervisions
from services.dispatch.rectification_tables import Rectification
from services.dispatch.supervision_tables import Supervision
from services.dispatch.tables import Task

Command = dict[str, Any]


def reply_supervision(session: Session, who: Principal, command: Command, now: datetime) -> Supervision:
    """Errors: NotFound for an order about another task; Conflict for one that waits for no answer."""
    number = command["order"]
    about = session.scalar(select(Supervision.task_id).where(Supervision.case_number == number))
    if about != command["task_id"]:
        raise NotFound("这件哨令没有这张督办单", number=number)
    return supervisions.reply(session, who, _of(command, number), now)


def record_enforcement(session: Session, who: Principal, command: Command, now: datetime) -> Rectification:
    """By the unit itself. Errors: Conflict for a task that is no hand-over; those of the desk's command."""
    task = take(session, Task, command["task_id"])
    if task.whistle.source_kind != CaseKind.RECTIFICATION:
        raise Conflict("这件哨令不是整改移送执法", source=task.whistle.source_number)
    given = {**_of(command, task.whistle.source_number), "executor": task.unit_code}
    return enforcing.record(session, who, given, now)


def _of(command: Command, number: str) -> Command:
    """As the desk sends it. The version is the row's, whatever it is: a program has read none."""
    left = {name: value for name, value in command.items() if name not in {"task_id", "order"}}
    return {**left, "number": number, "expected_version": None}
