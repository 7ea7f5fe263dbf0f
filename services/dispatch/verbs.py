"""What a unit's reply does: verb by verb the operation of the portal, the step it builds on, and its files.

One row makes a verb reach programs; that every verb of the contract has one is tested.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.errors import Conflict
from chassis.identity import Principal
from contracts import departments as say
from kernel.codes import TaskState
from services.dispatch import by_program, chains, objections, parts, rating_appeals, tasks
from services.dispatch.tables import Task

Operation = Callable[[Session, Principal, dict[str, Any], datetime], Any]
Test = Callable[[Task], bool]


def _never(task: Task) -> bool:
    return False


def _unsigned(task: Task) -> bool:
    return task.state == TaskState.ASSIGNED


def _not_come(task: Task) -> bool:
    return task.state in {TaskState.ASSIGNED, TaskState.SIGNED}


def _not_ticked(task: Task) -> bool:
    return _not_come(task) or (task.state == TaskState.REPORTED_IN and any(not part.done_at for part in task.parts))


@dataclass(frozen=True)
class Act:
    """`early`: the unit's own earlier reply, still under way, may lead to where this one fits. `asks`: it wants
    something done, so where that cannot be the sender is told; other replies become a note. `files`: the field."""

    operation: Operation
    early: Test = _never
    asks: bool = False
    files: str | None = None

    def refused_by(self, conflict: Conflict) -> bool:
        """Whether the sender is told of a conflict: also of work that is open, which no note would finish."""
        return self.asks or "open" in conflict.details


ACTS: dict[type[say.DepartmentReply], Act] = {
    say.Sign: Act(tasks.sign),
    say.Object: Act(objections.raise_objection),
    say.ReportedIn: Act(tasks.report_in, _unsigned),
    say.Progress: Act(tasks.progress, _not_come),
    say.Finish: Act(tasks.finish, _not_ticked, files="evidence"),
    say.PartsTicked: Act(parts.tick, _not_come, asks=True, files="photos"),
    say.FurtherCalled: Act(chains.call_further, _not_come, asks=True),
    say.RatingAppealed: Act(rating_appeals.appeal, asks=True),
    say.SupervisionReplied: Act(by_program.reply_supervision, asks=True, files="attachments"),
    say.EnforcementRecorded: Act(by_program.record_enforcement, _not_come, asks=True, files="evidence"),
}
