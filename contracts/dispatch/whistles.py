"""Whistles 哨单: drafted, approved, returned, cancelled, closed."""

from contracts import samples
from contracts.dispatch.base import (
    APPROVERS,
    DRAFTERS,
    OFFICES,
    WHISTLE_READERS,
    AboutCase,
    DispatchQuestion,
    about_whistle,
)
from contracts.dispatch.tasks import TaskFact, about_task
from contracts.dispatch.views import TaskView
from contracts.fields import Code, Count, Flag, Id, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.schema import CommandSchema, Example, Shape, StrictShape, VersionedCommand
from contracts.shapes import (
    AggregateView,
    ListCommand,
    Page,
    PersonRef,
    SourceRef,
    UnitRef,
)
from contracts.tokens import area, case_no, limit_text, unit_code
from contracts.words import shared_text
from kernel import codes
from kernel.rights import anywhere

TAG = "吹哨"


class AskedUnitView(Shape):
    """A unit the draft asks for."""

    unit = One(UnitRef)
    role = Code(codes.TaskRole)
    finish_within = limit_text(optional=True)


class WhistleView(AggregateView):
    """The whole whistle 哨单 with its tasks."""

    about = Matter("WHISTLE", "哨单", codes.WhistleState, {"PENDING_APPROVAL": "待批准吹哨"})
    state = Code(codes.WhistleState)
    kind = Code(codes.WhistleKind)
    level = Code(codes.WhistleLevel)
    source = One(SourceRef)
    reason = Text(2000)
    asked_action = Code(codes.AskedAction)
    asked_action_text = Text(1000, optional=True)
    asked_time = Moment(optional=True)
    asked_place_text = Text(200, optional=True)
    duty_item = Text(60, optional=True)
    parts = Many(Text(200), most=500)
    source_due = Moment(optional=True)
    longer_agreed = Flag(default=False)
    drafted_by = One(PersonRef)
    approved_by = One(PersonRef, optional=True)
    blown_at = Moment(optional=True)
    closed_at = Moment(optional=True)
    reason_code = Text(40, optional=True)
    decision_reason = Text(1000, optional=True)
    recipients = some(AskedUnitView)
    tasks = some(TaskView)


class WhistlePage(Page):
    items = some(WhistleView)


class RecipientInput(StrictShape):
    """A unit to whistle for; `finish_within` a limit such as 5wd, or null for none."""

    unit = unit_code(label="请哪个单位", help="第一个主办，其余协办")
    role = Code(codes.TaskRole, default=codes.TaskRole.ASSIST)
    finish_within = limit_text(optional=True)


class DraftWhistle(CommandSchema):
    """An EMERGENCY whistle blows at once; every other waits for the street (policy key dispatch.approval).

    A unit's limit to finish is capped by what the case has left, unless the street or the district says `agree_longer`.
    `parts` are what the lead ticks off one by one 逐处销号: spots, units. `duty_item` is a code of the duty catalogue:
    a cancelled item is refused where a community is among the recipients.
    """

    service = "dispatch"
    title = "吹哨"
    main = True
    route = "POST /whistles"
    by = DRAFTERS
    hint = "应急处置哨立即吹响，其余的待街道批准。"
    location = "/api/whistles/{number}"
    answer = WhistleView
    source = One(SourceRef)
    kind = Code(codes.WhistleKind, label="哪种哨")
    recipients = some(RecipientInput, least=1, most=30)
    asked_action = Code(codes.AskedAction, label="请他们做什么")
    asked_action_text = shared_text(1000, optional=True, label="具体要求")
    reason = shared_text(2000, label="为什么吹哨", help="部门会看到：不要写电话和证件号")
    asked_time = Moment(optional=True, label="什么时候到")
    asked_place_text = shared_text(200, optional=True, label="到什么地方")
    level = Code(codes.WhistleLevel, default=codes.WhistleLevel.COMMUNITY)
    area_path = area()
    duty_item = Text(60, optional=True)
    agree_longer = Flag(default=False)
    parts = Many(shared_text(200), most=500)
    example = {
        "source": samples.ABOUT_APPEAL,
        "kind": "APPEAL",
        "level": "COMMUNITY",
        "reason": "首次协商未果，需专业力量到会释法",
        "asked_action": "ATTEND_MEETING",
        "asked_action_text": "到会讲解相邻关系和赔偿责任",
        "asked_time": samples.MEETING,
        "asked_place_text": "银虹社区调解室",
        "area_path": samples.COMMUNITY,
        "duty_item": None,
        "agree_longer": False,
        "parts": [],
        "recipients": [{"unit": "lijingjie-sifasuo", "role": "LEAD", "finish_within": "5wd"}],
    }


class WhistleCommand(VersionedCommand):
    """Changes one whistle; by the street."""

    service = "dispatch"
    answer = WhistleView
    whistle_id = Id()


class ApproveWhistle(WhistleCommand):
    """`agree_longer`: units may take longer than what the case has left (policy key dispatch.finish)."""

    title = "批准吹哨"
    main = True
    route = "POST /whistles/<whistle_id>/approval"
    by = APPROVERS
    agree_longer = Flag(default=False, label="同意超过原件剩余时限")
    example = {"whistle_id": samples.WHISTLE, "expected_version": 1, "agree_longer": False}


