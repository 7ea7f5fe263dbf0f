"""After effect: each party's copy handed over, and judicial confirmation 司法确认 asked for together (art. 29, 33)."""

from contracts import samples
from contracts.fields import Code, Day, Id, Text
from contracts.mediation.agreements import AgreementCommand, AgreementFact, about_agreement
from contracts.mediation.base import MEDIATORS
from contracts.schema import CommandSchema
from contracts.shapes import DocumentView
from kernel import codes

TAG = "调解"


class HandOverCopy(AgreementCommand):
    """Each party has a copy of its own (art. 29)."""

    title = "记送达协议"
    route = "POST /agreements/<agreement_id>/copies"
    by = MEDIATORS
    party_id = Id(label="交给谁")
    handed_on = Day(optional=True, label="哪一天", help="不填就是今天")
    example = {
        "agreement_id": samples.AGREEMENT,
        "expected_version": 6,
        "party_id": samples.PARTY_A,
        "handed_on": "2024-07-09",
    }


class ApplyForConfirmation(AgreementCommand):
    """Both parties together, within the window; of a committee's written agreement alone."""

    title = "记申请司法确认"
    route = "POST /agreements/<agreement_id>/confirmation"
    by = MEDIATORS
    hint = "双方共同向法院申请；确认身份关系、收养、婚姻效力的协议法院不受理。"
    court = Text(60, label="哪个法院")
    applied_on = Day(optional=True, label="哪天递交的", help="不填就是今天")
    example = {
        "agreement_id": samples.AGREEMENT,
        "expected_version": 7,
        "court": "银川市兴庆区人民法院",
        "applied_on": "2024-07-12",
    }


class RecordConfirmation(AgreementCommand):
    title = "记司法确认结果"
    route = "POST /agreements/<agreement_id>/confirmation/outcome"
    by = MEDIATORS
    outcome = Code(codes.JudicialState, label="结果")
    ruling_number = Text(60, optional=True, label="裁定书文号", help="撤回的不填")
    decided_on = Day(optional=True, label="哪一天", help="不填就是今天")
    example = {
        "agreement_id": samples.AGREEMENT,
        "expected_version": 8,
        "outcome": "CONFIRMED",
        "ruling_number": "（2024）宁0104民特12号",
        "decided_on": "2024-07-20",
    }


class GetConfirmationPacket(CommandSchema):
    """The application with the parties' undertaking and the agreement behind it, for signature. Audited."""

    keeps_answer = False
    service = "mediation"
    title = "打印司法确认申请"
    route = "GET /agreements/<agreement_id>/confirmation.pdf"
    file = True
    by = MEDIATORS
    hint = "申请书、承诺书和协议，一个 PDF，双方签字后递交法院。"
    answer = DocumentView
    agreement_id = Id()
    example = {"agreement_id": samples.AGREEMENT}


class AgreementCopyHandedOver(AgreementFact):
    title = "送达协议"
    for_staff = "协议已于{handed_on}交给一方当事人。"
    for_resident = None
    party_id = Id()
    handed_on = Day()
    example = about_agreement(party_id=samples.PARTY_A, handed_on="2024-07-09")


class ConfirmationApplied(AgreementFact):
    title = "申请司法确认"
    for_staff = for_resident = "双方已于{applied_on}向{court}申请司法确认。"
    court = Text(60)
    applied_on = Day()
    example = about_agreement(court="银川市兴庆区人民法院", applied_on="2024-07-12")


class ConfirmationDecided(AgreementFact):
    title = "司法确认结果"
    for_staff = for_resident = "司法确认{outcome}（{decided_on}）。"
    outcome = Code(codes.JudicialState)
    decided_on = Day()
    example = about_agreement(outcome="CONFIRMED", decided_on="2024-07-20")


class ConfirmationLapsed(AgreementFact):
    title = "司法确认到期"
    for_staff, for_resident = "共同申请司法确认的期限已过。", None
    example = about_agreement()
