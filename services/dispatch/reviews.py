"""The whistler's word on finished work 事不完、人不撤: confirmed, rejected, rated, or excused from rating."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Invalid
from chassis.identity import Principal
from contracts.department_codes import TaskChange
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
from kernel.codes import EscalationLevel, OverdueStage, RatingItem, TaskState, WaiveReason
from services.dispatch import (
    access,
    assignment,
    clocks,
    closing,
    departments,
    escalation,
    facts,
    states,
    supervising,
    supervisions,
    task_links,
)
from services.dispatch.tables import Rating, Task, Waiver

Command = dict[str, Any]


@asked(ConfirmTask)
def confirm(session: Session, who: Principal, command: Command, now: datetime) -> Task:
    """It is really done. Errors: as `Life.begin`."""
    task = states.begin(session, who, ConfirmTask, command)
    task.confirmed_by, task.confirmed_at = facts.person(who), now
    states.done(session, who, task, now, WhistleTaskConfirmed, confirmed_by=task.confirmed_by)
    departments.tell_change(session, task, TaskChange.RESULT_CONFIRMED, now)
    return task


@asked(RejectTask)
def reject(session: Session, who: Principal, command: Command, now: datetime) -> Task:
    """Back to work; the clock to finish goes on. The third time the district is told. Errors: as `Life.begin`."""
    task = states.begin(session, who, RejectTask, command)
    task.rejections += 1
    task.finished_at = None
    clocks.run_again(session, task, now)
    assignment.log(session, task, who, now, f"核实不通过：{command['reason']}")
    said = {"times": task.rejections, "reason_code": command["reason_code"]}
    said["written_to"] = task_links.written_to(session, task)
    states.done(session, who, task, now, WhistleTaskRejected, **said)
    departments.tell_change(session, task, TaskChange.RESULT_REJECTED, now, command["reason"])
    if task.rejections == access.LAST_REJECTION:
        due = task.finish_due or now
        escalation.tell(session, who, [escalation.Step(task, OverdueStage.FINISH, EscalationLevel.DISTRICT, due)], now)
        supervising.rejected(session, who, task, now)
    return task


@asked(RateTask)
def rate(session: Session, who: Principal, command: Command, now: datetime) -> Task:
    """满意度赋分 by policy key dispatch.rating. Errors: as `Life.begin`; Invalid (points)."""
    task = states.begin(session, who, RateTask, command)
    given = points(command, now)
    total, rater = sum(given.values()), facts.person(who)
    task.rating = Rating(
        task_id=task.id, **given, total=total, comment=command.get("comment"), rater=rater, at=now,
        stands_at=supervising.stands_at(total, now),
    )  # fmt: skip
    said = {"total": total, "rater": rater, "written_to": task_links.written_to(session, task)}
    states.done(session, who, task, now, WhistleTaskRated, **given, **said)
    departments.tell_change(session, task, TaskChange.RATED, now, task.rating.comment, total)
    closing.close_if_settled(session, who, task.whistle, now)
    return task


@asked(WaiveRating)
def waive(session: Session, who: Principal, command: Command, now: datetime) -> Task:
    """No rating, with a reason; who did not come, the street excuses. Errors: as `Life.begin`; Invalid."""
    task = states.begin(session, who, WaiveRating, command)
    if task.state != TaskState.CONFIRMED and command["reason_code"] != WaiveReason.NOT_ATTENDED_EXCUSED:
        raise Invalid.because({"reason_code": ["未报到的哨令只能以“经批准未到场”免予赋分"]})
    clocks.stop_all(session, task, now)
    by = facts.person(who)
    task.waiver = Waiver(
        task_id=task.id, reason_code=command["reason_code"], reason=command["reason"], waived_by=by, at=now
    )
    said = {"reason_code": command["reason_code"], "waived_by": by}
    states.done(session, who, task, now, WhistleTaskRatingWaived, **said)
    departments.tell_change(session, task, TaskChange.RATING_WAIVED, now, command["reason"])
    if command["reason_code"] == WaiveReason.NOT_ATTENDED_EXCUSED:
        supervisions.moot(session, who, task, now, "经批准未到场")
    closing.close_if_settled(session, who, task.whistle, now)
    return task


def points(command: Command, now: datetime) -> dict[str, int]:
    """By item. Errors: Invalid above policy key dispatch.rating."""
    highest = clocks.policy(now).value("dispatch.rating")
    given = {item.value: int(command[item.value]) for item in RatingItem}
    over = {item: [f"最高 {highest[item]} 分"] for item, one in given.items() if not 0 <= one <= highest[item]}
    if over:
        raise Invalid.because(over)
    return given
