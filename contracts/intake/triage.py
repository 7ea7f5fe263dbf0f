"""Taking an appeal on 接件: accept, assign, sign, or end it at once."""

from contracts import samples
from contracts.fields import Code, Count, Moment, One, Text
from contracts.intake.appeals import AppealCommand
from contracts.intake.base import COORDINATORS, DESKS, HANDLER, AppealFact, about_appeal
from contracts.shapes import PersonRef
from contracts.tokens import staff_id, unit_code
from kernel import codes
from kernel.codes import Role
from kernel.rights import at

TAG = "诉求"


class AcceptAppeal(AppealCommand):
    title = "受理诉求"
    main = True
    route = "POST /appeals/<number>/accept"
    by = at(Role.GRID, Role.COMMUNITY, Role.STREET, Role.DISTRICT)


class AssignAppeal(AppealCommand):
    """The deadline is computed; nothing is assigned without one."""

    title = "派单"
    main = True
    route = "POST /appeals/<number>/assign"
    by = COORDINATORS
    hint = "派单即起算时限。"
    lead_unit = unit_code()
    handler_id = staff_id(label="交给谁办")
    example = {
        "number": samples.APPEAL_NO,
        "expected_version": 2,
        "lead_unit": samples.COMMUNITY_UNIT,
        "handler_id": samples.LI_SHAN["id"],
    }


class SignAppeal(AppealCommand):
    title = "签收"
    main = together = True
    route = "POST /appeals/<number>/sign"
    by = HANDLER.said("承办人，其请假时为顶岗的人，签收即成为承办人")
    example = {"number": samples.APPEAL_NO, "expected_version": 3}


class AnswerAppeal(AppealCommand):
    """A question answered on the spot."""

    title = "当场答复"
    route = "POST /appeals/<number>/answer"
    by = DESKS
    hint = "当场答清，即办结。"
    answer_text = Text(5000, label="怎么答复的")
    example = {"number": samples.APPEAL_NO, "expected_version": 1, "answer_text": "社保卡可在任一社区代办点领取"}


class DivertAppeal(AppealCommand):
    title = "引导到别处"
    route = "POST /appeals/<number>/divert"
    by = DESKS
    reason_code = Code(codes.DivertReason, label="为什么")
    where_to_go = Code(codes.WhereToGo, label="请他去哪里")
    example = {
        "number": samples.APPEAL_NO,
        "expected_version": 1,
        "reason_code": "LITIGATION",
        "where_to_go": "COURT",
    }


class DeclineAppeal(AppealCommand):
    """The legal reason is told to the citizen."""

    title = "不予受理"
    route = "POST /appeals/<number>/decline"
    by = DESKS
    hint = "理由会告知群众，群众可以要求复核。"
    reason_code = Code(codes.DeclineReason, label="原因")
    legal_reason = Text(1000, label="法定理由")
    example = {
        "number": samples.APPEAL_NO,
        "expected_version": 1,
        "reason_code": "NO_FACTS",
        "legal_reason": "没有具体地点和事实，无法核实",
    }


class AppealAccepted(AppealFact):
    title = "受理"
    for_staff = "{accepted_by}受理了诉求。"
    for_resident = "社区已经受理您的事。"
    lead_unit = unit_code()
    accepted_by = One(PersonRef)
    example = about_appeal(lead_unit=samples.COMMUNITY_UNIT, accepted_by=samples.LI_SHAN)


class AppealReopened(AppealFact):
    title = "重新办理"
    for_staff = "第{reopen_count}次重新办理，原因：{reason_code}，{due_at}前反馈。"
    for_resident = "没有办好的地方正在重新办理。"
    reopen_count = Count(1)
    reason_code = Code(codes.ReopenReason)
    due_at = Moment()
    lead_unit = unit_code()
    example = about_appeal(
        reopen_count=1, reason_code="UNSOLVED", due_at=samples.MONTH_END, lead_unit=samples.COMMUNITY_UNIT
    )


class AppealAssigned(AppealFact):
    """No assignment without a deadline (北京市接诉即办工作条例 art. 13)."""

    title = "派单"
    for_staff = "派给{handler}办理，{due_at}前反馈。"
    for_resident = "社区已经派{handler}去办。"
    lead_unit = unit_code()
    handler = One(PersonRef)
    due_at = Moment()
    urgency = Code(codes.Urgency)
    example = about_appeal(
        lead_unit=samples.COMMUNITY_UNIT, handler=samples.LI_SHAN, due_at="2024-07-06T03:00:00Z", urgency="EMERGENCY"
    )


class AppealSigned(AppealFact):
    title = "签收"
    for_staff = "{handler}已签收，开始办理。"
    for_resident = "{handler}已经接手您的事。"
    handler = One(PersonRef)
    example = about_appeal(handler=samples.LI_SHAN)


class AppealAnswered(AppealFact):
    title = "即时答复"
    for_staff = "已当场答复群众。"
    for_resident = "已经当场答复您。"
    example = about_appeal()


class AppealDiverted(AppealFact):
    """Sent another lawful way (条例 art. 11)."""

    title = "引导"
    for_staff = "引导群众找{where_to_go_code}，原因：{reason_code}。"
    for_resident = "这件事由{where_to_go_code}办理，社区已告诉您怎么去。"
    reason_code = Code(codes.DivertReason)
    where_to_go_code = Code(codes.WhereToGo)
    example = about_appeal(reason_code="LITIGATION", where_to_go_code="COURT")


class AppealDeclined(AppealFact):
    """The complainant may ask for one review until `object_until`."""

    title = "不予受理"
    for_staff = "不予受理，理由：{reason_code}。理由已告知群众。"
    for_resident = "这件事依规定不能受理（{reason_code}），社区已把理由告诉您。"
    reason_code = Code(codes.DeclineReason)
    object_until = Moment(optional=True)
    example = about_appeal(reason_code="NO_FACTS", object_until=samples.MONTH_END)
