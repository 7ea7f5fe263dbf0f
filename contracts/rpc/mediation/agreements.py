"""Agreements (人民调解法 art. 28–31)."""

from contracts import samples
from contracts.fields import Amount, Code, Count, Day, Id, Moment, Text, fingerprint, some
from contracts.rpc.mediation.cases import CaseCommand
from contracts.schema import CommandSchema, StrictShape, VersionedCommand
from contracts.shapes import files
from contracts.views.mediation import AgreementView, DocumentView
from kernel import codes


class TermInput(StrictShape):
    """Who owes whom what. `amount` in yuan, null where no money is owed; `due_at` null = on the spot."""

    obligor_party_id = Id()
    obligee_party_id = Id()
    content = Text(1000)
    amount = Amount(optional=True)
    method = Code(codes.PerformanceMethod)
    due_at = Moment(optional=True)


class DraftAgreement(CaseCommand):
    """ORAL takes effect with the session of accord (art. 30), WRITTEN with all signatures and the seal (art. 29)."""

    title = "起草调解协议"
    answer = AgreementView
    form = Code(codes.AgreementForm, default=codes.AgreementForm.WRITTEN)
    facts = Text(5000)
    liability = Text(5000)
    terms = some(TermInput, least=1, most=50)
    copies = Count(1, 100, default=3)
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

    title = "签署调解协议"
    signer = Code(codes.Signer)
    party_id = Id(optional=True)
    manner = Code(codes.SignManner)
    paper_date = Day(optional=True)
    scan_sha256 = fingerprint(optional=True)
    example = {
        "agreement_id": samples.AGREEMENT,
        "expected_version": 1,
        "signer": "PARTY",
        "party_id": samples.PARTY_A,
        "manner": "FINGERPRINT",
        "paper_date": "2024-07-09",
        "scan_sha256": "cd" * 32,
    }


class SealAgreement(AgreementCommand):
    """`paper_date`: the day the seal is dated on the paper, today if left out."""

    title = "加盖调委会印章"
    paper_date = Day(optional=True)
    example = {"agreement_id": samples.AGREEMENT, "expected_version": 4, "paper_date": "2024-07-09"}


class RecordPerformance(AgreementCommand):
    """A term is done; `proof` names the kind of proof, `attachments` may hold it."""

    title = "记录履行"
    term_no = Count(1, 50)
    proof = Code(codes.PerformanceProof)
    note = Text(1000, optional=True)
    attachments = files()
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
    answer = DocumentView
    agreement_id = Id()
    example = {"agreement_id": samples.AGREEMENT}
