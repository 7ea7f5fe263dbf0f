"""Leave of receivers 接哨员请假."""

from contracts import samples
from contracts.fields import (
    Id,
    Moment,
    One,
    some,
    staff_id,
    unit_code,
)
from contracts.schema import AnswerSchema, CommandSchema
from contracts.shapes import Page, PersonRef

TAG = "单位与权责"


class LeaveView(AnswerSchema):
    """A receiver is away from `from_at` to `until`."""

    id = Id()
    person = One(PersonRef)
    from_at = Moment()
    until = Moment()
    recorded_by = One(PersonRef)


class LeavePage(Page):
    items = some(LeaveView, most=1000)


class LeaveCommand(CommandSchema):
    """By the person, the unit's head, or the community, street or district at the unit's place."""

    service = "dispatch"
    unit = unit_code()


class RecordReceiverLeave(LeaveCommand):
    """`from_at` null = now. What is not signed yet goes to the deputy from then on."""

    title = "登记接哨员请假"
    route = "POST /units/<unit>/leaves"
    who = "本人、单位负责人，或单位所在的社区、街道、区指挥中心"
    hint = "from_at 为空即现在；未签收的哨令转给在岗的人。"
    answer = LeaveView
    person_id = staff_id()
    from_at = Moment(optional=True)
    until = Moment()
    example = {
        "unit": "lijingjie-sifasuo",
        "person_id": samples.RECEIVER["id"],
        "from_at": samples.MORNING,
        "until": samples.AFTER,
    }


class EndReceiverLeave(LeaveCommand):
    """Back earlier, or not taken."""

    title = "结束接哨员请假"
    route = "POST /units/<unit>/leaves/<leave_id>/end"
    who = "本人、单位负责人，或单位所在的社区、街道、区指挥中心"
    answer = LeaveView
    leave_id = Id()
    example = {"unit": "lijingjie-sifasuo", "leave_id": samples.uid(903)}


class ListReceiverLeaves(LeaveCommand):
    """Leaves that have not ended."""

    title = "接哨员请假列表"
    route = "GET /units/<unit>/leaves"
    who = "本人、单位负责人，或单位所在的社区、街道、区指挥中心"
    answer = LeavePage
    example = {"unit": "lijingjie-sifasuo"}
