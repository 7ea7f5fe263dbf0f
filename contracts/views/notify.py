"""Views of notify 通知回访."""

from contracts.fields import Code, Count, Flag, Id, Moment, One, Text, area, case_no, some, template_code, unit_code
from contracts.schema import AnswerSchema, Shape
from contracts.shapes import Addressee, MaskedPerson, Page, PersonRef, SourceRef
from contracts.views.base import AggregateView
from kernel import codes


class AttemptView(Shape):
    """One try to reach the resident."""

    at = Moment()
    by = One(PersonRef)
    method = Code(codes.FollowUpMethod)
    reached = Flag()
    note = Text(1000, optional=True)


class FollowUpSummary(AggregateView):
    """A row of the follow-up clerk's desk."""

    state = Code(codes.FollowUpState)
    subject = One(SourceRef)
    start_by = Moment()
    handler = One(PersonRef)
    handler_unit = unit_code()
    occasion = Code(codes.FollowUpOccasion, optional=True)
    resident = One(MaskedPerson, optional=True)
    contact_preference = Code(codes.ContactPreference, optional=True)
    attempt_count = Count(default=0)


class FollowUpView(FollowUpSummary):
    """The whole follow-up 回访. Who handled the case may not make it."""

    anonymous = Flag(default=False)
    attempts = some(AttemptView)
    contacted = Flag(optional=True)
    solved = Code(codes.Solved, optional=True)
    satisfied = Code(codes.Satisfied, optional=True)
    comment = Text(2000, optional=True)
    valid = Flag(optional=True)
    reason_code = Code(codes.InvalidReason, optional=True)
    completed_by = One(PersonRef, optional=True)
    completed_at = Moment(optional=True)


class FollowUpPage(Page):
    items = some(FollowUpSummary)


class MessageView(AnswerSchema):
    """A message with masked words."""

    id = Id()
    case_number = case_no()
    state = Code(codes.MessageState)
    template = template_code()
    channel = Code(codes.MessageChannel)
    audience = Code(codes.Audience)
    recipient = One(Addressee)
    body = Text(2000, optional=True)
    send_after = Moment(optional=True)
    sent_at = Moment(optional=True)
    attempts = Count(default=0)
    created_at = Moment()


class MessagePage(Page):
    items = some(MessageView, most=1000)


class NoticeView(AnswerSchema):
    """A public notice 公示; masked, for everybody."""

    id = Id()
    kind = Code(codes.NoticeKind)
    subject = One(SourceRef)
    area_path = area()
    title = Text(100)
    body = Text(5000)
    visible_from = Moment()
    visible_to = Moment()


class NoticePage(Page):
    items = some(NoticeView, most=1000)
