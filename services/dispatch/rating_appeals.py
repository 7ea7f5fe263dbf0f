"""Appeal against a rating 赋分申诉: once, in time, and decided by somebody other than who rated."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from contracts.department_codes import TaskChange
from contracts.dispatch.rating_appeals import (
    AppealRating,
    DecideRatingAppeal,
    WhistleTaskRatingAppealDecided,
    WhistleTaskRatingAppealed,
)
from kernel.calendar import due_words
from kernel.codes import ObjectionDecision, RatingItem
from services.dispatch import clocks, departments, facts, reviews, states, supervising
from services.dispatch.tables import Rating, Task
from services.dispatch.task_tables import RatingAppeal

Command = dict[str, Any]


@asked(AppealRating)
def appeal(session: Session, who: Principal, command: Command, now: datetime) -> Task:
    """Errors: as `Life.begin`; Conflict after policy key dispatch.rating_appeal."""
    task = states.begin(session, who, AppealRating, command)
    due = clocks.rating_appeal_due(_rating(task), now)
    if now > due:
        raise Conflict(f"申诉的时限（{due_words(due)}）已过", due_at=due.isoformat())
    by = facts.person(who)
    _rating(task).stands_at = None
    session.add(RatingAppeal(task_id=task.id, reason=command["reason"], appealed_by=by, appealed_at=now))
    session.flush()
    session.expire(task, ["rating_appeal"])
    return states.done(session, who, task, now, WhistleTaskRatingAppealed)


@asked(DecideRatingAppeal)
def decide(session: Session, who: Principal, command: Command, now: datetime) -> Task:
    """Errors: as `Life.begin`; Invalid for an appeal upheld without its points."""
    task = states.begin(session, who, DecideRatingAppeal, command)
    written, rating = task.rating_appeal, _rating(task)
    assert written is not None  # `states` rules the command out where there is none
    written.decision, written.decision_reason = command["decision"], command["reason"]
    written.decided_by, written.decided_at, written.total_before = facts.person(who), now, rating.total
    if command["decision"] == ObjectionDecision.UPHELD:
        _rate_anew(rating, command, now)
    told = {"decision": command["decision"], "before": written.total_before, "total": rating.total}
    states.done(session, who, task, now, WhistleTaskRatingAppealDecided, **told)
    departments.tell_change(session, task, TaskChange.RATING_APPEAL_DECIDED, now, command["reason"], rating.total)
    supervising.stands(session, who, task, rating, now)
    return task


def _rating(task: Task) -> Rating:
    assert task.rating is not None  # `states` rules both commands out before
    return task.rating


def _rate_anew(rating: Rating, command: Command, now: datetime) -> None:
    Invalid.where(**{item.value: command[item.value] is None and "申诉成立时要重新赋分" for item in RatingItem})
    points = reviews.points(command, now)
    for item, given in points.items():
        setattr(rating, item, given)
    rating.total = sum(points.values())
