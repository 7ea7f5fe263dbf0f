"""Leave of those on a post 请假顶岗."""

from contracts import samples
from contracts.fields import Id, Moment, One, some
from contracts.intake.base import COORDINATORS, IntakeCommand
from contracts.schema import AnswerSchema
from contracts.shapes import Page, PersonRef
from contracts.tokens import area, staff_id
from kernel.codes import Role
from kernel.rights import at, own

TAG = "区域与类别"


class PostLeaveView(AnswerSchema):
    """A holder of a post is away from `from_at` to `until`."""

    id = Id()
    person = One(PersonRef)
    from_at = Moment()
    until = Moment()


class PostLeavePage(Page):
    items = some(PostLeaveView, most=1000)


class RecordPostLeave(IntakeCommand):
    """A holder of a post at the place is away; `from_at` null = now. By the person, or the community, street, district.

    What comes in meanwhile goes to the deputy, and so does what is assigned and not signed.
    """

    title = "登记请假"
    route = "POST /posts/leaves"
    by = own("person_id", words="本人") | COORDINATORS
    hint = "不填开始时间即现在；未签收的件转给顶岗人。"
    answer = PostLeaveView
    area_path = area()
    person_id = staff_id(label="谁请假")
    from_at = Moment(optional=True, label="从什么时候（不填即现在）")
    until = Moment(label="到什么时候")
    example = {
        "area_path": samples.COMMUNITY,
        "person_id": samples.LI_SHAN["id"],
        "from_at": samples.MORNING,
        "until": samples.AFTER,
    }


class EndPostLeave(IntakeCommand):
    """Back earlier, or not taken."""

    title = "结束请假"
    route = "POST /posts/leaves/<leave_id>/end"
    by = own("person_id", words="本人") | COORDINATORS
    answer = PostLeaveView
    area_path = area()
    leave_id = Id()
    example = {"area_path": samples.COMMUNITY, "leave_id": samples.uid(904)}


class ListPostLeaves(IntakeCommand):
    """Leaves that have not ended, of holders of posts at the place or below."""

    title = "岗位请假列表"
    route = "GET /posts/leaves"
    by = at(Role.GRID, Role.WINDOW, Role.COMMUNITY, Role.STREET, Role.DISTRICT)
    hint = "该处及以下岗位尚未结束的请假。"
    answer = PostLeavePage
    area_path = area()
    example = {"area_path": samples.COMMUNITY}
