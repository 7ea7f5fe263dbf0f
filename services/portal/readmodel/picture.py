"""The rows that follow from what is known of a case: plain functions of `facts`, so they forget no order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from services.portal.readmodel.facts import CASE, FOLLOW_UP, MEDIATION, TASK, WHISTLE, Facts

Row = dict[str, Any]
Fields = dict[str, list[Any]]

UNKNOWN = "UNKNOWN"
"""A case nobody has told the beginning of yet."""

SETTLED = frozenset({"RATED", "WAIVED", "REASSIGNED", "CANCELLED"})
AT_WORK = frozenset({"ASSIGNED", "SIGNED", "REPORTED_IN"})
CLOCKS = {"ASSIGNED": "sign_due", "SIGNED": "report_due", "REPORTED_IN": "finish_due"}
WITHOUT_CLOCK = frozenset(
    {"RESULT_REPORTED", "CLOSED", "ANSWERED", "DIVERTED", "DECLINED", "MERGED", "WITHDRAWN", "REMOVED"}
)


def value(fields: Fields, name: str, default: Any = None) -> Any:
    found = fields.get(name)
    return default if found is None or found[1] is None else found[1]


def version(fields: Fields, name: str) -> int:
    found = fields.get(name)
    return 0 if found is None else int(found[0])


def moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def page(number: str, facts: Facts) -> Row:
    """The columns of case_page that follow from the facts."""
    subject, case = min(facts.get(CASE, {}).items(), default=(None, {}))
    handler, first = value(case, "handler", {}), value(case, "first_responder", {})
    return {
        "kind": "HAZARD" if number.startswith("Y") else "APPEAL",
        "subject_id": subject,
        "state": case_state(facts, case),
        "urgency": value(case, "urgency"),
        "due_at": due(facts, case),
        "lead_unit": value(case, "lead_unit"),
        "handler_id": handler.get("id"),
        "handler_name": handler.get("name"),
        "first_responder_id": first.get("id"),
        "first_responder_name": first.get("name"),
        "secret": bool(value(case, "secret", False)),
        "against": value(case, "against", []),
        "mediation_state": mediation_state(facts),
    }


def area(facts: Facts, otherwise: str) -> str:
    """Where the case lies: as intake says; before that, as somebody said (the smallest, so that all agree)."""
    for fields in facts.get(CASE, {}).values():
        return str(value(fields, "area"))
    told = [value(fields, "area") for group in facts.values() for fields in group.values()]
    return str(min([each for each in told if each] or [otherwise]))


def case_state(facts: Facts, case: Fields) -> str:
    """What intake said last, and what it does not say: waiting for departments, and mediation that led nowhere."""
    state = str(value(case, "state", UNKNOWN))
    if state == "IN_MEDIATION" and _fruitless(facts) >= sum(name.startswith("dispute.") for name in case):
        return "IN_PROGRESS"
    if state == "IN_PROGRESS" and any(value(each, "state") == "BLOWN" for each in facts.get(WHISTLE, {}).values()):
        return "WHISTLED"
    return state


def _fruitless(facts: Facts) -> int:
    """How many mediations of this case ended without an agreement performed."""
    over = [(value(each, "state"), value(each, "result")) for each in facts.get(MEDIATION, {}).values()]
    return sum(state == "TERMINATED" or (state == "CLOSED" and result != "SUCCESS") for state, result in over)


def due(facts: Facts, case: Fields) -> datetime | None:
    """The feedback date, or that of a supervision.

    A removed danger meets an emergency's first date; where the next is not told, none stands.
    """
    state = value(case, "state", UNKNOWN)
    if state == "RESULT_REPORTED" and version(case, "supervised") > version(case, "state"):
        return moment(value(case, "supervised"))
    if state in WITHOUT_CLOCK:
        return None
    told, extended = value(case, "due", [None, False])
    met = version(case, "danger_removed") > version(case, "due")
    if met and not extended and value(case, "urgency") == "EMERGENCY":
        return moment(value(case, "danger_removed"))
    return moment(told)


def mediation_state(facts: Facts) -> str | None:
    """Of the newest mediation."""
    cases = sorted(facts.get(MEDIATION, {}).items(), key=lambda item: (value(item[1], "time", ""), item[0]))
    return value(cases[-1][1], "state") if cases else None


def task_state(task: Fields) -> str:
    """Moves, and objections on top of them: in an emergency an objection is a paper beside the work."""
    state, at = str(value(task, "state", "ASSIGNED")), version(task, "state")
    objected, decided = version(task, "objected"), version(task, "decided")
    beside = value(task, "objected", False)
    if decided > at and value(task, "decided") == "UPHELD":
        return "REASSIGNED" if not beside or state in AT_WORK else state
    if decided > at and not beside and objected:
        return "SIGNED"
    if objected > max(at, decided) and not beside:
        return "OBJECTED"
    return state


def is_objected(task: Fields) -> bool:
    """Whether an objection waits for its decision."""
    return version(task, "objected") > version(task, "decided")


def task(task_id: str, number: str, facts: Facts) -> Row:
    """A row of a unit's desk."""
    fields = facts[TASK][task_id]
    whistle_id, whistle_number = value(fields, "whistle", [None, None])
    state = task_state(fields)
    if is_cancelled(whistle_id, facts) and state not in SETTLED:
        state = "CANCELLED"
    dues = {name: moment(value(fields, name)) for name in ("sign_due", "report_due", "finish_due")}
    return {
        "task_id": task_id,
        "case_number": number,
        "whistle_id": whistle_id,
        "whistle_number": whistle_number,
        **_asked(fields),
        "state": state,
        "objected": is_objected(fields) and state not in SETTLED,
        **dues,
        "next_due": dues.get(CLOCKS.get(state, "")),
        "area_path": value(fields, "area"),
        "updated_at": moment(value(fields, "time")),
    }


