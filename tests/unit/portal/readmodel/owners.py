"""How the owners would say their matters stand: from all that was told of one so far, as their services do it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from chassis.standing import Standing

Data = Mapping[str, Any]

ABOVE, OF_PLACE = ("role:STREET", "role:DISTRICT"), ("role:GRID", "role:COMMUNITY", "role:STREET")
STATES = {
    "appeal_registered": "REGISTERED", "appeal_accepted": "ACCEPTED", "appeal_assigned": "ASSIGNED",
    "appeal_signed": "IN_PROGRESS", "dispute_identified": "IN_MEDIATION", "appeal_awaits_departments": "WHISTLED",
    "appeal_taken_up_again": "IN_PROGRESS", "appeal_result_reported": "RESULT_REPORTED", "appeal_closed": "CLOSED",
    "appeal_merged": "MERGED", "appeal_resumed": "REGISTERED", "appeal_withdrawn": "WITHDRAWN",
    "hazard_reported": "REGISTERED", "hazard_secured": "SECURED", "hazard_removed": "REMOVED",
    "whistle_drafted": "PENDING_APPROVAL", "whistle_blown": "BLOWN", "whistle_closed": "CLOSED",
    "whistle_cancelled": "CANCELLED", "whistle_returned": "RETURNED",
    "whistle_task_assigned": "ASSIGNED", "whistle_task_signed": "SIGNED", "whistle_task_reported_in": "REPORTED_IN",
    "whistle_task_completed": "FINISHED", "whistle_task_confirmed": "CONFIRMED", "whistle_task_rated": "RATED",
    "whistle_task_cancelled": "CANCELLED", "whistle_task_objected": "OBJECTED",
    "mediation_case_opened": "ACCEPTED", "mediator_assigned": "MEDIATING", "agreement_drafted": "AGREED",
    "agreement_took_effect": "PERFORMING", "mediation_case_closed": "CLOSED", "mediation_terminated": "TERMINATED",
    "follow_up_opened": "DUE", "follow_up_attempted": "TRYING", "follow_up_completed": "COMPLETED",
    "message_sent": "SENT", "public_notice_published": "VISIBLE",
}  # fmt: skip


def appeal(state: str, known: Data) -> Standing:
    handler, first = _id(known, "handler"), _id(known, "first_responder")
    ended, reported = state in ("CLOSED", "MERGED", "WITHDRAWN"), state == "RESULT_REPORTED"
    due = known.get("supervised") if reported else known.get("due_at") or known.get("promise_at")
    waits = (f"person:{handler}",) if handler else OF_PLACE
    above = ABOVE if known.get("supervised") else ()
    into = known.get("into_number") if state == "MERGED" else None
    return Standing(
        "APPEAL", state, known["case_number"], due=None if ended else _moment(due),
        waits=() if ended else above if reported else waits, urgency=known.get("urgency") or "",
        hidden=(*["secret"] * bool(known.get("secret")), *(f"against:{side}" for side in known.get("against") or ())),
        tally=_codes(handler=handler, first=first, unit=known.get("lead_unit"), into=into),
    )  # fmt: skip


def hazard(state: str, known: Data) -> Standing:
    reporter = _id(known, "reported_by")
    waits = () if state == "REMOVED" else (f"person:{reporter}",) if reporter else OF_PLACE
    urgency = known.get("urgency") or ""
    return Standing("HAZARD", state, known["case_number"], waits=waits, urgency=urgency, tally=_codes(first=reporter))


def whistle(state: str, known: Data) -> Standing:
    units = ",".join(each["unit"] for each in known.get("recipients", ()))
    told = _codes(kind=known.get("kind"), action=known.get("asked_action"), units=units)
    waits, parent = ABOVE if state == "PENDING_APPROVAL" else (), str(known["source"]["id"])
    return Standing(
        "WHISTLE", state, known["whistle_number"], parent, _moment(known.get("asked_time")), waits, tally=told
    )


CLOCKS = {"ASSIGNED": "sign_due", "SIGNED": "report_due", "REPORTED_IN": "finish_due"}


def task(state: str, known: Data) -> Standing:
    unit, receiver = known["unit"]["code"], _id(known, "receiver")
    told = {name: known.get(name) for name in ("kind", "role")}
    waits = (f"unit:{unit}",) if state in CLOCKS else OF_PLACE if state in ("FINISHED", "CONFIRMED") else ()
    if known.get("objected"):
        waits = (*waits, *ABOVE) if state in CLOCKS else ABOVE
    return Standing(
        "TASK", state, known["whistle_number"], known["whistle_id"], _moment(known.get(CLOCKS.get(state, ""))), waits,
        urgency="EMERGENCY" if known.get("kind") == "EMERGENCY" else "",
        tally=_codes(unit=unit, receiver=receiver, action=known.get("asked_action"), **told),
    )  # fmt: skip


def mediation(state: str, known: Data) -> Standing:
    over, mediator = state in ("CLOSED", "TERMINATED"), _id(known, "mediator")
    waits = (f"person:{mediator}",) if mediator else ("role:COMMUNITY", "role:MEDIATOR")
    number, parent = known.get("mediation_number", ""), str(known["source"]["id"])
    due = None if over else _moment(known.get("deadline"))
    return Standing("MEDIATION", state, number, parent, due, () if over else waits, tally=_codes(mediator=mediator))


def follow_up(state: str, known: Data) -> Standing:
    waits, due = (("role:FOLLOWUP",), _moment(known.get("start_by"))) if state in ("DUE", "TRYING") else ((), None)
    told = _codes(unit=known.get("handler_unit"), handler=_id(known, "handler"))
    return Standing("FOLLOW_UP", state, "F1", str(known["subject"]["id"]), due, waits, tally=told)


def message(state: str, known: Data) -> Standing:
    return Standing("MESSAGE", state)


KINDS: dict[str, Callable[[str, Data], Standing]] = {
    "intake": appeal, "hazard": hazard, "dispatch": whistle, "whistle_task": task, "mediation": mediation,
    "follow_up": follow_up, "notify": message,
}  # fmt: skip


def stands(source: str, name: str, before: str, known: Data) -> Standing:
    """After that event, of a matter that was in state `before` and of which all of `known` was told."""
    kind = next((KINDS[prefix] for prefix in ("hazard", "whistle_task", "follow_up") if name.startswith(prefix)), None)
    return (kind or KINDS[source])(_state(name, before, known), known)


def _state(name: str, before: str, known: Data) -> str:
    if name == "whistle_task_objected" and known.get("work_continues"):
        return before
    if name == "whistle_task_objection_decided":
        return "REASSIGNED" if known["decision"] == "UPHELD" else "SIGNED"
    return STATES.get(name, before)


def changed(name: str, data: Data) -> dict[str, Any]:
    """What an event changes besides what it tells outright."""
    if data.get("stage") == "DANGER_REMOVED":
        return {**data, "due_at": data.get("due_at"), "promise_at": None}
    if name == "appeal_supervised":
        return {**data, "supervised": data["due_at"]}
    if name == "whistle_task_objected":
        return {**data, "objected": True}
    return {**data, "objected": False} if name == "whistle_task_objection_decided" else dict(data)


def _id(known: Data, name: str) -> str:
    return str((known.get(name) or {}).get("id", ""))


def _moment(told: Any) -> datetime | None:
    return datetime.fromisoformat(told) if isinstance(told, str) else told


def _codes(**told: Any) -> dict[str, str]:
    return {name: str(code) for name, code in told.items() if code}
