"""The desk of a called unit: its tasks with their clocks, and the next step of each."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from contracts.rpc import dispatch
from services.portal.accounts.current import current_principal, now, process
from services.portal.pages import places
from services.portal.pages.acting import actions, done
from services.portal.pages.blueprint import blueprint
from services.portal.pages.peering import Question, gather
from services.portal.readmodel import lists, scope
from services.portal.readmodel.lists import OPEN_TASKS

STEPS_HERE = frozenset({"sign_task", "report_in"})
"""What can be done from the list; everything else wants the whole case before one's eyes."""


@blueprint.get("/tasks")
def tasks() -> str:
    """Errors: Forbidden for who works for no called unit."""
    who, moment = current_principal(), now()
    with process().store.transaction() as session:
        rows, cursor = lists.tasks(session, who, {"cursor": request.args.get("cursor"), "limit": 50})
    asked: dict[str, Question] = {
        unit: (dispatch.ListTasks, {"unit": unit, "state": OPEN_TASKS, "limit": 200}) for unit in scope.units(who)
    }
    parts = gather(asked)
    views = {view["id"]: view for part in parts.values() if part for view in part.data["items"]}
    return render_template(
        "tasks.html", rows=rows, cursor=cursor, moment=moment, steps={key: steps(view) for key, view in views.items()},
        areas=places.names({row.area_path for row in rows}), missing=any(part.missing for part in parts.values()),
        done=done(request.args.get("done", "")),
    )  # fmt: skip


def steps(view: dict[str, Any]) -> list[Any]:
    return [action for action in actions(view, "task_id") if action.form.method in STEPS_HERE]
