"""People by number, and the reference data of places, posts and categories."""

from contracts import samples
from contracts.fields import Id, Moment, Text, Token, area, case_no, staff_id
from contracts.rpc.intake.base import IntakeCommand
from contracts.views.intake import (
    AddressView,
    AreaPage,
    CategoryPage,
    ContactView,
    PostLeavePage,
    PostLeaveView,
    PostView,
    ResidentCaseView,
)


class CheckResident(IntakeCommand):
    """A resident looks up the own case without an account; the portal limits the tries."""

    title = "居民凭编号和电话尾号查询"
    answer = ResidentCaseView
    number = case_no()
    phone_tail = Token(r"^[0-9]{4}$", "请填写电话最后 4 位数字")
    example = {"number": samples.APPEAL_NO, "phone_tail": "0001"}


class RevealContact(IntakeCommand):
    """Needs role, scope and `purpose`; every answer leaves an audit row (domain §3.6 invariant 19)."""

    keeps_answer = False
    title = "查看联系方式"
    answer = ContactView
    person_id = Id()
    purpose = Text(200, shortest=2)
    example = {"person_id": samples.RESIDENT, "purpose": "回访电话"}


class FindAddress(IntakeCommand):
    """How the reporter of a case is reached, also one who asked for secrecy: telephone and preferred way, no name then.

    For who sends the messages of a case and for the follow-up caller; every answer leaves an audit row.
    """

    keeps_answer = False
    title = "查看报告人联系渠道"
    answer = AddressView
    number = case_no()
    purpose = Text(200, shortest=2)
    example = {"number": samples.APPEAL_NO, "purpose": "回访电话"}


class ListAreas(IntakeCommand):
    """The children of `parent`, or the roots."""

    title = "区域列表"
    answer = AreaPage
    parent = area(optional=True)
    example = {"parent": samples.COMMUNITY}


class ResolvePost(IntakeCommand):
    """Who answers for a place at `at` (now, if null)."""

    title = "查询责任岗位"
    answer = PostView
    area_path = area()
    at = Moment(optional=True)
    example = {"area_path": samples.STAIRWELL, "at": samples.MORNING}


class RecordPostLeave(IntakeCommand):
    """A holder of a post at the place is away; `from_at` null = now. By the person, or the community, street, district.

    What comes in meanwhile goes to the deputy, and so does what is assigned and not signed.
    """

    title = "登记岗位请假"
    answer = PostLeaveView
    area_path = area()
    person_id = staff_id()
    from_at = Moment(optional=True)
    until = Moment()
    example = {
        "area_path": samples.COMMUNITY,
        "person_id": samples.LI_SHAN["id"],
        "from_at": samples.MORNING,
        "until": samples.AFTER,
    }


class EndPostLeave(IntakeCommand):
    """Back earlier, or not taken."""

    title = "结束岗位请假"
    answer = PostLeaveView
    area_path = area()
    leave_id = Id()
    example = {"area_path": samples.COMMUNITY, "leave_id": samples.uid(904)}


class ListPostLeaves(IntakeCommand):
    """Leaves that have not ended, of holders of posts at the place or below."""

    title = "岗位请假列表"
    answer = PostLeavePage
    area_path = area()
    example = {"area_path": samples.COMMUNITY}


class ListCategories(IntakeCommand):
    title = "类别列表"
    answer = CategoryPage
    example = {}
