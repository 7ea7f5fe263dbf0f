"""The whistler's word on finished work 事不完、人不撤: confirmed, rejected, rated, or excused from rating."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Forbidden, Invalid
from chassis.identity import Principal
from chassis.store import expect
from contracts.departments import TaskChange
from contracts.dispatch.ratings import (
    ConfirmTask,
    RateTask,
    RejectTask,
    WaiveRating,
    WhistleTaskConfirmed,
    WhistleTaskRated,
    WhistleTaskRatingWaived,
    WhistleTaskRejected,
)
from kernel.codes import EscalationLevel, OverdueStage, RatingItem, Role, TaskState, WaiveReason
from services.dispatch import access, assignment, clocks, closing, departments, escalation, facts, locks, tasks, views
from services.dispatch.tables import Rating, Task, Waiver

LAST_REJECTION = 3
"""The whistler rejects twice; the third rejection goes to the district, which alone decides from then on."""

Command = dict[str, Any]
View = dict[str, Any]


@asked(ConfirmTask)
def confirm(session: Session, who: Principal, command: Command, now: datetime) -> View:
    """It is really done. Errors: Forbidden (role, place, own unit), Conflict."""
    task = _for_whistler(session, who, command)
    _require_district_if_escalated(who, task)
    tasks.move(task, "confirm")
    task.confirmed_by, task.confirmed_at = facts.person(who), now
    facts.tell_task(session, WhistleTaskConfirmed, task, who, now, confirmed_by=task.confirmed_by)
    departments.tell_change(session, task, TaskChange.RESULT_CONFIRMED, now)
    return views.task(session, who, task)


@asked(RejectTask)
def reject(session: Session, who: Principal, command: Command, now: datetime) -> View:
    """Back to work; the clock to finish goes on. The third time the district is told. Errors: as `confirm`."""
    task = _for_whistler(session, who, command)
    _require_district_if_escalated(who, task)
    tasks.move(task, "reject")
    task.rejections += 1
    task.finished_at = None
    clocks.run_again(session, task, now)
    assignment.log(session, task, who, now, f"核实不通过：{command['reason']}")
    said = {"times": task.rejections, "reason_code": command["reason_code"]}
    facts.tell_task(session, WhistleTaskRejected, task, who, now, **said)
    departments.tell_change(session, task, TaskChange.RESULT_REJECTED, now, command["reason"])
    if task.rejections == LAST_REJECTION:
        due = task.finish_due or now
        escalation.tell(session, who, [escalation.Step(task, OverdueStage.FINISH, EscalationLevel.DISTRICT, due)], now)
    return views.task(session, who, task)


@asked(RateTask)
def rate(session: Session, who: Principal, command: Command, now: datetime) -> View:
    """满意度赋分 by policy key dispatch.rating. Errors: Forbidden (own unit, too), Conflict, Invalid (points)."""
    task = _for_whistler(session, who, command)
    points = _points(command, now)
    tasks.move(task, "rate")
    total, rater = sum(points.values()), facts.person(who)
    task.rating = Rating(task_id=task.id, **points, total=total, comment=command.get("comment"), rater=rater, at=now)
    facts.tell_task(session, WhistleTaskRated, task, who, now, **points, total=total, rater=rater)
    departments.tell_change(session, task, TaskChange.RATED, now, task.rating.comment, total)
    closing.close_if_settled(session, who, task.whistle, now)
    return views.task(session, who, task)


@asked(WaiveRating)
def waive(session: Session, who: Principal, command: Command, now: datetime) -> View:
    """No rating, with a reason; who did not come, the street excuses. Errors: Forbidden, Conflict, Invalid."""
    task = _for_whistler(session, who, command)
    if task.state in (TaskState.ASSIGNED, TaskState.SIGNED):
        _require_excuse(who, task, command)
        tasks.move(task, "excuse")
    else:
        tasks.move(task, "waive")
    clocks.stop_all(session, task, now)
    by = facts.person(who)
    task.waiver = Waiver(
        task_id=task.id, reason_code=command["reason_code"], reason=command["reason"], waived_by=by, at=now
    )
    said = {"reason_code": command["reason_code"], "waived_by": by}
    facts.tell_task(session, WhistleTaskRatingWaived, task, who, now, **said)
    departments.tell_change(session, task, TaskChange.RATING_WAIVED, now, command["reason"])
    closing.close_if_settled(session, who, task.whistle, now)
    return views.task(session, who, task)


def _for_whistler(session: Session, who: Principal, command: Command) -> Task:
    task = locks.hold_task(session, command["task_id"])
    access.require_whistler(who, task.whistle)
    access.refuse_own_unit(who, task)
    return expect(task, command.get("expected_version"))


def _require_district_if_escalated(who: Principal, task: Task) -> None:
    if views.escalated(task) and not who.holds(Role.DISTRICT, at=task.area_path):
        raise Forbidden("已三次核实不通过，由区指挥中心核实", roles=[Role.DISTRICT], place=task.area_path)


def _require_excuse(who: Principal, task: Task, command: Command) -> None:
    access.require_approver(who, task.whistle)
    if command["reason_code"] != WaiveReason.NOT_ATTENDED_EXCUSED:
        raise Invalid.because({"reason_code": ["未报到的哨令只能以“经批准未到场”免予赋分"]})


def _points(command: Command, now: datetime) -> dict[str, int]:
    highest = clocks.policy(now).value("dispatch.rating")
    points = {item.value: int(command[item.value]) for item in RatingItem}
    over = {item: [f"最高 {highest[item]} 分"] for item, given in points.items() if not 0 <= given <= highest[item]}
    if over:
        raise Invalid.because(over)
    return points
