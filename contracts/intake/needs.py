"""The need list 需求清单: what cannot be solved on the spot waits for the next joint meeting (domain §2 A6, §3.4)."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from contracts.dispatch.conferences import ConferenceKind
from contracts.fields import Code, Day, Moment, One, Text
from contracts.intake.appeals import AppealCommand
from contracts.intake.base import HANDLER, WORKERS, AppealFact
from contracts.shapes import PersonRef
from contracts.tokens import case_no
from contracts.words import shared_text
from kernel.codes import NeedDecision, Role
from kernel.rights import at

TAG = "诉求"


class EnterNeed(AppealCommand):
    """The appeal waits for the joint meeting; whoever asked hears by when (policy needlist.joint_meeting)."""

    title = "列入需求清单"
    route = "POST /appeals/<number>/need"
    by = HANDLER | WORKERS
    hint = "当场解决不了、要联席会一起办的；群众会收到联席会的日期。有危险的不列，马上处置。"
    need = shared_text(500, label="需要什么", help="不写姓名、门牌和电话")


class DecideNeed(AppealCommand):
    """What the joint meeting decided; the appeal goes on, by the date where one was given."""

    title = "联席会决定"
    main = True
    route = "POST /appeals/<number>/need/decision"
    by = at(Role.COMMUNITY, Role.STREET)
    decision = Code(NeedDecision, label="决定")
    until = Day(label="什么时候办好", optional=True, help="延后办理必填")
    reason = Text(500, label="说明", optional=True, help="办不了必填；资金来源、由谁施工也写在这里")

    @validates_schema
    def complete(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data.get("decision") == NeedDecision.LATER and not data.get("until"):
            raise ValidationError("延后办理要写明什么时候办好", "until")
        if data.get("decision") == NeedDecision.CANNOT and not data.get("reason"):
            raise ValidationError("办不了要说明原因", "reason")


class NeedListed(AppealFact):
    title = "列入清单"
    for_staff = "当场解决不了，列入需求清单，{meeting_by}前的联席会研究。"
    for_resident = "这件事当场办不了，已经列入需求清单，{meeting_by}前的联席会研究，会告诉您结果。"
    meeting_by = Moment()


class NeedOnAgenda(AppealFact):
    title = "列入议程"
    for_staff = "列入{held_at}的{kind}。"
    for_resident = "{held_at}开{kind}研究这件事。"
    kind, held_at, meeting = Code(ConferenceKind), Moment(), case_no()


class NeedDecided(AppealFact):
    title = "联席会决定"
    for_staff = "联席会决定：{decision}[，{until}前办好]。"
    for_resident = "联席会研究了您的事：{decision}[，{until}前办好]。"
    decision = Code(NeedDecision)
    until = Moment(optional=True)
    decided_by = One(PersonRef)


class NeedMet(AppealFact):
    title = "需求已满足"
    for_staff = for_resident = "需求清单上的这一项已经办好。"
