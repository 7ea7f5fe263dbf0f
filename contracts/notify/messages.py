"""Messages 通知."""

from contracts import samples
from contracts.fields import Code, Count, Id, Moment, One, Text, some
from contracts.matters import Matter
from contracts.notify.base import MESSAGE_READERS, NotifyEvent
from contracts.schema import AnswerSchema, CommandSchema, Example
from contracts.shapes import Addressee, Page
from contracts.tokens import case_no, template_code
from kernel import codes

TAG = "通知与公示"


class MessageView(AnswerSchema):
    """A message with masked words."""

    about = Matter("MESSAGE", "消息", codes.MessageState)
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


class ListMessages(CommandSchema):
    service = "notify"
    title = "通知列表"
    route = "GET /messages"
    by = MESSAGE_READERS
    answer = MessagePage
    case_number = case_no()


class MessageFact(NotifyEvent):
    """About one message. Its words stay in notify."""

    message_id = Id()
    template = template_code()
    channel = Code(codes.MessageChannel)
    audience = Code(codes.Audience)
    recipient = One(Addressee)


def _message() -> Example:
    return {
        "message_id": samples.MESSAGE,
        "template": "appeal_receipt",
        "channel": "SMS",
        "audience": "RESIDENT",
        "recipient": {"id": samples.RESIDENT, "name": "陈*"},
    }


class MessageSent(MessageFact):
    title = "通知发出"
    for_staff = "已用{channel}通知{recipient}（{audience}）。"
    for_resident = None
    example = _message()


class MessageFailed(MessageFact):
    title = "通知未达"
    for_staff = "给{recipient}（{audience}）的{channel}没有送达，请改用其他方式。"
    for_resident = None
    example = _message()