def _asked(fields: Fields) -> Row:
    """Who was asked for what, and who received it."""
    unit, receiver = value(fields, "unit", {}), value(fields, "receiver", {})
    return {
        "unit": unit.get("code"),
        "unit_name": unit.get("name"),
        "receiver_id": receiver.get("id"),
        "receiver_name": receiver.get("name"),
        **{name: value(fields, name) for name in ("kind", "role", "asked_action")},
        "asked_time": moment(value(fields, "asked_time")),
    }


def whistle(whistle_id: str, number: str, facts: Facts) -> Row:
    fields = facts[WHISTLE][whistle_id]
    return {
        "whistle_id": whistle_id,
        "whistle_number": value(fields, "number"),
        "case_number": number,
        "state": value(fields, "state"),
        "kind": value(fields, "kind"),
        "asked_action": value(fields, "asked_action"),
        "asked_time": moment(value(fields, "asked_time")),
        "units": "、".join(name for _, name in value(fields, "units", [])),
        "drafted_by": value(fields, "drafted_by", {}).get("name"),
        "area_path": value(fields, "area"),
        "updated_at": moment(value(fields, "time")),
    }


def follow_up(follow_up_id: str, number: str, facts: Facts) -> Row:
    fields = facts[FOLLOW_UP][follow_up_id]
    return {
        "follow_up_id": follow_up_id,
        "case_number": number,
        "state": value(fields, "state"),
        "start_by": moment(value(fields, "start_by")),
        "handler_id": value(fields, "handler", {}).get("id"),
        "handler_unit": value(fields, "handler_unit"),
        "area_path": value(fields, "area"),
        "updated_at": moment(value(fields, "time")),
    }


def is_cancelled(whistle_id: str | None, facts: Facts) -> bool:
    return bool(value(facts.get(WHISTLE, {}).get(whistle_id or "", {}), "state") == "CANCELLED")


def merged(facts: Facts) -> list[str]:
    """Numbers of the cases that were merged into this one."""
    found = [
        value
        for fields in facts.get(CASE, {}).values()
        for name, (_, value) in fields.items()
        if name.startswith("merged.")
    ]
    return sorted(found)


def tasks_of(whistle_id: str, facts: Facts) -> Iterable[str]:
    """The tasks of a whistle that are known so far."""
    for task_id, fields in facts.get(TASK, {}).items():
        if value(fields, "whistle", [None])[0] == whistle_id:
            yield task_id


def unit_names(facts: Facts) -> dict[str, str]:
    """Names of the units this case has to do with, by code."""
    names: dict[str, str] = {}
    for fields in facts.get(WHISTLE, {}).values():
        names.update(value(fields, "units", []))
    for fields in facts.get(TASK, {}).values():
        unit = value(fields, "unit", {})
        names[unit.get("code", "")] = unit.get("name", "")
    return names
