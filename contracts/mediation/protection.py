"""Protection 人身安全保护 where violence at home is the matter, and danger reported to the police (domain §4.5).

Nothing of how a protected party is reached is in an event: notify hands every message for them to who may call.
"""

from contracts import samples
from contracts.fields import Code, Id, Many, One, Text
from contracts.mediation.base import ASKERS, MEDIATORS, CaseFact, MediationCommand, about_case
from contracts.mediation.cases import CaseCommand
from contracts.schema import AnswerSchema
from contracts.shapes import PersonRef
from contracts.tokens import Phone
from kernel import codes

TAG = "调解"


class ProtectParty(CaseCommand):
    """The case is sealed: of the place the community, the street and its own mediator see it. One party a case."""

    title = "设为保护"
    route = "POST /mediations/<case_id>/protection"
    by = MEDIATORS
    hint = "家庭暴力用。登记后不再向本人发短信、寄信、打原来的电话，只按这里的号码和时段联系；本案不安排面对面。"
    party_id = Id(label="保护谁")
    safe_phone = Phone(label="安全的电话")
    safe_hours = Text(60, label="什么时候可以打", help="如工作日9点到11点")
    chosen = Many(
        Code(codes.SessionKind), most=2, label="本人选择怎么调解", help="只能背靠背或线上；没有选的不安排调解会"
    )
    example = {
        "case_id": samples.CASE,
        "expected_version": 3,
        "party_id": samples.PARTY_A,
        "safe_phone": "13900000001",
        "safe_hours": "工作日9点到11点",
        "chosen": ["SHUTTLE"],
    }


class SafeCallView(AnswerSchema):
    """Unmasked. Each answer has left an audit row."""

    phone = Phone(label="安全的电话")
    hours = Text(60, label="什么时候可以打")


class RevealSafeCall(MediationCommand):
    keeps_answer = False
    title = "看安全联系方式"
    route = "POST /mediations/<case_id>/safe-call"
    by = MEDIATORS
    hint = "每次查看都记入审计。"
    answer = SafeCallView
    case_id = Id()
    purpose = Text(200, shortest=2, label="看它做什么")
    example = {"case_id": samples.CASE, "purpose": "告诉调解时间"}


class ReportDanger(CaseCommand):
    """Danger of escalation, or what may be a crime (art. 25): the nearest police station is whistled for at once."""

    title = "报警"
    route = "POST /mediations/<case_id>/danger"
    by = ASKERS
    hint = "有人身危险请先打110。记下后立即向当地派出所吹应急哨，并告诉社区和街道。"
    danger = Code(codes.Escalation, label="什么危险")
    example = {"case_id": samples.CASE, "expected_version": 6, "danger": "VIOLENCE"}


class PartyProtected(CaseFact):
    """Also when another mediator takes the case. `person_id` where the party has a record."""

    title = "人身安全保护"
    for_staff = "本案已封存[，当事人的联系由{keeper}负责]。"
    for_resident = None
    party_id = Id()
    person_id = Id(optional=True)
    keeper = One(PersonRef, optional=True)
    example = about_case(party_id=samples.PARTY_A, person_id=None, keeper=samples.COMMUNITY_MEDIATOR)


class DisputeEscalationReported(CaseFact):
    title = "报警"
    for_staff = "{reporter}报告危险：{danger}。已通知公安。"
    for_resident = None
    danger = Code(codes.Escalation)
    reporter = One(PersonRef)
    example = about_case(danger="VIOLENCE", reporter=samples.COMMUNITY_MEDIATOR)
