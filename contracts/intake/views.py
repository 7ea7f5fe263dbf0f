"""What is shown of an appeal 诉求工单."""

from contracts.fields import Code, Count, Flag, Id, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.schema import Shape
from contracts.shapes import AggregateView, Page, PersonRef, files
from contracts.tokens import Amount, case_no, category_code, outside_no, unit_code
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

    by = One(PersonRef)

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


class NeedView(Shape):
    """An item of the need list 需求清单."""

    need = Text(500, optional=True)
    listed_at = Moment()
    meeting_by = Moment()
    decision = Code(codes.NeedDecision, optional=True)
    until = Moment(optional=True)
    reason = Text(500, optional=True)
    decided_by = One(PersonRef, optional=True)
    met_at = Moment(optional=True)


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

    about = Matter("APPEAL", "诉求", codes.AppealState, headline="{title}")
    state = Code(codes.AppealState)
    nature = Code(codes.Nature)
    category = category_code()
    title = Text(80)
    urgency = Code(codes.Urgency)
    lead_unit = unit_code(optional=True)
    handler = One(PersonRef, optional=True)
    first_responder = One(PersonRef)
    offered_to = One(PersonRef, optional=True)
    promise_at = Moment(optional=True)
    due_at = Moment(optional=True)
    overdue = Many(Code(codes.AppealStage))


class AppealView(AppealSummary):
    """The whole work order, for staff. Of a secret reporter nothing is said: `reporter` is null, `secret` true."""

    channel = Code(codes.Channel)
    source = Code(codes.Source)
    content = Text(5000)
    outside_number = outside_no(optional=True)
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
    need = One(NeedView, optional=True)
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
