"""The desk of a called unit: its tasks with their clocks, and the next step of each."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from flask import render_template, request

from chassis.store import new_id
from contracts.dispatch.tasks import GetTask, ListTasks
from kernel.codes import TaskState
from services.portal.accounts.current import current_principal, now, process
from services.portal.pages import places, together
from services.portal.pages.acting import actions, done
from services.portal.pages.blueprint import blueprint
from services.portal.pages.peering import Question, gather
from services.portal.pages.wording import parsed
from services.portal.readmodel import kinds, lists, names, scope
from services.portal.readmodel.tables import Matter

STEPS_HERE = frozenset({"sign_task", "report_in"})
"""What can be done from the list; everything else wants the whole case before one's eyes."""


MOST = 200
OPEN_TASKS = sorted(set(TaskState.values()) - {"RATED", "WAIVED", "REASSIGNED", "CANCELLED"})
MOST_READ = 30
CLOCKS = {"ASSIGNED": "sign_due", "SIGNED": "report_due", "REPORTED_IN": "finish_due"}
"""The clock that runs in each state."""


@blueprint.get("/tasks")
def tasks() -> str:
    """Errors: Forbidden for who works for no called unit."""
    who, moment, units = current_principal(), now(), places.units()
    with process().store.transaction() as session:
        found, cursor = lists.tasks(session, who, {"cursor": request.args.get("cursor"), "limit": 50})
        known = {**names.of_people(session, found), **names.of_units(session, found, units)}
    asked: dict[str, Question] = {
        unit: (ListTasks, {"unit": unit, "state": OPEN_TASKS, "limit": MOST}) for unit in scope.units(who)
    }
    parts = gather(asked)
    views = {view["id"]: view for part in parts.values() if part for view in part.data["items"]}
    told = {unit for unit, part in parts.items() if part and len(part.data["items"]) < MOST}
    asked_for = unsigned(views)
    rows = [card(task, views.get(task.id), known) for task in found
            if task.id in views or task.tally["unit"] not in told]  # fmt: skip
    picks = {row.task_id: together.pick(views.get(row.task_id), row.case_number) for row in rows}
    return render_template(
        "tasks.html", rows=rows, picks=picks, forms=together.offered(list(picks.values())), key=new_id(), cursor=cursor,
        moment=moment, steps={key: steps(view) for key, view in views.items()},
        areas=places.names({row.area_path for row in rows}), reasons=asked_for,
        missing=any(part.missing for part in parts.values()), done=done(request.args.get("done", "")),
    )  # fmt: skip


def unsigned(views: dict[str, Any]) -> dict[str, Any]:
    """What is asked in the tasks nobody has signed: whoever signs has read why, and where to come."""
    waiting = [key for key, view in views.items() if view["state"] == "ASSIGNED"][:MOST_READ]
    asked: dict[str, Question] = {key: (GetTask, {"task_id": key}) for key in waiting}
    return {key: part.data for key, part in gather(asked).items() if part}


def card(task: Matter, view: dict[str, Any] | None, known: Mapping[str, str]) -> SimpleNamespace:
    """The task as the service tells it now: events take a moment to arrive here, its own answer does not."""
    tally, unit = task.tally, task.tally["unit"]
    plain = {
        "task_id": task.id, "case_number": task.case_number, "whistle_number": task.number, "area_path": task.area_path,
        "unit_name": known.get(unit, unit), "asked_action": tally.get("action"),
        "kind": tally.get("kind"), "role": tally.get("role"), "asked_time": None,
        "state": task.state, "next_due": task.due_at,
        "receiver_name": known.get(tally.get("receiver", "")), "objected": kinds.DECIDES in task.waits,
    }  # fmt: skip
    if view is None:
        return SimpleNamespace(**plain)
    objection, clock = view.get("objection"), CLOCKS.get(view["state"])
    return SimpleNamespace(**{
        **plain,
        "state": view["state"],
        "asked_time": view.get("asked_time"),
        "next_due": parsed(view.get(clock)) if clock else None,
        "receiver_name": (view.get("receiver") or {}).get("name"),
        "objected": bool(objection and not objection.get("decision")),
    })  # fmt: skip


def steps(view: dict[str, Any]) -> list[Any]:
    return [action for action in actions(view, "task_id") if action.form.method in STEPS_HERE]
