"""Leave of receivers 接哨员请假."""

from contracts import samples
from contracts.dispatch.base import LEAVE_RECORDERS
from contracts.fields import Id, Moment, One, some
from contracts.schema import AnswerSchema, CommandSchema
from contracts.shapes import Page, PersonRef
from contracts.tokens import staff_id, unit_code

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

    title = "登记请假"
    route = "POST /units/<unit>/leaves"
    by = LEAVE_RECORDERS
    hint = "不填开始时间即现在；未签收的哨令转给在岗的人。"
    answer = LeaveView
    person_id = staff_id(label="谁请假")
    from_at = Moment(optional=True, label="从什么时候（不填即现在）")
    until = Moment(label="到什么时候")
    example = {
        "unit": "lijingjie-sifasuo",
        "person_id": samples.RECEIVER["id"],
        "from_at": samples.MORNING,
        "until": samples.AFTER,
    }


class EndReceiverLeave(LeaveCommand):
    """Back earlier, or not taken."""

    title = "结束请假"
    route = "POST /units/<unit>/leaves/<leave_id>/end"
    by = LEAVE_RECORDERS
    answer = LeaveView
    leave_id = Id()
    example = {"unit": "lijingjie-sifasuo", "leave_id": samples.uid(903)}


class ListReceiverLeaves(LeaveCommand):
    """Leaves that have not ended."""

    title = "接哨员请假列表"
    route = "GET /units/<unit>/leaves"
    by = LEAVE_RECORDERS
    answer = LeavePage
    example = {"unit": "lijingjie-sifasuo"}
