"""Supervision 督办: the street or the district orders a unit to answer for a task, and decides whether the answer will
do (domain §3.3; the causes are late, repeated, dissatisfied, and what a leader hands down)."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from contracts import samples
from contracts.dispatch.base import OFFICES, UNIT, DispatchQuestion
from contracts.dispatch.tasks import TaskFact, about_task
from contracts.fields import Code, Count, Flag, Id, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.schema import EventSchema, Shape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef, files
from contracts.tokens import area, case_no, unit_code
from contracts.words import shared_text
from kernel.codes import EscalationLevel, Role
from kernel.codes.base import Code as Codes
from kernel.rights import among, at, everybody, services, when

TAG = "督办"


class SupervisionCause(Codes):
    OVERDUE = "OVERDUE", "超期"
    REPEATED = "REPEATED", "重复"
    DISSATISFIED = "DISSATISFIED", "不满意"
    OTHER = "OTHER", "领导交办或其他"


class SupervisionState(Codes):
    ISSUED = "ISSUED", "待回复"
    REPLIED = "REPLIED", "待审核"
    ACCEPTED = "ACCEPTED", "已办结"
    LIFTED = "LIFTED", "已撤销"


class SupervisionLevel(Codes):
    """Who orders and decides."""

    STREET = "STREET", "街道督办"
    DISTRICT = "DISTRICT", "区督办"


class SupervisionStage(Codes):
    """What is late: the unit's answer, or the decision on it."""

    REPLY = "REPLY", "回复"
    DECISION = "DECISION", "审核"


SUPERVISED = among("sides", "被督办的单位和人")
DECIDERS = (
    at(Role.STREET, Role.DISTRICT)
    .unless(when("区级单位或区督办", lambda order: order.level == SupervisionLevel.DISTRICT), at(Role.DISTRICT))
    .but(SUPERVISED)
)
"""The level over the unit; whoever is supervised never decides (domain §3.6 inv. 7)."""
READERS = services() | OFFICES | SUPERVISED


class SupervisionReplyView(Shape):
    """One answer, and what was decided on it."""

    no = Count(1, label="第几次")
    text = Text(5000, label="办理情况", optional=True)
    at = Moment(label="回复时间")
    by = One(PersonRef, label="谁回复的")
    in_time = Flag(label="按时")
    returned = Text(500, label="退回的原因", optional=True)
    decided_by = One(PersonRef, label="谁审核的", optional=True)
    decided_at = Moment(label="审核时间", optional=True)
    attachments = files()


class SupervisionView(AggregateView):
    """`issued_by` is nobody where the platform did. `returns` counts answers that would not do."""

    about = Matter(
        "SUPERVISION", "督办单", SupervisionState,
        {"ISSUED": "待回复的督办", "REPLIED": "待审核的督办回复"}, headline="督办{unit}：{cause}",
    )  # fmt: skip
    state = Code(SupervisionState, label="进展")
    demand = Text(800, label="要求")
    level = Code(SupervisionLevel, label="哪级督办")
    cause = Code(SupervisionCause, label="为什么督办")
    reason = Text(500, label="理由", optional=True)
    unit = unit_code(label="被督办单位")
    whistle = case_no(label="哨单")
    task_id = Id()
    due_at = Moment(label="期限", optional=True)
    issued_by = One(PersonRef, label="谁督办的", optional=True)
    returns = Count(label="退回次数")
    replies = some(SupervisionReplyView, label="回复")
    ending = Text(500, label="结论", optional=True)
    decided_by = One(PersonRef, label="谁定的", optional=True)


class SupervisionPage(Page):
    items = some(SupervisionView)


class SupervisionCommand(VersionedCommand):
    service = "dispatch"
    answer = SupervisionView
    number = case_no()


