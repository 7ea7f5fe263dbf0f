"""Orders to departments that have software of their own: one message a task on the exchange `departments`.

It leaves by the same outbox as the events, so it is on its way exactly when the task exists. Only connected units are
written to: the relay publishes everything as mandatory, and a unit without a queue has its desk in the portal instead.
Replies are not read here.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis import audit, outbox
from chassis.envelope import rfc3339, type_of
from chassis.identity import Principal
from chassis.store import new_id, take
from contracts.departments import OUT, WhistleTask
from services.dispatch.facts import source_ref, unit_ref
from services.dispatch.tables import Task, Unit

_WORDS = ("kind", "reason", "asked_action", "asked_action_text", "asked_time", "asked_place_text")
_DUES = ("role", "sign_due", "report_due", "finish_due")


def connect(session: Session, who: Principal, unit_code: str, connected: bool, now: datetime) -> None:
    """Says that a unit has a queue of its own from now on, or no more. Audited. Errors: NotFound."""
    unit = take(session, Unit, unit_code)
    unit.connected = connected
    audit.note(session, who, now, "department_connected", f"unit:{unit_code}", "部门接入", connected=connected)


def send(session: Session, task: Task, now: datetime) -> None:
    """Puts the order for a task on its way to the unit's own queue, where it has one; the routing key is its code."""
    if not task.unit.connected:
        return
    envelope = _envelope(session, task, now, WhistleTask().dump(_order(task)))
    body = json.dumps(envelope, ensure_ascii=False)
    outbox.enqueue(session, now, envelope["id"], OUT, task.unit_code, str(task.id), body)


def _order(task: Task) -> dict[str, Any]:
    whistle = task.whistle
    return {
        **{word: getattr(whistle, word) for word in _WORDS},
        **{column: getattr(task, column) for column in _DUES},
        "task_id": task.id,
        "whistle_number": whistle.number,
        "case": source_ref(whistle),
        "unit": unit_ref(task.unit),
    }


def _envelope(session: Session, task: Task, now: datetime, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": str(new_id()),
        "source": f"/{WhistleTask.source}",
        "type": type_of(WhistleTask),
        "subject": str(task.id),
        "time": rfc3339(now),
        "datacontenttype": "application/json",
        "dataschema": f"urn:shaodao:{WhistleTask.source}:{WhistleTask.name}:v{WhistleTask.version}",
        "aggregateversion": task.version,
        "areapath": task.area_path,
        "actor": "service:dispatch",
        "casenumber": task.case_number,
        **{key: session.info[key] for key in ("traceparent",) if session.info.get(key)},
        "data": data,
    }
