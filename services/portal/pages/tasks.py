"""The desk of a called unit: its tasks with their clocks, and the next step of each."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flask import render_template, request

from contracts.dispatch.tasks import GetTask, ListTasks
from services.portal.accounts.current import current_principal, now, process
from services.portal.pages import places
from services.portal.pages.acting import actions, done
from services.portal.pages.blueprint import blueprint
from services.portal.pages.peering import Question, gather
from services.portal.pages.wording import parsed
from services.portal.readmodel import lists, scope
from services.portal.readmodel.lists import OPEN_TASKS
from services.portal.readmodel.tables import TaskRow

STEPS_HERE = frozenset({"sign_task", "report_in"})
"""What can be done from the list; everything else wants the whole case before one's eyes."""


MOST = 200
MOST_READ = 30
CLOCKS = {"ASSIGNED": "sign_due", "SIGNED": "report_due", "REPORTED_IN": "finish_due"}
"""The clock that runs in each state."""


@blueprint.get("/tasks")
def tasks() -> str:
    """Errors: Forbidden for who works for no called unit."""
    who, moment = current_principal(), now()
    with process().store.transaction() as session:
        rows, cursor = lists.tasks(session, who, {"cursor": request.args.get("cursor"), "limit": 50})
    asked: dict[str, Question] = {
        unit: (ListTasks, {"unit": unit, "state": OPEN_TASKS, "limit": MOST}) for unit in scope.units(who)
    }
    parts = gather(asked)
    views = {view["id"]: view for part in parts.values() if part for view in part.data["items"]}
    told = {unit for unit, part in parts.items() if part and len(part.data["items"]) < MOST}
    asked_for = unsigned(views)
    rows = [card(row, views.get(row.task_id)) for row in rows if row.task_id in views or row.unit not in told]
    return render_template(
        "tasks.html", rows=rows, cursor=cursor, moment=moment, steps={key: steps(view) for key, view in views.items()},
        areas=places.names({row.area_path for row in rows}), reasons=asked_for,
        missing=any(part.missing for part in parts.values()), done=done(request.args.get("done", "")),
    )  # fmt: skip


def unsigned(views: dict[str, Any]) -> dict[str, Any]:
    """What is asked in the tasks nobody has signed: whoever signs has read why, and where to come."""
    waiting = [key for key, view in views.items() if view["state"] == "ASSIGNED"][:MOST_READ]
    asked: dict[str, Question] = {key: (GetTask, {"task_id": key}) for key in waiting}
    return {key: part.data for key, part in gather(asked).items() if part}


def card(row: TaskRow, view: dict[str, Any] | None) -> SimpleNamespace:
    """The row as the service tells it now: events take a moment to arrive here, its own answer does not."""
    known = {column.name: getattr(row, column.name) for column in TaskRow.__table__.columns}
    if view is None:
        return SimpleNamespace(**known)
    objection, clock = view.get("objection"), CLOCKS.get(view["state"])
    return SimpleNamespace(**{
        **known,
        "state": view["state"],
        "next_due": parsed(view.get(clock)) if clock else None,
        "receiver_name": (view.get("receiver") or {}).get("name"),
        "objected": bool(objection and not objection.get("decision")),
    })  # fmt: skip


def steps(view: dict[str, Any]) -> list[Any]:
    return [action for action in actions(view, "task_id") if action.form.method in STEPS_HERE]
