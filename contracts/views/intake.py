"""Views of intake 诉求受理."""

from contracts.fields import (
    Amount,
    Code,
    Count,
    Flag,
    Id,
    Many,
    Moment,
    One,
    Text,
    area,
    case_no,
    category_code,
    some,
    unit_code,
)
from contracts.schema import AnswerSchema, Shape
from contracts.shapes import Page, PersonRef, files, point
from contracts.views.base import AggregateView
from kernel import codes


class ReporterView(Shape):
    """The person who reported, masked; `reveal_contact` with a purpose gives more."""

    person_id = Id()
    masked_name = Text(40)
    masked_phone = Text(40, optional=True)
    contact_preference = Code(codes.ContactPreference, optional=True)


class ContactPersonView(Shape):
    """Somebody who speaks for the reporter, masked."""

    person_id = Id()
    masked_name = Text(40)
    masked_phone = Text(40, optional=True)
    relation = Code(codes.Relation)
    authorised = Flag()


class HandlingView(Shape):
    """One record of handling 办理记录."""

    at = Moment()
    by = One(PersonRef)
    how = Code(codes.HandlingHow)
    stage = Code(codes.HandlingStage, optional=True)
    content = Text(5000, optional=True)
    interim_measure = Text(500, optional=True)
    told_citizen = Flag(optional=True)
    attachments = files()


class ExtensionView(Shape):
    """A deadline that was moved, and why."""

    old_due_at = Moment()
    new_due_at = Moment()
    reason_code = Code(codes.ExtendReason)
    reason = Text(1000, optional=True)
    at = Moment(optional=True)


class LossView(Shape):
    """One item of a loss list."""

    item = Text(100)
    amount = Amount()


class DisputeView(Shape):
    """What intake knows of a dispute; the rest is mediation's."""

    dispute_type = Code(codes.DisputeType)
    cause = Code(codes.DisputeCause)
    cause_text = Text(2000, optional=True)
    losses = some(LossView)
    claimed_amount = Amount(optional=True)
    risk_level = Code(codes.RiskLevel)


class MergedView(Shape):
    """What was merged into an appeal. Without words and files where the viewer may not read that case."""

    number = case_no()
    created_at = Moment()
    channel = Code(codes.Channel)
    urgency = Code(codes.Urgency)
    title = Text(80, optional=True)
    content = Text(5000, optional=True)
    place_text = Text(200, optional=True)
    attachments = files()
    handling = some(HandlingView, most=1000)


class AppealSummary(AggregateView):
    """A row of a list."""

    state = Code(codes.AppealState)
    nature = Code(codes.Nature)
    category = category_code()
    title = Text(80)
    urgency = Code(codes.Urgency)
    lead_unit = unit_code(optional=True)
    handler = One(PersonRef, optional=True)
    first_responder = One(PersonRef)
    promise_at = Moment(optional=True)
    due_at = Moment(optional=True)
    overdue = Many(Code(codes.AppealStage))


class AppealView(AppealSummary):
    """The whole work order, for staff. Of a secret reporter nothing is said: `reporter` is null, `secret` true."""

    channel = Code(codes.Channel)
    source = Code(codes.Source)
    content = Text(5000)
    place_text = Text(200)
    urgency_reasons = Many(Text(100))
    damage_ongoing = Flag()
    danger_flags = Many(Code(codes.DangerFlag))
    secret = Flag()
    against = Many(Text(64), most=40)
    anonymous = Flag(default=False)
    reporter = One(ReporterView, optional=True)
    contact_person = One(ContactPersonView, optional=True)
    attachments = files()
    result_attachments = files()
    first_contact_due = Moment(optional=True)
    first_contacted_at = Moment(optional=True)
    handling = some(HandlingView, most=1000)
    extensions = some(ExtensionView)
    dispute = One(DisputeView, optional=True)
    result_kind = Code(codes.ResultKind, optional=True)
    result_text = Text(5000, optional=True)
    result_attachments = files()
    ending_evidence = files()
    legal_basis = Text(1000, optional=True)
    reason_code = Text(40, optional=True)
    where_to_go = Code(codes.WhereToGo, optional=True)
    merged_into = case_no(optional=True)
    merged = some(MergedView, most=1000)
    supervision_due = Moment(optional=True)
    supervision_words = Text(2000, optional=True)
    object_until = Moment(optional=True)
    reopen_count = Count(default=0)
    solved = Code(codes.Solved, optional=True)
    satisfied = Code(codes.Satisfied, optional=True)
    closed_at = Moment(optional=True)


