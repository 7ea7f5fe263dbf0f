"""What dispatch says: one function a shape, so that every event tells its whistle, unit and source the same way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis import outbox
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from kernel.codes import TaskState, Urgency, WhistleKind, WhistleState
from services.dispatch import stages
from services.dispatch.tables import Person, Recipient, Task, Unit, Whistle


def person(who: Principal) -> Person:
    return {"id": who.id, "name": who.name}


def unit_ref(unit: Unit) -> dict[str, Any]:
    return {"code": unit.code, "name": unit.name, "kind": unit.kind}


def source_ref(whistle: Whistle) -> dict[str, Any]:
    return {"kind": whistle.source_kind, "id": whistle.source_id, "number": whistle.source_number}


def about_whistle(whistle: Whistle) -> dict[str, Any]:
    return {
        "whistle_id": whistle.id,
        "whistle_number": whistle.number,
        "source": source_ref(whistle),
    }


def tell_whistle(session: Session, event: Any, whistle: Whistle, who: Principal, now: datetime, **data: Any) -> None:
    outbox.record(session, event, whistle, who, now, **about_whistle(whistle), kind=whistle.kind, **data)


def tell_task(session: Session, event: Any, task: Task, who: Principal, now: datetime, **data: Any) -> None:
    about = {**about_whistle(task.whistle), "task_id": task.id, "unit": unit_ref(task.unit)}
    outbox.record(session, event, task, who, now, **about, **data)


def asking(whistle: Whistle) -> dict[str, Any]:
    """Who asks whom for what: the body that whistle_drafted and whistle_blown share."""
    task_ids = {task.unit_code: task.id for task in whistle.tasks}
    return {
        "level": whistle.level,
        "recipients": [_recipient(recipient, task_ids) for recipient in whistle.recipients],
        "asked_action": whistle.asked_action,
        "asked_time": whistle.asked_time,
        "drafted_by": whistle.drafted_by,
        "approved_by": whistle.approved_by,
    }


def _recipient(recipient: Recipient, task_ids: dict[str, Any]) -> dict[str, Any]:
    return {
        "task_id": task_ids.get(recipient.unit_code),
        "unit": recipient.unit_code,
        "unit_name": recipient.unit.name,
        "unit_kind": recipient.unit.kind,
        "role": recipient.role,
    }


APPROVERS = ("role:STREET", "role:DISTRICT")
WHISTLERS = ("role:GRID", "role:COMMUNITY", "role:STREET")


@standing_of.register
def whistle(row: Whistle) -> Standing:
    units = ",".join(recipient.unit_code for recipient in row.recipients)
    return Standing(
        kind="WHISTLE",
        state=row.state,
        number=row.number,
        parent=str(row.source_id),
        due=row.asked_time,
        waits=APPROVERS if row.state == WhistleState.PENDING_APPROVAL else (),
        urgency=Urgency.EMERGENCY if row.kind == WhistleKind.EMERGENCY else "",
        tally={"kind": row.kind, "action": row.asked_action, "units": units, "drafter": row.drafted_by["id"]},
    )


@standing_of.register
def task(row: Task) -> Standing:
    about, receiver = row.whistle, row.receiver or {}
    told = {"unit": row.unit_code, "kind": about.kind, "role": row.role, "action": about.asked_action}
    return Standing(
        kind="TASK",
        state=row.state,
        number=about.number,
        parent=str(row.whistle_id),
        due=row.next_due if row.state in stages.AT_WORK else None,
        waits=_waits(row),
        urgency=Urgency.EMERGENCY if about.kind == WhistleKind.EMERGENCY else "",
        tally={**told, "receiver": receiver.get("id", "")},
    )


def _waits(row: Task) -> tuple[str, ...]:
    """An objection waits for the street, in an emergency beside the work it does not stop; so does an appeal."""
    if row.state == TaskState.RATED and row.rating_appeal is not None and row.rating_appeal.decision is None:
        return APPROVERS
    if row.state in stages.SETTLED:
        return ()
    objected = APPROVERS if row.objection is not None and row.objection.decision is None else ()
    if row.state in stages.AT_WORK:
        return (f"unit:{row.unit_code}", *objected)
    return objected or (WHISTLERS if row.state in (TaskState.FINISHED, TaskState.CONFIRMED) else ())
