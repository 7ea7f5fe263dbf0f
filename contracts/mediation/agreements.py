"""Agreements 调解协议: drafted, signed, sealed, performed."""

from contracts import samples
from contracts.fields import Code, Count, Day, Id, Moment, Text, some
from contracts.mediation.base import MEDIATORS, CaseFact, about_case
from contracts.mediation.case_views import AgreementView
from contracts.mediation.cases import CaseCommand
from contracts.schema import CommandSchema, Example, StrictShape, VersionedCommand
from contracts.shapes import DocumentView, Party, files
from contracts.tokens import Amount, fingerprint
from kernel import codes

TAG = "调解"


class TermInput(StrictShape):
    """Who owes whom what. `amount` in yuan, null where no money is owed; `due_at` null = on the spot."""

    content = Text(1000, label="做什么")
    amount = Amount(optional=True, label="金额（元）")
    obligor_party_id = Id(label="谁来做")
    obligee_party_id = Id(label="对谁做")
    method = Code(codes.PerformanceMethod, label="方式")
    due_at = Moment(optional=True, label="期限", help="当场履行的不填")


class DraftAgreement(CaseCommand):
    """ORAL takes effect with the session of accord (art. 30), WRITTEN with all signatures and the seal (art. 29)."""

    title = "起草协议"
    main = True
    route = "POST /mediations/<case_id>/agreements"
    by = MEDIATORS
    hint = "口头协议即时生效；书面协议待各方签字、调解员签字并盖章。"
    location = "/api/agreements/{id}/document.pdf"
    answer = AgreementView
    form = Code(codes.AgreementForm, default=codes.AgreementForm.WRITTEN, label="形式")
    facts = Text(5000, label="纠纷事实")
    liability = Text(5000, label="责任")
    terms = some(TermInput, least=1, most=50)
    copies = Count(1, 100, default=3, label="一式几份")
    example = {
        "case_id": samples.CASE,
        "expected_version": 12,
        "form": "WRITTEN",
        "facts": "楼上住户将杂物倒入马桶，致污水倒灌",
        "liability": "楼上住户承担全部责任",
        "terms": [
            {
                "obligor_party_id": samples.PARTY_B,
                "obligee_party_id": samples.PARTY_A,
                "content": "赔偿地板和墙面损失",
                "amount": "4800.00",
                "method": "TRANSFER",
                "due_at": samples.AFTER,
            }
        ],
        "copies": 3,
    }


class AgreementCommand(VersionedCommand):
    """Changes one agreement; `expected_version` is the agreement's."""

    service = "mediation"
    answer = AgreementView
    agreement_id = Id()


class SignAgreement(AgreementCommand):
    """`party_id` where the signer is a party. `paper_date`: the day written beside the signature, today if left out.

    `scan_sha256`: the uploaded scan of the signed sheet.
    """

    title = "记签字"
    main = True
    route = "POST /agreements/<agreement_id>/signatures"
    by = MEDIATORS
    signer = Code(codes.Signer, label="谁签")
    party_id = Id(optional=True)
    representative_id = Id(optional=True, label="由代理人代签", help="有“代签协议”特别授权的才能代签")
    manner = Code(codes.SignManner, label="怎么签")
    paper_date = Day(optional=True, label="落款日期", help="以协议书上写的日期为准；不填就是今天")
    scan_sha256 = fingerprint(optional=True)
    example = {
        "agreement_id": samples.AGREEMENT,
        "expected_version": 1,
        "signer": "PARTY",
        "party_id": samples.PARTY_A,
        "representative_id": None,
        "manner": "FINGERPRINT",
        "paper_date": "2024-07-09",
        "scan_sha256": "cd" * 32,
    }


