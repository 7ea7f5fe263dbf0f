"""What is shown of a task 哨令."""

from contracts.fields import Code, Count, Flag, Id, Moment, One, Text, some
from contracts.matters import Matter
from contracts.schema import Shape
from contracts.shapes import (
    AggregateView,
    Page,
    PersonRef,
    SourceRef,
    UnitRef,
    files,
    point,
)
from contracts.tokens import case_no, unit_code
from kernel import codes


class ObjectionView(Shape):
    """An objection 派单异议 and what was decided."""

    reason_code = Code(codes.ObjectionReason)
    legal_basis = Text(1000)
    proposed_unit = unit_code(optional=True)
    objected_at = Moment()
    decision = Code(codes.ObjectionDecision, optional=True)
    decision_reason = Text(1000, optional=True)
    decided_by = One(PersonRef, optional=True)
    decided_at = Moment(optional=True)


class NoteView(Shape):
    """A line in a task's log: progress, an odd reply, a rejection."""

    by = One(PersonRef, optional=True)

    at = Moment()
    by = One(PersonRef, optional=True)
    text = Text(2000)


class RatingAppealView(Shape):
    """赋分申诉; `total_before` is what was given first."""

    reason = Text(1000)
    appealed_by = One(PersonRef)
    appealed_at = Moment()
    total_before = Count(optional=True)
    decision = Code(codes.ObjectionDecision, optional=True)
    decision_reason = Text(1000, optional=True)
    decided_by = One(PersonRef, optional=True)
    decided_at = Moment(optional=True)


class RatingView(Shape):
    """满意度赋分."""

    timeliness = Count()
    attendance = Count()
    effect = Count()
    cooperation = Count()
    total = Count()
    comment = Text(1000, optional=True)
    rater = One(PersonRef)
    at = Moment()


class WaiverView(Shape):
    """Why a task is not rated."""

    reason_code = Code(codes.WaiveReason)
    reason = Text(1000, optional=True)
    waived_by = One(PersonRef)
    at = Moment()


class TaskOverdueView(Shape):
    """A clock that ran out, and how far it was raised."""

    stage = Code(codes.OverdueStage)
    level = Code(codes.EscalationLevel)
    due_at = Moment()


class TaskSummary(AggregateView):
    """A row of a department's desk."""

    about = Matter(
        "TASK",
        "哨令",
        codes.TaskState,
        {
            "ASSIGNED": "待签收",
            "SIGNED": "待报到",
            "REPORTED_IN": "待办结",
            "FINISHED": "待核实",
            "CONFIRMED": "待赋分",
        },
    )
    number = case_no(optional=True)
    whistle_id = Id()
    whistle_number = case_no()
    source = One(SourceRef)
    state = Code(codes.TaskState)
    kind = Code(codes.WhistleKind)
    unit = One(UnitRef)
    role = Code(codes.TaskRole)
    receiver = One(PersonRef, optional=True)
    asked_action = Code(codes.AskedAction)
    asked_time = Moment(optional=True)
    sign_due = Moment()
    report_due = Moment()
    finish_due = Moment(optional=True)
    overdue = some(TaskOverdueView)


class PartView(Shape):
    """One of the places, spots or units a task is ticked off by."""

    no = Count(1, label="序号")
    name = Text(200, label="哪一处")
    done_at = Moment(optional=True, label="办好时间")
    done_by = One(PersonRef, optional=True, label="谁办的")
    photos = files()


class TaskView(TaskSummary):
    """The whole task 哨令."""

    reason = Text(2000, optional=True)
    asked_action_text = Text(1000, optional=True)
    asked_place_text = Text(200, optional=True)
    parent_task_id = Id(optional=True)
    signed_at = Moment(optional=True)
    mode = Code(codes.ReportInMode, optional=True)
    arrived_at = Moment(optional=True)
    claimed_arrival = Moment(optional=True)
    reported_in_at = Moment(optional=True)
    geo = point()
    finished_at = Moment(optional=True)
    result_text = Text(5000, optional=True)
    evidence = files()
    confirmed_by = One(PersonRef, optional=True)
    confirmed_at = Moment(optional=True)
    rejections = Count(default=0)
    parts = some(PartView, most=500)
    parts_done = Count(default=0)
    objection = One(ObjectionView, optional=True)
    work_continues = Flag(default=False)
    notes = some(NoteView, most=1000)
    rating = One(RatingView, optional=True)
    rating_appeal = One(RatingAppealView, optional=True)
    waiver = One(WaiverView, optional=True)


class TaskPage(Page):
    items = some(TaskSummary)
