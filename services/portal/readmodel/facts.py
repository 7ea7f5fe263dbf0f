"""What is learned from one event: fields of the thing it is about, each with the event's version.

Of two values for one field the one with the higher version stands, whichever arrives first. Together with columns
that are computed from all fields (picture.py) this makes any order of the same events give the same page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chassis.envelope import Event, rfc3339

Data = dict[str, Any]
Fields = dict[str, Any]
Facts = dict[str, dict[str, dict[str, list[Any]]]]
"""group → id → field → [version, value]."""

CASE, MEDIATION, WHISTLE, TASK, FOLLOW_UP = "case", "mediation", "whistle", "task", "follow_up"


def _state(state: str, *fields: str) -> Callable[[Event], Fields]:
    """The state, and fields taken over under their own names."""
    return lambda event: {"state": state, **{name: event.data.get(name) for name in fields}}


def _registered(event: Event) -> Fields:
    data = event.data
    return {
        "state": "REGISTERED",
        "urgency": data.get("urgency"),
        "secret": bool(data.get("secret")),
        "against": data.get("against") or [],
        "first_responder": data.get("first_responder") or data.get("reported_by"),
        "due": [data.get("promise_at"), False],
    }


def _assigned(event: Event) -> Fields:
    data = event.data
    kept = {name: data.get(name) for name in ("lead_unit", "handler", "urgency")}
    return {"state": "ASSIGNED", **kept, "due": [data.get("due_at"), False]}


def _handled(event: Event) -> Fields:
    """In an emergency the removed danger meets the running clock; `due_at`, where told, is the next one."""
    if event.data.get("stage") != "DANGER_REMOVED":
        return {}
    return {"danger_removed": event.data.get("due_at")}


def _extended(event: Event) -> Fields:
    return {"due": [event.data.get("new_due_at"), True]}


def _raised(event: Event) -> Fields:
    return {"urgency": event.data.get("urgency"), "due": [event.data.get("due_at"), True]}


def _reopened(event: Event) -> Fields:
    data = event.data
    return {"state": "REOPENED", "lead_unit": data.get("lead_unit"), "due": [data.get("due_at"), False]}


def _joined(event: Event) -> Fields:
    """Another case was merged into this one: the higher urgency, the earlier date. The number is kept by version."""
    data = event.data
    merged = {f"merged.{data.get('from_id')}": data.get("from_number")}
    due = {"due": [data["due_at"], False]} if data.get("due_at") else {}
    return {"urgency": data.get("urgency"), **due, **merged}


def _resumed(event: Event) -> Fields:
    return {"state": "REGISTERED", "due": [event.data.get("due_at"), False], "into_number": None}


def _supervised(event: Event) -> Fields:
    return {"supervised": event.data.get("due_at")}


def _disputed(event: Event) -> Fields:
    return {"state": "IN_MEDIATION", f"dispute.{event.aggregate_version}": True}


def _whistle(state: str) -> Callable[[Event], Fields]:
    def learned(event: Event) -> Fields:
        data = event.data
        asked = ("asked_action", "asked_time", "drafted_by", "level")
        known = {name: data[name] for name in asked if name in data}
        if "recipients" in data:
            known["units"] = [[each["unit"], each["unit_name"]] for each in data["recipients"]]
        return {"state": state, "number": data.get("whistle_number"), "kind": data.get("kind"), **known}

    return learned


def _task(**more: Any) -> Callable[[Event], Fields]:
    """What every fact of a task tells, and more: plain values, or functions of the data."""

    def learned(event: Event) -> Fields:
        data = event.data
        about = {"unit": data.get("unit"), "whistle": [data.get("whistle_id"), data.get("whistle_number")]}
        return {**about, **{name: value(data) if callable(value) else value for name, value in more.items()}}

    return learned


def _task_assigned(event: Event) -> Fields:
    data = event.data
    plain = ("kind", "role", "receiver", "asked_action", "asked_time", "sign_due", "report_due", "finish_due")
    return {**_task(state="ASSIGNED")(event), **{name: data.get(name) for name in plain}}


def _of(name: str) -> Callable[[Data], Any]:
    return lambda data: data.get(name)


LEARNED: dict[tuple[str, str], tuple[str, Callable[[Event], Fields]]] = {
    ("intake", "appeal_registered"): (CASE, _registered),
    ("intake", "appeal_accepted"): (CASE, _state("ACCEPTED", "lead_unit")),
    ("intake", "appeal_assigned"): (CASE, _assigned),
    ("intake", "appeal_signed"): (CASE, _state("IN_PROGRESS", "handler")),
    ("intake", "appeal_handling_recorded"): (CASE, _handled),
    ("intake", "dispute_identified"): (CASE, _disputed),
    ("intake", "appeal_urgency_raised"): (CASE, _raised),
    ("intake", "appeal_extended"): (CASE, _extended),
    ("intake", "appeal_result_reported"): (CASE, _state("RESULT_REPORTED", "handler")),
    ("intake", "appeal_reopened"): (CASE, _reopened),
    ("intake", "appeal_closed"): (CASE, _state("CLOSED")),
    ("intake", "appeal_answered"): (CASE, _state("ANSWERED")),
    ("intake", "appeal_diverted"): (CASE, _state("DIVERTED")),
    ("intake", "appeal_declined"): (CASE, _state("DECLINED")),
    ("intake", "appeal_merged"): (CASE, _state("MERGED", "into_number")),
    ("intake", "appeal_withdrawn"): (CASE, _state("WITHDRAWN")),
    ("intake", "appeal_joined"): (CASE, _joined),
    ("intake", "appeal_resumed"): (CASE, _resumed),
    ("intake", "appeal_supervised"): (CASE, _supervised),
    ("intake", "hazard_reported"): (CASE, _registered),
    ("intake", "hazard_secured"): (CASE, _state("SECURED")),
    ("intake", "hazard_removed"): (CASE, _state("REMOVED")),
    ("mediation", "mediation_case_opened"): (MEDIATION, _state("ACCEPTED", "deadline")),
    ("mediation", "mediator_assigned"): (MEDIATION, _state("MEDIATING", "mediator")),
    ("mediation", "mediator_replaced"): (MEDIATION, lambda event: {"mediator": event.data.get("mediator")}),
    ("mediation", "agreement_drafted"): (MEDIATION, _state("AGREED")),
    ("mediation", "agreement_took_effect"): (MEDIATION, _state("PERFORMING")),
    ("mediation", "mediation_case_closed"): (MEDIATION, _state("CLOSED", "result")),
    ("mediation", "mediation_terminated"): (MEDIATION, _state("TERMINATED")),
    ("dispatch", "whistle_drafted"): (WHISTLE, _whistle("PENDING_APPROVAL")),
    ("dispatch", "whistle_blown"): (WHISTLE, _whistle("BLOWN")),
    ("dispatch", "whistle_returned"): (WHISTLE, _whistle("RETURNED")),
    ("dispatch", "whistle_cancelled"): (WHISTLE, _whistle("CANCELLED")),
    ("dispatch", "whistle_closed"): (WHISTLE, _whistle("CLOSED")),
    ("dispatch", "whistle_task_assigned"): (TASK, _task_assigned),
    ("dispatch", "whistle_task_signed"): (TASK, _task(state="SIGNED", receiver=_of("receiver"))),
    ("dispatch", "whistle_task_objected"): (TASK, _task(objected=_of("work_continues"))),
    ("dispatch", "whistle_task_objection_decided"): (TASK, _task(decided=_of("decision"))),
    ("dispatch", "whistle_task_reported_in"): (TASK, _task(state="REPORTED_IN")),
    ("dispatch", "whistle_task_progressed"): (TASK, _task()),
    ("dispatch", "whistle_task_completed"): (TASK, _task(state="FINISHED")),
    ("dispatch", "whistle_task_confirmed"): (TASK, _task(state="CONFIRMED")),
    ("dispatch", "whistle_task_rejected"): (TASK, _task(state="REPORTED_IN")),
    ("dispatch", "whistle_task_rated"): (TASK, _task(state="RATED")),
    ("dispatch", "whistle_task_rating_waived"): (TASK, _task(state="WAIVED")),
    ("dispatch", "whistle_task_overdue"): (TASK, _task()),
    ("notify", "follow_up_opened"): (FOLLOW_UP, _state("DUE", "start_by", "handler", "handler_unit")),
    ("notify", "follow_up_attempted"): (FOLLOW_UP, _state("TRYING")),
    ("notify", "follow_up_completed"): (FOLLOW_UP, _state("COMPLETED")),
    ("notify", "follow_up_invalid"): (FOLLOW_UP, _state("INVALID")),
}  # fmt: skip
"""Facts that change more than the timeline: which group of things they are about, and what they tell."""


def learn(facts: Facts, event: Event) -> str | None:
    """Writes into `facts` what the event tells and was not told by a newer one. The group it is about, if any."""
    known = LEARNED.get((event.source, event.name))
    if known is None:
        return None
    group, tell = known
    told = {**tell(event), "area": event.area_path, "time": rfc3339(event.time)}
    fields = facts.setdefault(group, {}).setdefault(event.subject, {})
    for name, value in told.items():
        if name not in fields or fields[name][0] < event.aggregate_version:
            fields[name] = [event.aggregate_version, value]
    return group