class SealAgreement(AgreementCommand):
    """`paper_date`: the day the seal is dated on the paper, today if left out."""

    title = "盖章"
    main = True
    route = "POST /agreements/<agreement_id>/seal"
    by = MEDIATORS
    paper_date = Day(optional=True, label="落款日期", help="以协议书上写的日期为准；不填就是今天")
    example = {"agreement_id": samples.AGREEMENT, "expected_version": 4, "paper_date": "2024-07-09"}


class RecordPerformance(AgreementCommand):
    """A term is done; `proof` names the kind of proof, `attachments` may hold it."""

    title = "记履行"
    main = True
    route = "POST /agreements/<agreement_id>/performance"
    by = MEDIATORS
    term_no = Count(1, 50, label="哪一项")
    proof = Code(codes.PerformanceProof, label="凭据")
    note = Text(1000, optional=True, label="说明")
    attachments = files(label="照片或文件")
    example = {
        "agreement_id": samples.AGREEMENT,
        "expected_version": 6,
        "term_no": 1,
        "proof": "TRANSFER_RECORD",
        "note": "当场转账",
        "attachments": [samples.PHOTO],
    }


class AgreementDocument(CommandSchema):
    """The agreement as PDF, for print and signature."""

    keeps_answer = False
    service = "mediation"
    title = "打印调解协议"
    route = "GET /agreements/<agreement_id>/document.pdf"
    file = True
    by = MEDIATORS
    hint = "供打印和签字的 PDF。"
    answer = DocumentView
    agreement_id = Id()
    example = {"agreement_id": samples.AGREEMENT}


class AgreementFact(CaseFact):
    agreement_id = Id()


def about_agreement(**more: object) -> Example:
    return about_case(agreement_id=samples.AGREEMENT, **more)


class AgreementDrafted(AgreementFact):
    """Each party gets a copy, the committee keeps one (art. 29)."""

    title = "起草协议"
    for_staff = "起草{form}，一式{copies}份。"
    for_resident = "协议已经写好，请看清楚再签字。"
    agreement_number = Text(60)
    form = Code(codes.AgreementForm)
    copies = Count(1, 100)
    example = about_agreement(agreement_number=samples.MEDIATION_NO, form="WRITTEN", copies=3)


class AgreementSigned(AgreementFact):
    """`party_id` is given where the signer is a party; `paper_date` is the day written beside the mark."""

    title = "签署协议"
    for_staff = "{signer}已{manner}[，落款日期{paper_date}]。"
    for_resident = None
    signer = Code(codes.Signer)
    party_id = Id(optional=True)
    manner = Code(codes.SignManner)
    paper_date = Day(optional=True)
    example = about_agreement(signer="PARTY", party_id=samples.PARTY_A, manner="FINGERPRINT", paper_date="2024-07-09")


class AgreementTookEffect(AgreementFact):
    """Binding from `effective_at`: the last of all signatures and the seal as dated on the paper (art. 29, 31).

    Only its day counts. `judicial_until`: until when the court may confirm it, passed or not (art. 33); null where
    the body is no people's mediation committee.
    """

    title = "协议生效"
    for_staff = "协议自{effective_at}起生效。"
    for_resident = "协议生效了，双方都要照办。"
    effective_at = Moment()
    judicial_until = Moment(optional=True)
    parties = some(Party, least=2, most=50)
    example = about_agreement(
        effective_at=samples.AFTER, judicial_until=samples.MONTH_END, parties=[samples.CLAIMANT, samples.RESPONDENT]
    )


class JudicialConfirmationWindowOpened(AgreementFact):
    """Both parties may ask the court together until `until`: 30 days from effect (art. 33), when still to come."""

    title = "司法确认"
    for_staff = "双方可在{until}前共同申请司法确认。"
    for_resident = "双方可以在{until}前一起到法院申请司法确认。"
    until = Moment()
    example = about_agreement(until=samples.MONTH_END)


class AgreementPerformed(AgreementFact):
    title = "履行完毕"
    for_staff = "协议已履行完毕。"
    for_resident = "协议上说的都办到了。"
    example = about_agreement()
