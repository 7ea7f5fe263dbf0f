"""What a unit with software of its own is told: orders, what others decide about them, and refusals of its replies.

An order leaves by the same outbox as the events, so it is on its way exactly when the task exists. The queue of a
connected unit is written to by the relay; a webhook by a timer (`webhooks.py`); every message can also be polled
(`updates.py`). Only connected units are published to: the relay publishes everything as mandatory, and a unit without
a queue has its desk in the portal instead. What units say is read in `replies.py`.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis import audit, outbox
from chassis.envelope import rfc3339, type_of
from chassis.identity import Principal
from chassis.store import new_id, take
from contracts.department_codes import TaskChange
from contracts.departments import OUT, DepartmentMessage, Refusal, TaskChanged, WhistleTask
from services.dispatch import department_tables as kept
from services.dispatch import file_links
from services.dispatch.facts import source_ref, unit_ref
from services.dispatch.tables import Task, Unit
from services.dispatch.task_tables import TaskPart  # it gives tasks their parts, also where an operator orders again

Envelope = dict[str, Any]

_WORDS = ("kind", "reason", "asked_action", "asked_action_text", "asked_time", "asked_place_text")
_DUES = ("role", "sign_due", "report_due", "finish_due")


def connect(session: Session, who: Principal, unit_code: str, connected: bool, now: datetime) -> None:
    """Says that a unit has a queue of its own from now on, or no more. Audited. Errors: NotFound."""
    unit = take(session, Unit, unit_code)
    unit.connected = connected
    audit.note(session, who, now, "department_connected", f"unit:{unit_code}", "部门接入", connected=connected)


def send(session: Session, task: Task, now: datetime) -> None:
    """Tells a unit of its task."""
    _post(session, task.unit, _framed(session, WhistleTask, _order(task, now), now, _about(task)), now)


def tell_change(
    session: Session,
    task: Task,
    change: TaskChange,
    now: datetime,
    reason: str | None = None,
    points: int | None = None,
    **more: Any,
) -> None:
    """Tells a unit what became of its task; `more` are the fields of the contract that only some changes have."""
    data = {
        "task_id": task.id,
        "whistle_number": task.whistle.number,
        "change": change,
        "state": task.state,
        "reason": reason,
        "finish_due": task.finish_due,
        "points": points,
        "files": file_links.link(task, now),
        "parts": [],
        **more,
    }
    _post(session, task.unit, _framed(session, TaskChanged, data, now, _about(task)), now)


def tell_caller(session: Session, task: Task, change: TaskChange, now: datetime) -> None:
    """Tells the unit that called this one further, where one did, how far it is, not how it was judged."""
    if task.caller is not None:
        further = {"task_id": task.id, "unit": unit_ref(task.unit), "state": task.state}
        tell_change(session, task.caller, change, now, further=further)


def refuse(session: Session, unit: Unit, refusal: dict[str, Any], now: datetime) -> None:
    """Tells a unit that a reply of its own was refused, and why; `refusal` holds the fields of the contract."""
    _post(session, unit, _framed(session, Refusal, refusal, now, {}), now)


def _post(session: Session, unit: Unit, envelope: Envelope, now: datetime) -> None:
    body = json.dumps(envelope, ensure_ascii=False)
    message = kept.DepartmentMessage(
        id=UUID(envelope["id"]), unit_code=unit.code, type=envelope["type"], body=body, at=now
    )
    session.add(message)
    if _connected(session, unit):
        outbox.enqueue(session, now, envelope["id"], OUT, unit.code, envelope.get("subject", unit.code), body)
    # held until commit, as the connection is: who takes the webhook down waits for what is just being told
    webhook = session.get(kept.Webhook, unit.code, with_for_update={"read": True})
    if webhook is not None and webhook.active:
        session.add(kept.Delivery(message=message, unit_code=unit.code, due_at=now))


def _connected(session: Session, unit: Unit) -> bool:
    """Held until commit: who disconnects the unit and drops its queue waits for what is just being told."""
    query = select(Unit.connected).where(Unit.code == unit.code).with_for_update(read=True)
    return bool(session.scalar(query))


def _about(task: Task) -> Envelope:
    return {
        "subject": str(task.id),
        "aggregateversion": task.version,
        "areapath": task.area_path,
        "actor": "service:dispatch",
        "casenumber": task.case_number,
    }


def _order(task: Task, now: datetime) -> dict[str, Any]:
    whistle, parent = task.whistle, task.caller
    parts: list[TaskPart] = task.parts
    return {
        **{word: getattr(whistle, word) for word in _WORDS},
        **{column: getattr(task, column) for column in _DUES},
        "task_id": task.id,
        "whistle_number": whistle.number,
        "case": source_ref(whistle),
        "unit": unit_ref(task.unit),
        "files": file_links.link(task, now),
        "parts": [part.name for part in parts],
        "called_by": unit_ref(parent.unit) if parent else None,
        "notes": [note.text for note in task.notes],
    }


def _framed(
    session: Session, contract: type[DepartmentMessage], data: dict[str, Any], now: datetime, about: Envelope
) -> Envelope:
    return {
        "specversion": "1.0",
        "id": str(new_id()),
        "source": f"/{contract.source}",
        "type": type_of(contract),
        "time": rfc3339(now),
        "datacontenttype": "application/json",
        "dataschema": f"urn:shaodao:{contract.source}:{contract.name}:v{contract.version}",
        **about,
        **{key: session.info[key] for key in ("traceparent",) if session.info.get(key)},
        "data": contract().dump(data),
    }
