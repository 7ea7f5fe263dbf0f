"""Follow-ups 回访."""

from typing import Any

from contracts import samples
from contracts.fields import Code, Count, Flag, Id, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.notify.base import CALLERS, CASE_READERS, READERS, NotifyEvent
from contracts.schema import CommandSchema, Example, Shape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, MaskedPerson, Page, PersonRef, SourceRef
from contracts.tokens import case_no, unit_code
from kernel import codes

TAG = "回访"


class AttemptView(Shape):
    """One try to reach the resident."""

    by = One(PersonRef)

    at = Moment()
    by = One(PersonRef)
    method = Code(codes.FollowUpMethod)
    reached = Flag()
    note = Text(1000, optional=True)


class FollowUpSummary(AggregateView):
    """A row of the follow-up clerk's desk."""

    about = Matter("FOLLOW_UP", "回访", codes.FollowUpState, {"DUE": "待回访", "TRYING": "待回访"})
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


class ListFollowUps(ListCommand):
    """Within the asker's areas, the earliest `start_by` first."""

    service = "notify"
    title = "回访列表"
    route = "GET /follow-ups"
    by = READERS
    answer = FollowUpPage
    state = Many(Code(codes.FollowUpState), most=10)
    example = {"cursor": None, "limit": 50, "state": ["DUE", "TRYING"]}


class GetFollowUp(CommandSchema):
    """The latest follow-up of a case."""

    service = "notify"
    title = "查看回访"
    route = "GET /follow-ups/<case_number>"
    by = CASE_READERS
    hint = "按诉求或隐患的编号。"
    answer = FollowUpView
    case_number = case_no()


class FollowUpCommand(VersionedCommand):
    """Changes one follow-up; never by somebody of the handling unit (domain §3.2)."""

    service = "notify"
    answer = FollowUpView
    follow_up_id = Id()


class TriedCommand(FollowUpCommand):
    """Holds the field `method`, which a command's class attribute of that name would hide from type checkers."""

    method: Any = Code(codes.FollowUpMethod, label="方式")


class AttemptFollowUp(TriedCommand):
    title = "记一次回访"
    main = True
    route = "POST /follow-ups/<follow_up_id>/attempts"
    by = CALLERS
    reached = Flag(label="联系上了")
    note = Text(1000, optional=True, label="说明")
    example = {
        "follow_up_id": samples.FOLLOW_UP,
        "expected_version": 1,
        "method": "CALL",
        "reached": True,
        "note": None,
    }


class CompleteFollowUp(FollowUpCommand):
    title = "完成回访"
    main = True
    route = "POST /follow-ups/<follow_up_id>/completion"
    by = CALLERS
    solved = Code(codes.Solved, label="解决了吗")
    satisfied = Code(codes.Satisfied, label="满意吗")
    comment = Text(2000, optional=True, label="群众的话")
    example = {
        "follow_up_id": samples.FOLLOW_UP,
        "expected_version": 2,
        "solved": "YES",
        "satisfied": "SATISFIED",
        "comment": "感谢社区",
    }


class CloseFollowUpInvalid(FollowUpCommand):
    title = "无效结束"
    route = "POST /follow-ups/<follow_up_id>/invalidation"
    by = CALLERS
    reason_code = Code(codes.InvalidReason, label="原因")
    example = {"follow_up_id": samples.FOLLOW_UP, "expected_version": 4, "reason_code": "NO_ANSWER"}


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

    title = "等待回访"
    for_staff = "等待回访，{start_by}前开始。"
    for_resident = "{start_by}前有人回访您。"
    start_by = Moment()
    handler = One(PersonRef)
    handler_unit = unit_code()
    occasion = Code(codes.FollowUpOccasion, optional=True)
    example = _follow_up(
        start_by=samples.AFTER, handler=samples.LI_SHAN, handler_unit=samples.COMMUNITY_UNIT, occasion="RESULT"
    )


class FollowUpAttempted(FollowUpFact):
    """One try to reach the resident; `no` counts them from 1."""

    title = "尝试回访"
    for_staff = "第{no}次回访（{method}）：{reached}。"
    for_resident = "第{no}次回访您（{method}）：{reached}。"
    no = Count(1)
    method = Code(codes.FollowUpMethod)
    reached = Flag()
    example = _follow_up(no=1, method="CALL", reached=False)


class FollowUpCompleted(FollowUpFact):
    title = "回访完成"
    for_staff = "回访完成（{method}）：{solved}，{satisfied}。"
    for_resident = "您告诉我们：{solved}，{satisfied}。谢谢您。"
    contacted = Flag()
    solved = Code(codes.Solved)
    satisfied = Code(codes.Satisfied)
    valid = Flag()
    method = Code(codes.FollowUpMethod)
    occasion = Code(codes.FollowUpOccasion, optional=True)
    example = _follow_up(
        contacted=True, solved="YES", satisfied="SATISFIED", valid=True, method="CALL", occasion="RESULT"
    )


class DissatisfactionRecorded(FollowUpFact):
    title = "群众不满意"
    for_staff = "群众反映：{solved}，{satisfied}，还要继续办。"
    for_resident = None
    solved = Code(codes.Solved)
    satisfied = Code(codes.Satisfied)
    example = _follow_up(solved="NO", satisfied="UNSATISFIED")


class FollowUpContradicted(FollowUpFact):
    """Asked again by somebody else (`occasion` SAMPLE), the person says something else than was recorded at first."""

    title = "回访不一致"
    for_staff = "抽查复访：{solved}，{satisfied}；原来记的是{was_solved}，{was_satisfied}。"
    for_resident = None
    solved = Code(codes.Solved)
    satisfied = Code(codes.Satisfied)
    was_solved = Code(codes.Solved)
    was_satisfied = Code(codes.Satisfied)
    example = _follow_up(solved="NO", satisfied="UNSATISFIED", was_solved="YES", was_satisfied="SATISFIED")


class FollowUpSuperseded(FollowUpFact):
    """The case moved on: a newer result, reopened, closed, merged or withdrawn. Nobody makes it any more."""

    title = "回访取消"
    for_staff = "诉求已有新的进展，此次回访不再需要。"
    for_resident = None
    example = _follow_up()


class FollowUpInvalid(FollowUpFact):
    title = "回访无效"
    for_staff = "回访无效：{reason_code}，共试{attempts}次。"
    for_resident = "回访没有做成（{reason_code}）。"
    reason_code = Code(codes.InvalidReason)
    attempts = Count()
    occasion = Code(codes.FollowUpOccasion, optional=True)
    example = _follow_up(reason_code="NO_ANSWER", attempts=3, occasion="RESULT")
