"""Leave of those on a post 请假顶岗."""

from contracts import samples
from contracts.fields import (
    Id,
    Moment,
    One,
    area,
    some,
    staff_id,
)
from contracts.intake.base import IntakeCommand
from contracts.schema import AnswerSchema
from contracts.shapes import Page, PersonRef

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

    title = "登记岗位请假"
    route = "POST /posts/leaves"
    who = "本人，或该处的社区、街道、区指挥中心"
    hint = "from_at 为空即现在；未签收的件转给顶岗人。"
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
    route = "POST /posts/leaves/<leave_id>/end"
    who = "本人，或该处的社区、街道、区指挥中心"
    answer = PostLeaveView
    area_path = area()
    leave_id = Id()
    example = {"area_path": samples.COMMUNITY, "leave_id": samples.uid(904)}


class ListPostLeaves(IntakeCommand):
    """Leaves that have not ended, of holders of posts at the place or below."""

    title = "岗位请假列表"
    route = "GET /posts/leaves"
    hint = "该处及以下岗位尚未结束的请假。"
    answer = PostLeavePage
    area_path = area()
    example = {"area_path": samples.COMMUNITY}
