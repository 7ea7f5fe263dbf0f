"""Views of dispatch 吹哨报到."""

from contracts.fields import (
    Code,
    Count,
    Flag,
    Id,
    Many,
    Moment,
    One,
    Text,
    case_no,
    limit_text,
    some,
    staff_id,
    unit_code,
)
from contracts.schema import AnswerSchema, Shape
from contracts.shapes import Page, PersonRef, SourceRef, UnitRef, files, point
from contracts.views.base import AggregateView
from kernel import codes


class ReceiverView(Shape):
    """A receiver 接哨员; `post` is A or B."""

    id = staff_id()
    name = Text(40)
    post = Text(1)
    on_duty = Flag(default=True)


class UnitView(AnswerSchema):
    """A body that can be whistled for, with its office telephone."""

    code = unit_code()
    name = Text(60)
    kind = Code(codes.UnitKind)
    level = Code(codes.AreaLevel, optional=True)
    parent = unit_code(optional=True)
    duty_phone = Text(40, optional=True)
    receivers = some(ReceiverView)


class UnitPage(Page):
    items = some(UnitView, most=1000)


class LeaveView(AnswerSchema):
    """A receiver is away from `from_at` to `until`."""

    id = Id()
    person = One(PersonRef)
    from_at = Moment()
    until = Moment()
    recorded_by = One(PersonRef)


class LeavePage(Page):
    items = some(LeaveView, most=1000)


class DutyItemView(AnswerSchema):
    """An item of the duty catalogue 权责清单."""

    code = Text(60)
    duty_list = Code(codes.DutyList)
    category = Text(100)
    item = Text(200)
    sub_item = Text(200, optional=True)
    lead_unit = unit_code(optional=True)
    assist_units = Many(unit_code())
    legal_basis = Text(1000, optional=True)
    terms = Text(1000, optional=True)
    illustrative = Flag(default=False)


class DutyItemPage(Page):
    items = some(DutyItemView, most=1000)


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

    at = Moment()
    by = One(PersonRef, optional=True)
    text = Text(2000)


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
    objection = One(ObjectionView, optional=True)
    work_continues = Flag(default=False)
    notes = some(NoteView, most=1000)
    rating = One(RatingView, optional=True)
    waiver = One(WaiverView, optional=True)


class TaskPage(Page):
    items = some(TaskSummary)


class AskedUnitView(Shape):
    """A unit the draft asks for."""

    unit = One(UnitRef)
    role = Code(codes.TaskRole)
    finish_within = limit_text(optional=True)


class WhistleView(AggregateView):
    """The whole whistle 哨单 with its tasks."""

    state = Code(codes.WhistleState)
    kind = Code(codes.WhistleKind)
    level = Code(codes.WhistleLevel)
    source = One(SourceRef)
    reason = Text(2000)
    asked_action = Code(codes.AskedAction)
    asked_action_text = Text(1000, optional=True)
    asked_time = Moment(optional=True)
    asked_place_text = Text(200, optional=True)
    duty_item = Text(60, optional=True)
    source_due = Moment(optional=True)
    longer_agreed = Flag(default=False)
    drafted_by = One(PersonRef)
    approved_by = One(PersonRef, optional=True)
    blown_at = Moment(optional=True)
    closed_at = Moment(optional=True)
    reason_code = Text(40, optional=True)
    decision_reason = Text(1000, optional=True)
    recipients = some(AskedUnitView)
    tasks = some(TaskView)


class WhistlePage(Page):
    items = some(WhistleView)
