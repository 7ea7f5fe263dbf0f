"""Messages 通知."""

from contracts import samples
from contracts.fields import Code, Count, Flag, Id, Moment, One, Text, some
from contracts.matters import Matter
from contracts.notify.base import MESSAGE_READERS, NotifyEvent
from contracts.schema import AnswerSchema, CommandSchema, Example
from contracts.shapes import Addressee, Page
from contracts.tokens import case_no, template_code
from kernel import codes
from kernel.codes.base import Code as Codes
from kernel.rights import anybody

TAG = "通知与公示"


class Failure(Codes):
    """Why a letter did not arrive: try later, never, or something between us and the carrier is broken."""

    TEMPORARY = "TEMPORARY", "暂时收不到"
    PERMANENT = "PERMANENT", "收不到（空号、停用、拒收）"
    TECHNICAL = "TECHNICAL", "系统故障"


class Receipt(Codes):
    """How a letter fared, as who carried it says afterwards."""

    DELIVERED = "DELIVERED", "已送达"
    TEMPORARY = Failure.TEMPORARY.value, Failure.TEMPORARY.label
    PERMANENT = Failure.PERMANENT.value, Failure.PERMANENT.label
    TECHNICAL = Failure.TECHNICAL.value, Failure.TECHNICAL.label


class MessageView(AnswerSchema):
    """A message with masked words."""

    about = Matter("MESSAGE", "消息", codes.MessageState)
    id = Id()
    case_number = case_no()
    state = Code(codes.MessageState)
    template = template_code()
    wording = Text(8, label="用语版本", optional=True)
    channel = Code(codes.MessageChannel)
    audience = Code(codes.Audience)
    recipient = One(Addressee)
    body = Text(2000, optional=True)
    send_after = Moment(optional=True)
    sent_at = Moment(optional=True)
    attempts = Count(default=0)
    maybe_twice = Flag(label="可能发了两次", default=False)
    failure = Code(Failure, label="没有送达的原因", optional=True)
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


class ReceiptTaken(AnswerSchema):
    """What the message is now."""

    state = Code(codes.MessageState)


class ReportReceipt(CommandSchema):
    """The carrier shows the word it was given with the letter; said again, it changes nothing."""

    service = "notify"
    keeps_answer = False
    title = "回报通知是否送达"
    route = "POST /messages/<message_id>/receipt"
    by = anybody()
    public = True
    answer = ReceiptTaken
    message_id = Id()
    receipt = Text(64)
    outcome = Code(Receipt)


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


class MessageDelivered(MessageFact):
    title = "通知送达"
    for_staff = "{channel}已送达{recipient}（{audience}）。"
    for_resident = None
    example = _message()


class MessageReturned(MessageFact):
    """The carrier could not deliver it; it goes by another way."""

    title = "通知退回"
    failure = Code(Failure)
    for_staff = "给{recipient}（{audience}）的{channel}被退回（{failure}），改用其他方式。"
    for_resident = None
    example = {**_message(), "failure": "PERMANENT"}


class MessageGathered(MessageFact):
    """It was no news that cannot wait: it reaches the recipient with the others of the day."""

    title = "通知并入汇总"
    for_staff = "给{recipient}（{audience}）的通知并入当天的汇总，一并发出。"
    for_resident = None
    example = _message()


class MessageFailed(MessageFact):
    title = "通知未达"
    failure = Code(Failure, optional=True)
    for_staff = "给{recipient}（{audience}）的{channel}没有送达，请改用其他方式。"
    for_resident = None
    example = {**_message(), "failure": "TEMPORARY"}
