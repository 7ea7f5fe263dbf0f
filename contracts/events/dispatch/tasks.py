"""Facts of a unit's task until it has reported in and works."""

from contracts import samples
from contracts.events.dispatch.base import TaskFact, about_task
from contracts.fields import Code, Flag, Id, Moment, One, unit_code
from contracts.shapes import PersonRef
from kernel import codes


class WhistleTaskAssigned(TaskFact):
    """The unit's clocks start: to sign, to report in, and to finish where the whistle says so."""

    name = "whistle_task_assigned"
    title = "哨令已送达"
    kind = Code(codes.WhistleKind)
    role = Code(codes.TaskRole)
    receiver = One(PersonRef, optional=True)
    asked_action = Code(codes.AskedAction)
    asked_time = Moment(optional=True)
    sign_due = Moment()
    report_due = Moment()
    finish_due = Moment(optional=True)
    example = about_task(
        kind="APPEAL",
        role="LEAD",
        receiver=samples.RECEIVER,
        asked_action="ATTEND_MEETING",
        asked_time=samples.MEETING,
        sign_due="2024-07-06T05:00:00Z",
        report_due=samples.AFTER,
        finish_due=None,
    )


class WhistleTaskSigned(TaskFact):
    name = "whistle_task_signed"
    title = "哨令已签收"
    receiver = One(PersonRef)
    in_time = Flag()
    example = about_task(receiver=samples.RECEIVER, in_time=True)


class WhistleTaskObjected(TaskFact):
    """With danger about, `work_continues` until the street has decided."""

    name = "whistle_task_objected"
    title = "单位提出异议"
    reason_code = Code(codes.ObjectionReason)
    proposed_unit = unit_code(optional=True)
    work_continues = Flag()
    example = about_task(reason_code="NOT_OUR_DUTY", proposed_unit="lijingjie-chengguan", work_continues=False)


class WhistleTaskObjectionDecided(TaskFact):
    """Upheld: another unit has a new task with clocks of its own."""

    name = "whistle_task_objection_decided"
    title = "异议已裁定"
    decision = Code(codes.ObjectionDecision)
    new_task_id = Id(optional=True)
    new_unit = unit_code(optional=True)
    example = about_task(decision="UPHELD", new_task_id=samples.uid(402), new_unit="lijingjie-chengguan")


class WhistleTaskReportedIn(TaskFact):
    """`arrived_at` counts; `claimed_arrival` is what the unit said where that cannot be believed."""

    name = "whistle_task_reported_in"
    title = "单位已报到"
    mode = Code(codes.ReportInMode)
    arrived_at = Moment()
    in_time = Flag()
    claimed_arrival = Moment(optional=True)
    example = about_task(mode="MEETING", arrived_at=samples.MEETING, in_time=True, claimed_arrival=None)


class WhistleTaskProgressed(TaskFact):
    name = "whistle_task_progressed"
    title = "哨令有进展"
    example = about_task()
