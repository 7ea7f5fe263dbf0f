"""Facts of a finished task's check and rating, and of clocks that ran out."""

from contracts import samples
from contracts.events.dispatch.base import TaskFact, about_task
from contracts.fields import Code, Count, Flag, Moment, One
from contracts.shapes import PersonRef
from kernel import codes


class WhistleTaskCompleted(TaskFact):
    """The unit says so; only the whistler's confirmation makes it true (事不完、人不撤)."""

    name = "whistle_task_completed"
    title = "单位已办结待核"
    evidence_count = Count()
    in_time = Flag()
    example = about_task(evidence_count=2, in_time=True)


class WhistleTaskConfirmed(TaskFact):
    name = "whistle_task_confirmed"
    title = "办结已核实"
    confirmed_by = One(PersonRef)
    example = about_task(confirmed_by=samples.LI_SHAN)


class WhistleTaskRejected(TaskFact):
    """`times` counts the rejections of this task, this one included."""

    name = "whistle_task_rejected"
    title = "办结未通过核实"
    times = Count(1)
    reason_code = Code(codes.RejectReason)
    example = about_task(times=1, reason_code="EVIDENCE_MISSING")


class WhistleTaskRated(TaskFact):
    """满意度赋分: 20 + 20 + 40 + 20 points by default (policy key dispatch.rating)."""

    name = "whistle_task_rated"
    title = "已赋分"
    total = Count(0, 100)
    timeliness = Count(0, 100)
    attendance = Count(0, 100)
    effect = Count(0, 100)
    cooperation = Count(0, 100)
    rater = One(PersonRef)
    example = about_task(total=94, timeliness=20, attendance=20, effect=36, cooperation=18, rater=samples.LI_SHAN)


class WhistleTaskRatingWaived(TaskFact):
    name = "whistle_task_rating_waived"
    title = "免予赋分"
    reason_code = Code(codes.WaiveReason)
    waived_by = One(PersonRef)
    example = about_task(reason_code="CONFLICT", waived_by=samples.STREET_OFFICER)


class WhistleTaskOverdue(TaskFact):
    """Raised once for each stage and level. `notify_receiver` is who is told, where that is one person."""

    name = "whistle_task_overdue"
    title = "哨令超时"
    stage = Code(codes.OverdueStage)
    level = Code(codes.EscalationLevel)
    due_at = Moment()
    notify_receiver = One(PersonRef, optional=True)
    example = about_task(
        stage="SIGN", level="RECEIVER_B", due_at="2024-07-06T05:00:00Z", notify_receiver=samples.RECEIVER
    )
