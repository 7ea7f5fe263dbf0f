"""Facts of notify 通知回访."""

from contracts import samples
from contracts.fields import Code, Count, Flag, Id, Moment, One, template_code, unit_code
from contracts.schema import EventSchema, Example
from contracts.shapes import Addressee, PersonRef, SourceRef
from kernel import codes


class NotifyEvent(EventSchema):
    source = "notify"


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
    name = "message_sent"
    title = "通知已发出"
    example = _message()


class MessageFailed(MessageFact):
    name = "message_failed"
    title = "通知未能发出"
    example = _message()


class FollowUpFact(NotifyEvent):
    """About one follow-up 回访 of the case in `subject`."""

    follow_up_id = Id()
    subject = One(SourceRef)


def _follow_up(**more: object) -> Example:
    return {"follow_up_id": samples.FOLLOW_UP, "subject": samples.ABOUT_APPEAL, **more}


class FollowUpOpened(FollowUpFact):
    """`occasion` DEADLINE: there is no result yet, so the answer closes nothing; without it, a result was reported.

    `handler` and `handler_unit` did the work and may not make the follow-up (domain §3.2).
    """

    name = "follow_up_opened"
    title = "回访已建立"
    start_by = Moment()
    handler = One(PersonRef)
    handler_unit = unit_code()
    occasion = Code(codes.FollowUpOccasion, optional=True)
    example = _follow_up(
        start_by=samples.AFTER, handler=samples.LI_SHAN, handler_unit=samples.COMMUNITY_UNIT, occasion="RESULT"
    )


class FollowUpAttempted(FollowUpFact):
    """One try to reach the resident; `no` counts them from 1."""

    name = "follow_up_attempted"
    title = "已尝试回访"
    no = Count(1)
    method = Code(codes.FollowUpMethod)
    reached = Flag()
    example = _follow_up(no=1, method="CALL", reached=False)


class FollowUpCompleted(FollowUpFact):
    name = "follow_up_completed"
    title = "回访已完成"
    contacted = Flag()
    solved = Code(codes.Solved)
    satisfied = Code(codes.Satisfied)
    valid = Flag()
    method = Code(codes.FollowUpMethod)
    occasion = Code(codes.FollowUpOccasion, optional=True)
    example = _follow_up(
        contacted=True, solved="YES", satisfied="SATISFIED", valid=True, method="CALL", occasion="RESULT"
    )


class FollowUpInvalid(FollowUpFact):
    name = "follow_up_invalid"
    title = "回访无效"
    reason_code = Code(codes.InvalidReason)
    attempts = Count()
    occasion = Code(codes.FollowUpOccasion, optional=True)
    example = _follow_up(reason_code="NO_ANSWER", attempts=3, occasion="RESULT")


class DissatisfactionRecorded(FollowUpFact):
    name = "dissatisfaction_recorded"
    title = "群众不满意或未解决"
    solved = Code(codes.Solved)
    satisfied = Code(codes.Satisfied)
    example = _follow_up(solved="NO", satisfied="UNSATISFIED")


class PublicNoticePublished(NotifyEvent):
    name = "public_notice_published"
    title = "公示已发布"
    notice_id = Id()
    kind = Code(codes.NoticeKind)
    subject = One(SourceRef)
    visible_from = Moment()
    visible_to = Moment()
    example = {
        "notice_id": samples.NOTICE,
        "kind": "HAZARD_REMOVED",
        "subject": {"kind": "HAZARD", "id": samples.HAZARD, "number": samples.HAZARD_NO},
        "visible_from": samples.AFTER,
        "visible_to": samples.MONTH_END,
    }
