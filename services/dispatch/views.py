"""What is shown of whistles and tasks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session, joinedload, load_only

from chassis.identity import Principal
from kernel.codes import TaskState
from services.dispatch import states
from services.dispatch.facts import source_ref, unit_ref
from services.dispatch.tables import Objection, Task, Whistle

_AGGREGATE = ("id", "case_number", "version", "area_path", "created_at", "updated_at", "state")
_SUMMARY = (*_AGGREGATE, "whistle_id", "role", "receiver", "sign_due", "report_due", "finish_due")
_DETAIL = (
    "signed_at", "mode", "arrived_at", "claimed_arrival", "reported_in_at", "geo", "finished_at", "result_text",
    "confirmed_by", "confirmed_at", "rejections", "rating", "rating_appeal", "waiver", "notes", "evidence", "objection",
    "parent_task_id", "parts",
)  # fmt: skip
_WHISTLE_COLUMNS = (
    *_AGGREGATE, "number", "kind", "level", "reason", "asked_action", "asked_action_text", "asked_time",
    "asked_place_text", "duty_item", "parts", "source_due", "longer_agreed", "drafted_by", "approved_by",
    "blown_at", "closed_at", "reason_code", "decision_reason",
)  # fmt: skip

_OF_COLLEAGUES: dict[str, Any] = {
    **dict.fromkeys(("result_text", "rating", "rating_appeal", "waiver", "objection", "geo")),
    **dict.fromkeys(("confirmed_by", "confirmed_at")),
    "notes": [], "evidence": [], "overdue": [], "rejections": 0, "work_continues": False,
}  # fmt: skip
"""What another called unit reads of a task: that it was called, and how far it is; not how it was judged."""

_RANKS = ("unit_code", "next_due", "replaces_id", "parent_task_id", "receiver", "rejections")
_NAMES = (
    "number", "kind", "source_kind", "source_id", "source_number", "asked_action", "asked_time", "drafted_by", "parts",
)  # fmt: skip
SUMMARY = (
    load_only(*(getattr(Task, name) for name in {*_SUMMARY, *_RANKS})),
    joinedload(Task.unit),
    joinedload(Task.whistle).load_only(*(getattr(Whistle, name) for name in _NAMES)),
    joinedload(Task.escalations),
)

View = dict[str, Any]


def summary(who: Principal, row: Task) -> View:
    """A row of a desk."""
    whistle = row.whistle
    return {
        **_columns(row, _SUMMARY),
        **_columns(whistle, ("kind", "asked_action", "asked_time")),
        "whistle_number": whistle.number,
        "source": source_ref(whistle),
        "unit": unit_ref(row.unit),
        "overdue": row.escalations,
        "allowed_commands": states.task_life(whistle.kind).allowed_commands(who, row),
    }


def task(session: Session, who: Principal, row: Task) -> View:
    """The whole task for `who`, or what a colleague unit may know: nothing of ratings, notes, evidence, objection."""
    found = _whole(who, row)
    return found if states.TASK.sees(who, row) else {**found, **_OF_COLLEAGUES}


def _whole(who: Principal, row: Task) -> View:
    return {
        **summary(who, row),
        **_columns(row, _DETAIL),
        **_columns(row.whistle, ("reason", "asked_action_text", "asked_place_text")),
        "parts_done": sum(part.done_at is not None for part in row.parts),
        "work_continues": row.objection is not None and _open(row.objection) and row.state != TaskState.OBJECTED,
    }


def _columns(row: Any, names: Iterable[str]) -> View:
    return {name: getattr(row, name) for name in names}


def whistle(session: Session, who: Principal, row: Whistle) -> View:
    recipients = [
        {"unit": unit_ref(asked.unit), "role": asked.role, "finish_within": asked.finish_within}
        for asked in row.recipients
    ]
    tasks = [task(session, who, each) for each in row.tasks]
    return {
        **_columns(row, _WHISTLE_COLUMNS),
        "source": source_ref(row),
        "recipients": recipients,
        "tasks": tasks,
        "allowed_commands": states.WHISTLE.allowed_commands(who, row),
    }


def _open(objection: Objection) -> bool:
    return objection.decision is None