class AppealPage(Page):
    items = some(AppealSummary)


class StepView(Shape):
    """One line of the story a resident reads, in plain words."""

    at = Moment()
    text = Text(300)


class ResidentCaseView(AnswerSchema):
    """What a resident sees of the own case by number and phone tail: plain words, nobody's personal data."""

    number = case_no()
    state = Code(codes.AppealState)
    state_text = Text(200)
    next_text = Text(300, optional=True)
    title = Text(80)
    category_label = Text(60, optional=True)
    registered_at = Moment()
    promise_at = Moment(optional=True)
    first_responder_name = Text(40)
    service_phone = Text(40, optional=True)
    result_text = Text(5000, optional=True)
    result_attachments = files()
    merged_into = case_no(optional=True)
    steps = some(StepView)


class ContactView(AnswerSchema):
    """A person's name and telephone, unmasked. Each answer has left an audit row."""

    person_id = Id()
    name = Text(40)
    phone = Text(20, optional=True)
    contact_preference = Code(codes.ContactPreference, optional=True)


class AddressView(AnswerSchema):
    """How somebody is reached, without a name where secrecy was asked for. Each answer has left an audit row."""

    masked_name = Text(40, optional=True)
    phone = Text(20, optional=True)
    contact_preference = Code(codes.ContactPreference, optional=True)


class MeasureView(Shape):
    """An interim safety measure."""

    measure_code = Code(codes.MeasureCode)
    note = Text(1000, optional=True)
    photos = files()
    at = Moment()
    by = One(PersonRef)


class HazardSummary(AggregateView):
    """A row of a list."""

    state = Code(codes.HazardState)
    kind = Code(codes.HazardKind)
    level = Code(codes.HazardLevel)
    urgency = Code(codes.Urgency)
    danger_flags = Many(Code(codes.DangerFlag))
    place_text = Text(200)
    reported_by = One(PersonRef)


class HazardView(HazardSummary):
    """The whole hazard."""

    description = Text(2000)
    geo = point()
    photos = files()
    measures = some(MeasureView)
    verified_by = One(PersonRef, optional=True)
    verify_note = Text(1000, optional=True)
    verify_photos = files()
    removed_at = Moment(optional=True)


class HazardPage(Page):
    items = some(HazardSummary)


class AreaView(AnswerSchema):
    """A node of the responsibility tree."""

    path = area()
    parent = area(optional=True)
    level = Code(codes.AreaLevel)
    name = Text(60)
    full_name = Text(200, optional=True)
    brand = Text(60, optional=True)


class AreaPage(Page):
    items = some(AreaView, most=5000)


class PostView(AnswerSchema):
    """Who answers for a place: A-holder, B-holder, and who is on duty at the asked moment."""

    area_path = area()
    name = Text(60, optional=True)
    unit = unit_code(optional=True)
    holder = One(PersonRef, optional=True)
    deputy = One(PersonRef, optional=True)
    on_duty = One(PersonRef, optional=True)


class PostLeaveView(AnswerSchema):
    """A holder of a post is away from `from_at` to `until`."""

    id = Id()
    person = One(PersonRef)
    from_at = Moment()
    until = Moment()


class PostLeavePage(Page):
    items = some(PostLeaveView, most=1000)


class CategoryView(AnswerSchema):
    """A node of the category tree; `questions` are asked while registering."""

    code = category_code()
    parent = category_code(optional=True)
    name = Text(60)
    level = Count(1, 9)
    default_urgency = Code(codes.Urgency, optional=True)
    lead_unit = unit_code(optional=True)
    dispute = Flag(default=False)
    hazard = Flag(default=False)
    sensitive = Flag(default=False)
    questions = Many(Text(200))


class CategoryPage(Page):
    items = some(CategoryView, most=5000)
