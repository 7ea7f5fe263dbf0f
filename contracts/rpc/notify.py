"""What notify 通知回访 can be asked."""

from typing import Any

from contracts import samples
from contracts.fields import Code, Flag, Id, Many, Text, area, case_no
from contracts.rpc.paging import ListCommand
from contracts.schema import CommandSchema, VersionedCommand
from contracts.views.notify import FollowUpPage, FollowUpView, MessagePage, NoticePage
from kernel import codes


class ListFollowUps(ListCommand):
    """Within the asker's areas, the earliest `start_by` first."""

    service = "notify"
    title = "回访列表"
    answer = FollowUpPage
    state = Many(Code(codes.FollowUpState), most=10)
    example = {"cursor": None, "limit": 50, "state": ["DUE", "TRYING"]}


class GetFollowUp(CommandSchema):
    """The latest follow-up of a case."""

    service = "notify"
    title = "查看回访"
    answer = FollowUpView
    case_number = case_no()
    example = {"case_number": samples.APPEAL_NO}


class FollowUpCommand(VersionedCommand):
    """Changes one follow-up; never by somebody of the handling unit (domain §3.2)."""

    service = "notify"
    answer = FollowUpView
    follow_up_id = Id()


class TriedCommand(FollowUpCommand):
    """Holds the field `method`, which a command's class attribute of that name would hide from type checkers."""

    method: Any = Code(codes.FollowUpMethod)


class AttemptFollowUp(TriedCommand):
    title = "记录回访尝试"
    reached = Flag()
    note = Text(1000, optional=True)
    example = {
        "follow_up_id": samples.FOLLOW_UP,
        "expected_version": 1,
        "method": "CALL",
        "reached": True,
        "note": None,
    }


class CompleteFollowUp(FollowUpCommand):
    title = "完成回访"
    solved = Code(codes.Solved)
    satisfied = Code(codes.Satisfied)
    comment = Text(2000, optional=True)
    example = {
        "follow_up_id": samples.FOLLOW_UP,
        "expected_version": 2,
        "solved": "YES",
        "satisfied": "SATISFIED",
        "comment": "感谢社区",
    }


class CloseFollowUpInvalid(FollowUpCommand):
    title = "回访无效结束"
    reason_code = Code(codes.InvalidReason)
    example = {"follow_up_id": samples.FOLLOW_UP, "expected_version": 4, "reason_code": "NO_ANSWER"}


class ListMessages(CommandSchema):
    service = "notify"
    title = "通知列表"
    answer = MessagePage
    case_number = case_no()
    example = {"case_number": samples.APPEAL_NO}


class ListNotices(CommandSchema):
    """Notices now visible at a place; for everybody."""

    service = "notify"
    title = "公示列表"
    answer = NoticePage
    area_path = area()
    example = {"area_path": samples.COMMUNITY}
