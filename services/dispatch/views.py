"""What is shown of whistles and tasks. `allowed_commands` are RPC methods: state and asker must both allow them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from chassis.identity import Principal
from kernel.codes import Role, TaskState
from services.dispatch import access, states
from services.dispatch.facts import source_ref, unit_ref
from services.dispatch.tables import Objection, Task, Whistle

BY_UNIT = {
    "sign": "sign_task",
    "object": "object_task",
    "report_in": "report_in",
    "progress": "progress_task",
    "finish": "finish_task",
}
BY_WHISTLER = {"confirm": "confirm_task", "reject": "reject_task", "rate": "rate_task", "waive": "waive_rating"}
BY_STREET = {"uphold": "decide_objection", "uphold_late": "decide_objection", "excuse": "waive_rating"}
ON_WHISTLE = {"approve": "approve_whistle", "return": "return_whistle", "cancel": "cancel_whistle"}

_AGGREGATE = ("id", "case_number", "version", "area_path", "created_at", "updated_at", "state")
_SUMMARY = (*_AGGREGATE, "whistle_id", "role", "receiver", "sign_due", "report_due", "finish_due")
_DETAIL = (
    "signed_at", "mode", "arrived_at", "claimed_arrival", "reported_in_at", "geo", "finished_at", "result_text",
    "confirmed_by", "confirmed_at", "rejections", "rating", "waiver", "notes", "evidence", "objection",
)  # fmt: skip
_WHISTLE_COLUMNS = (
    *_AGGREGATE, "number", "kind", "level", "reason", "asked_action", "asked_action_text", "asked_time",
    "asked_place_text", "duty_item", "source_due", "longer_agreed", "drafted_by", "approved_by",
    "blown_at", "closed_at", "reason_code", "decision_reason",
)  # fmt: skip

_OF_COLLEAGUES: dict[str, Any] = {
    **dict.fromkeys(("result_text", "rating", "waiver", "objection", "geo", "confirmed_by", "confirmed_at")),
    "notes": [], "evidence": [], "overdue": [], "rejections": 0, "work_continues": False,
}  # fmt: skip
"""What another called unit reads of a task: that it was called, and how far it is; not how it was judged."""

View = dict[str, Any]


def summary(who: Principal, row: Task, rosters: frozenset[str]) -> View:
    """A row of a desk; `rosters` are the units for which `who` receives."""
    whistle = row.whistle
    return {
        **_columns(row, _SUMMARY),
        **_columns(whistle, ("kind", "asked_action", "asked_time")),
        "whistle_number": whistle.number,
        "source": source_ref(whistle),
        "unit": unit_ref(row.unit),
        "overdue": row.escalations,
        "allowed_commands": task_commands(who, row, rosters),
    }


def task(session: Session, who: Principal, row: Task, rosters: frozenset[str] | None = None) -> View:
    """The whole task for `who`, or what a colleague unit may know; pass `rosters` when showing many."""
    own = access.rosters(session, who) if rosters is None else rosters
    found = _whole(who, row, own)
    return found if access.reads_whole(session, who, row) else {**found, **_OF_COLLEAGUES}


def _whole(who: Principal, row: Task, own: frozenset[str]) -> View:
    return {
        **summary(who, row, own),
        **_columns(row, _DETAIL),
        **_columns(row.whistle, ("reason", "asked_action_text", "asked_place_text")),
        "work_continues": row.objection is not None and _open(row.objection) and row.state != TaskState.OBJECTED,
    }


def _columns(row: Any, names: Iterable[str]) -> View:
    return {name: getattr(row, name) for name in names}


def whistle(session: Session, who: Principal, row: Whistle) -> View:
    own = access.rosters(session, who)
    recipients = [
        {"unit": unit_ref(asked.unit), "role": asked.role, "finish_within": asked.finish_within}
        for asked in row.recipients
    ]
    tasks = [task(session, who, each, own) for each in row.tasks]
    return {
        **_columns(row, _WHISTLE_COLUMNS),
        "source": source_ref(row),
        "recipients": recipients,
        "tasks": tasks,
        "allowed_commands": whistle_commands(who, row),
    }


def whistle_commands(who: Principal, row: Whistle) -> list[str]:
    possible = states.WHISTLE.commands_from(row.state)
    return [ON_WHISTLE[move] for move in possible if move in ON_WHISTLE and access.is_approver(who, row)]


def task_commands(who: Principal, row: Task, rosters: frozenset[str]) -> list[str]:
    possible = set(states.task_machine(row.whistle.kind).commands_from(row.state))
    found: set[str] = set()
    if row.unit_code in rosters:
        found |= {BY_UNIT[move] for move in possible & BY_UNIT.keys() if move != "object" or may_object(row)}
    if not access.belongs(who, row):
        found |= _checking(who, row, possible)
    return sorted(found)


def _checking(who: Principal, row: Task, possible: set[str]) -> set[str]:
    found: set[str] = set()
    if access.is_whistler(who, row.whistle):
        blocked = {"confirm", "reject"} if escalated(row) and not who.holds(Role.DISTRICT, at=row.area_path) else set()
        found |= {BY_WHISTLER[move] for move in (possible & BY_WHISTLER.keys()) - blocked}
    if access.is_approver(who, row.whistle):
        undecided = row.objection is not None and _open(row.objection)
        found |= {BY_STREET[move] for move in possible & BY_STREET.keys() if move == "excuse" or undecided}
    return found


def may_object(row: Task) -> bool:
    """A unit objects once, and not at all once it was designated by a decision (domain §3.6 inv. 3)."""
    return row.replaces_id is None and row.objection is None


def escalated(row: Task) -> bool:
    """After the third rejection only the district confirms or rejects."""
    return row.rejections >= 3


def _open(objection: Objection) -> bool:
    return objection.decision is None
