"""The lives of a whistle 哨单 and of a unit's task 哨令 (domain §3.4). "Overdue" is never a state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session, joinedload, load_only

from capability.life import Life, Rules
from capability.machine import Move
from chassis import audit
from chassis.errors import Conflict
from chassis.identity import Principal
from contracts.department_codes import TaskChange
from contracts.dispatch.base import TASK_READERS, WHISTLE_READERS
from contracts.dispatch.chains import CallFurther
from contracts.dispatch.objections import (
    DecideObjection,
    ObjectTask,
    WhistleTaskObjected,
    WhistleTaskObjectionDecided,
)
from contracts.dispatch.parts import TickParts
from contracts.dispatch.rating_appeals import AppealRating, DecideRatingAppeal
from contracts.dispatch.ratings import (
    ConfirmTask,
    RateTask,
    RejectTask,
    WaiveRating,
    WhistleTaskConfirmed,
    WhistleTaskRatingWaived,
    WhistleTaskRejected,
)
from contracts.dispatch.tasks import (
    FinishTask,
    ProgressTask,
    ReportIn,
    SignTask,
    WhistleTaskCompleted,
    WhistleTaskReportedIn,
    WhistleTaskSigned,
)
from contracts.dispatch.whistles import ApproveWhistle, CancelWhistle, ReturnWhistle
from kernel.codes import CaseKind, TaskState, WhistleKind, WhistleState
from services.dispatch import access, clocks, departments, facts, locks
from services.dispatch.stages import AT_WORK, WORK_DONE
from services.dispatch.tables import Objection, Task, Whistle

W, T = WhistleState, TaskState
NOT_DONE = AT_WORK | {T.OBJECTED}
OF_CALLER = frozenset({
    WhistleTaskSigned, WhistleTaskReportedIn, WhistleTaskCompleted, WhistleTaskConfirmed, WhistleTaskRejected,
    WhistleTaskObjected, WhistleTaskObjectionDecided, WhistleTaskRatingWaived,
})  # fmt: skip
"""What a unit is told of a body it called."""

WEIGHED = (
    joinedload(Task.objection).load_only(Objection.decision),
    joinedload(Task.rating_appeal),
    joinedload(Task.further).options(load_only(Task.state, Task.parent_task_id), joinedload(Task.unit)),
)
"""What `_refusal` looks at: who asks of many tasks at once what may be done loads it with them. Parts, which few
whistles have and some have many of, are asked for where there are any."""


def _hold_whistle(session: Session, asked: Mapping[str, Any]) -> Whistle | None:
    return session.get(Whistle, asked["whistle_id"], with_for_update=True)


def _tell(session: Session, event: Any, task: Task, who: Principal, now: datetime, **data: Any) -> None:
    task.next_due = clocks.waited_for(task)
    if who.kind == "link":
        audit.note(session, who, now, event.name, f"task:{task.id}", "凭信中链接办理", unit=task.unit_code)
    facts.tell_task(session, event, task, who, now, **data)
    if event in OF_CALLER:
        departments.tell_caller(session, task, TaskChange.FURTHER_CHANGED, now)


def _refusal(task: Task, command: str) -> Conflict | None:
    """A unit objects once, and not at all once it was designated by a decision (domain §3.6 inv. 3)."""
    if command == ObjectTask.method and task.replaces_id is not None:
        return Conflict("该单位由裁定指定，不得再提异议", unit=task.unit_code)
    if command == ObjectTask.method and task.objection is not None:
        return Conflict("该单位对同一事项已提过异议，不得再提", unit=task.unit_code)
    if command == DecideObjection.method and (task.objection is None or task.objection.decision is not None):
        return Conflict("没有待裁定的异议")
    if command == TickParts.method and task.whistle.source_kind == CaseKind.RECTIFICATION:
        return Conflict("执法的点位在整改里逐处记执法", source=task.whistle.source_number)
    if command == AppealRating.method and task.rating_appeal is not None:
        return Conflict("这件哨令的赋分已申诉过", unit=task.unit_code)
    if command == DecideRatingAppeal.method and (task.rating_appeal is None or task.rating_appeal.decision):
        return Conflict("没有待裁定的赋分申诉")
    return _unfinished(task) if command == FinishTask.method else None


def _unfinished(task: Task) -> Conflict | None:
    """事不完、人不撤: nor is it done while a part, or a body that was called further, is at work."""
    open_parts = sum(part.done_at is None for part in task.parts) if task.whistle.parts else 0
    called = [other for other in task.further if other.state in NOT_DONE]
    if open_parts:
        return Conflict(f"还有{open_parts}处没有办好，不能办结", open=open_parts)
    if called:
        return Conflict(f"{'、'.join(other.unit.name for other in called)}还没有办完，不能办结", open=len(called))
    return None


WHISTLE: Life[Whistle, WhistleState] = Life(
    Whistle,
    W.DRAFTED,
    {
        "submit": Move({W.DRAFTED}, W.PENDING_APPROVAL),
        "blow": Move({W.DRAFTED}, W.BLOWN),
        ApproveWhistle: Move({W.PENDING_APPROVAL}, W.BLOWN),
        ReturnWhistle: Move({W.PENDING_APPROVAL}, W.RETURNED),
        CancelWhistle: Move({W.PENDING_APPROVAL, W.BLOWN}, W.CANCELLED),
        "close": Move({W.BLOWN}, W.CLOSED),
    },
    Rules(_hold_whistle, WHISTLE_READERS, access.unknown, facts.tell_whistle, access.TESTS),
)

_COMMON: dict[Any, Move[TaskState]] = {
    SignTask: Move({T.ASSIGNED}, T.SIGNED),
    ReportIn: Move({T.SIGNED}, T.REPORTED_IN),
    ProgressTask: Move({T.REPORTED_IN}, None),
    TickParts: Move({T.REPORTED_IN}, None),
    CallFurther: Move({T.REPORTED_IN}, None),
    FinishTask: Move({T.REPORTED_IN}, T.FINISHED),
    ConfirmTask: Move({T.FINISHED}, T.CONFIRMED),
    RejectTask: Move({T.FINISHED}, T.REPORTED_IN),
    RateTask: Move({T.CONFIRMED}, T.RATED),
    AppealRating: Move({T.RATED}, None),
    DecideRatingAppeal: Move({T.RATED}, None),
    WaiveRating: Move({T.ASSIGNED, T.SIGNED, T.CONFIRMED}, T.WAIVED),
}

_RULES = Rules(locks.find_task, TASK_READERS, access.unknown, _tell, access.TESTS, _refusal)

TASK: Life[Task, TaskState] = Life(
    Task,
    T.ASSIGNED,
    {
        **_COMMON,
        ObjectTask: Move({T.ASSIGNED, T.SIGNED}, T.OBJECTED),
        DecideObjection: Move({T.OBJECTED}, None),
        "uphold": Move({T.OBJECTED}, T.REASSIGNED),
        "dismiss": Move({T.OBJECTED}, T.SIGNED),
        "cancel": Move({T.ASSIGNED, T.SIGNED, T.OBJECTED, T.REPORTED_IN, T.FINISHED, T.CONFIRMED}, T.CANCELLED),
    },
    _RULES,
)

# Safety first (scenario A4): an objection is a paper beside the work, not a stop of it. Work that is already done when
# the objection is upheld stays with the unit that did it, to be confirmed and rated.
EMERGENCY_TASK: Life[Task, TaskState] = Life(
    Task,
    T.ASSIGNED,
    {
        **_COMMON,
        ObjectTask: Move({T.ASSIGNED, T.SIGNED}, None),
        DecideObjection: Move(AT_WORK | WORK_DONE, None),
        "uphold": Move(AT_WORK, T.REASSIGNED),
        "uphold_late": Move(WORK_DONE, None),
        "dismiss": Move(AT_WORK | WORK_DONE, None),
        "cancel": Move(AT_WORK | {T.FINISHED, T.CONFIRMED}, T.CANCELLED),
    },
    _RULES,
)


def task_life(kind: str) -> Life[Task, TaskState]:
    """The life a task of this kind of whistle leads."""
    return EMERGENCY_TASK if kind == WhistleKind.EMERGENCY else TASK


def begin(session: Session, who: Principal, command: Any, asked: Mapping[str, Any]) -> Task:
    """The task a command is about. Errors: as `Life.begin`."""
    task = TASK.hold(session, asked)
    return task_life(task.whistle.kind).admit(who, command, task, asked)


def done(session: Session, who: Principal, task: Task, now: datetime, event: Any, **data: Any) -> Task:
    """As `Life.done`."""
    return task_life(task.whistle.kind).done(session, who, task, now, event, **data)


def move(task: Task, key: Any) -> None:
    """What follows from another row's command. Errors: Conflict, naming the states that allow it."""
    task_life(task.whistle.kind).move(task, key)
    task.next_due = clocks.waited_for(task)