class ReturnWhistle(WhistleCommand):
    title = "退回"
    route = "POST /whistles/<whistle_id>/return"
    by = APPROVERS
    reason_code = Code(codes.ReturnReason, label="原因")
    reason = shared_text(1000, label="说明")
    example = {
        "whistle_id": samples.WHISTLE,
        "expected_version": 1,
        "reason_code": "CAN_SELF_HANDLE",
        "reason": "社区可自行协调物业处理",
    }


class CancelWhistle(WhistleCommand):
    title = "取消哨单"
    route = "POST /whistles/<whistle_id>/cancellation"
    by = APPROVERS
    reason_code = Code(codes.CancelReason, label="原因")
    reason = shared_text(1000, label="说明")
    example = {
        "whistle_id": samples.WHISTLE,
        "expected_version": 2,
        "reason_code": "SOLVED",
        "reason": "问题已现场解决",
    }


class GetWhistle(DispatchQuestion):
    """By the whistle's own number."""

    title = "查看哨单"
    route = "GET /whistles/<number>"
    by = WHISTLE_READERS
    answer = WhistleView
    number = case_no()
    example = {"number": samples.WHISTLE_NO}


class ListWhistles(ListCommand):
    """All whistles blown for one case or hazard, the newest first: repeated ones on one matter are seen together."""

    service = "dispatch"
    title = "同一事项的哨单"
    route = "GET /whistles"
    by = anywhere(*OFFICES.roles)
    hint = "只列出本人职责区域内的哨单。"
    answer = WhistlePage
    source_id = Id()
    example = {"cursor": None, "limit": 50, "source_id": samples.APPEAL}


class Recipient(Shape):
    """A unit asked to come. It has a task only once the whistle is blown."""

    task_id = Id(optional=True)
    unit = unit_code()
    unit_name = Text(60)
    unit_kind = Code(codes.UnitKind)
    role = Code(codes.TaskRole)


class WhistleFact(AboutCase):
    kind = Code(codes.WhistleKind)


class AskingFact(WhistleFact):
    """Who asks whom for what. An EMERGENCY whistle has nobody who approved it."""

    level = Code(codes.WhistleLevel)
    recipients = some(Recipient, least=1, most=30)
    asked_action = Code(codes.AskedAction)
    asked_time = Moment(optional=True)
    drafted_by = One(PersonRef)
    approved_by = One(PersonRef, optional=True)


def _asking(task_id: str | None, approved_by: object) -> Example:
    recipient = {
        "task_id": task_id,
        "unit": samples.JUDICIAL["code"],
        "unit_name": samples.JUDICIAL["name"],
        "unit_kind": samples.JUDICIAL["kind"],
        "role": "LEAD",
    }
    return about_whistle(
        kind="APPEAL",
        level="COMMUNITY",
        recipients=[recipient],
        asked_action="ATTEND_MEETING",
        asked_time=samples.MEETING,
        drafted_by=samples.LI_SHAN,
        approved_by=approved_by,
    )


class WhistleDrafted(AskingFact):
    title = "拟哨"
    for_staff = "{drafted_by}拟{kind}，请{recipients}{asked_action}[，时间{asked_time}]。"
    for_resident = None
    example = _asking(None, None)


class WhistleReturned(WhistleFact):
    title = "哨单退回"
    for_staff = "街道退回哨单，原因：{reason_code}。"
    for_resident = None
    reason_code = Code(codes.ReturnReason)
    example = about_whistle(kind="APPEAL", reason_code="INCOMPLETE")


class WhistleBlown(AskingFact):
    title = "吹哨"
    for_staff = "已向{recipients}吹{kind}，请其{asked_action}[，时间{asked_time}]。"
    for_resident = "社区已请{recipients}一起来办。"
    example = _asking(samples.TASK, samples.STREET_OFFICER)


class WhistleCancelled(WhistleFact):
    title = "哨单取消"
    for_staff = "哨单取消，原因：{reason_code}。"
    for_resident = None
    reason_code = Code(codes.CancelReason)
    example = about_whistle(kind="APPEAL", reason_code="WITHDRAWN")


class WhistleClosed(WhistleFact):
    """Every task is rated, waived or reassigned."""

    title = "哨单办结"
    for_staff = "哨单办结：共{tasks}件哨令[，赋分{rated}件][，免评{waived}件][，改派{reassigned}件]。"
    for_resident = None
    tasks = Count()
    rated = Count()
    waived = Count()
    reassigned = Count()
    example = about_whistle(kind="APPEAL", tasks=3, rated=3, waived=0, reassigned=0)


class WhistleTaskCancelled(TaskFact):
    """Its whistle was cancelled: the unit has nothing more to do.

    `written_to`: the receiver who hears of it by letter, for the unit has no program.
    """

    title = "哨令取消"
    for_staff = "{unit}的哨令取消，原因：{reason_code}。"
    for_resident = None
    reason_code = Code(codes.CancelReason)
    written_to = One(PersonRef, optional=True)
    example = about_task(reason_code="WITHDRAWN", written_to=None)