class IssueSupervision(DispatchQuestion):
    """By the street on units that work within it, by the district on any; one open order a task and cause.

    The limit to answer is policy key supervision.reply.
    """

    title = "督办"
    route = "POST /supervisions"
    by = DECIDERS
    hint = "街道督办本街道的单位，区级单位由区督办。同一件哨令、同一原因，前一张没有办结不再督办。"
    location = "/api/supervisions/{number}"
    answer = SupervisionView
    whistle = case_no(label="哪张哨单")
    unit = unit_code(label="督办哪个单位")
    cause = Code(SupervisionCause, label="为什么督办")
    demand = shared_text(800, label="要求")
    reason = shared_text(500, optional=True, label="理由", help="领导交办或其他的必填")

    @validates_schema
    def complete(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data.get("cause") == SupervisionCause.OTHER and not data.get("reason"):
            raise ValidationError("领导交办或其他的要写明理由", "reason")


class ReplySupervision(SupervisionCommand):
    title = "回复督办"
    main = True
    route = "POST /supervisions/<number>/reply"
    by = UNIT
    text = Text(5000, label="办理情况", help="做了什么、结果怎样、还差什么")
    attachments = files(label="附件")


class AcceptSupervision(SupervisionCommand):
    title = "同意办结"
    main = True
    route = "POST /supervisions/<number>/acceptance"
    by = DECIDERS
    ending = shared_text(500, optional=True, label="结论")


class ReturnSupervision(SupervisionCommand):
    """The limit begins anew. With the return that policy key supervision.returns counts, the district takes it over."""

    title = "退回重办"
    route = "POST /supervisions/<number>/return"
    by = DECIDERS
    returned = shared_text(500, label="还差什么")


class LiftSupervision(SupervisionCommand):
    title = "撤销督办"
    route = "POST /supervisions/<number>/lifting"
    by = DECIDERS
    ending = shared_text(500, label="原因")


class GetSupervision(DispatchQuestion):
    title = "查看督办单"
    route = "GET /supervisions/<number>"
    by = READERS
    answer = SupervisionView
    number = case_no()


class ListSupervisions(ListCommand, DispatchQuestion):
    title = "督办台账"
    route = "GET /supervisions"
    page = "supervisions"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = SupervisionPage
    state = Many(Code(SupervisionState), most=10, label="进展")
    cause = Many(Code(SupervisionCause), most=10, label="原因")
    area_path = area(optional=True)
    whistle = Many(case_no(), most=50)
    numbers = Many(case_no(), most=200)


class SupervisionFact(EventSchema):
    source = "dispatch"
    number, whistle, unit = case_no(), case_no(), unit_code()
    level = Code(SupervisionLevel)


class SupervisionOrdered(SupervisionFact):
    """`holder` is the unit's receiver of the task, where it has one."""

    title = "督办"
    for_staff, for_resident = "{level}{unit}：{cause}，{answer_due}前回复。", None
    cause, answer_due = Code(SupervisionCause), Moment()
    holder = One(PersonRef, optional=True)


class SupervisionAnswered(SupervisionFact):
    title = "回复督办"
    for_staff, for_resident = "{unit}{replied_by}已回复（{in_time}），待审核。", None
    replied_by, in_time = One(PersonRef), Flag()
    issued_by = One(PersonRef, optional=True)


class SupervisionReturned(SupervisionFact):
    title = "退回重办"
    for_staff, for_resident = "{decided_by}第{returns}次退回{unit}的回复，{answer_due}前重新回复。", None
    decided_by, returns, answer_due = One(PersonRef), Count(1), Moment()
    holder = One(PersonRef, optional=True)


class SupervisionRaised(SupervisionFact):
    """Answers would not do so often that the next level has it now."""

    title = "升级督办"
    for_staff, for_resident = "退回{returns}次，升为{level}。", None
    returns = Count(1)


class SupervisionAccepted(SupervisionFact):
    title = "督办办结"
    for_staff, for_resident = "{decided_by}同意{unit}办结督办。", None
    decided_by = One(PersonRef)


class SupervisionLifted(SupervisionFact):
    """By nobody where the task it was about is asked of the unit no more."""

    title = "撤销督办"
    for_staff, for_resident = "撤销对{unit}的督办[（{decided_by}）]。", None
    decided_by = One(PersonRef, optional=True)


class SupervisionOverdue(SupervisionFact):
    """Raised once for each answer that is awaited and each level; `told` is that level."""

    title = "督办超时"
    for_staff, for_resident = "{unit}的督办{stage}超时，应在{due_at}前完成，已提醒{told}。", None
    stage, told, due_at = Code(SupervisionStage), Code(EscalationLevel), Moment()
    cycle = Count(1)


class WhistleTaskSupervised(TaskFact):
    """On the timeline of the case: its unit answers for this task."""

    title = "督办"
    for_staff, for_resident = "{unit}被督办（{order}）：{cause}，{answer_due}前回复。", None
    order, cause, answer_due = case_no(), Code(SupervisionCause), Moment()
    example = about_task(order=samples.WHISTLE_NO, cause="OVERDUE", answer_due=samples.AFTER)


class WhistleTaskSupervisionEnded(TaskFact):
    title = "督办结果"
    for_staff, for_resident = "对{unit}的督办（{order}）{result}。", None
    order, result = case_no(), Code(SupervisionState)
    example = about_task(order=samples.WHISTLE_NO, result="ACCEPTED")
