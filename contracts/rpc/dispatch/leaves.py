"""Leave of receivers 接哨员."""

from contracts import samples
from contracts.fields import Id, Moment, staff_id, unit_code
from contracts.schema import CommandSchema
from contracts.views.dispatch import LeavePage, LeaveView


class LeaveCommand(CommandSchema):
    """By the person, the unit's head, or the community, street or district at the unit's place."""

    service = "dispatch"
    unit = unit_code()


class RecordReceiverLeave(LeaveCommand):
    """`from_at` null = now. What is not signed yet goes to the deputy from then on."""

    title = "登记接哨员请假"
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
    answer = LeaveView
    leave_id = Id()
    example = {"unit": "lijingjie-sifasuo", "leave_id": samples.uid(903)}


class ListReceiverLeaves(LeaveCommand):
    """Leaves that have not ended."""

    title = "接哨员请假列表"
    answer = LeavePage
    example = {"unit": "lijingjie-sifasuo"}
