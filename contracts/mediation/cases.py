"""Mediation cases 调解案件: opened, looked at, ended."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from contracts import samples
from contracts.fields import Code, Id, Many, Moment, some
from contracts.mediation.base import MEDIATORS, PARTY, READERS, CaseFact, about_case
from contracts.mediation.case_views import CasePage, MediationCaseView
from contracts.schema import AnswerSchema, CommandSchema, VersionedCommand
from contracts.shapes import ListCommand, Party
from contracts.tokens import area, case_no
from kernel import codes
from kernel.rights import everybody, services

TAG = "调解"


class CaseCommand(VersionedCommand):
    """Changes one case."""

    service = "mediation"
    answer: type[AnswerSchema] = MediationCaseView
    case_id = Id()


class GetCase(CommandSchema):
    """By `case_id`, or by the number of the appeal it came from, else its own; exactly one of them."""

    service = "mediation"
    title = "查看调解案件"
    route = "GET /mediations/<key>"
    by = READERS.but(PARTY)
    hint = "key 为案件标识（UUID），或来源诉求的编号；自行登记的案件用它自己的编号。"
    answer = MediationCaseView
    case_id = Id(optional=True)
    case_number = case_no(optional=True)
    example = {"case_id": None, "case_number": samples.APPEAL_NO}

    @validates_schema
    def one_key(self, data: dict[str, Any], **kwargs: Any) -> None:
        if (data.get("case_id") is None) == (data.get("case_number") is None):
            raise ValidationError("请只填案件标识或编号中的一项", "case_id")


class CasePlace(AnswerSchema):
    """Where a case that mediation opened itself lies, and until when it runs; no words of it."""

    id = Id()
    number = case_no()
    area_path = area()
    due_at = Moment()


class LocateCase(CommandSchema):
    """Whether a whistle may be for it: one that came from an appeal is whistled for by its appeal, an ended one not."""

    keeps_answer = False
    service = "mediation"
    title = "核对调解编号"
    by = services().said("系统服务")
    answer = CasePlace
    number = case_no()
    example = {"number": samples.MEDIATION_NO}


class ListCases(ListCommand):
    """Of the asker's places, the newest first."""

    service = "mediation"
    title = "调解案件列表"
    route = "GET /mediations"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = CasePage
    numbers = Many(case_no(), most=200)
    example = {"cursor": None, "limit": 50, "numbers": [samples.MEDIATION_NO]}


class TerminateCase(CaseCommand):
    """Every party is told the other ways (人民调解法 art. 26)."""

    title = "终止调解"
    route = "POST /mediations/<case_id>/termination"
    by = MEDIATORS
    hint = "终止后告知各方还可走的途径（人民调解法第二十六条）。"
    reason = Code(codes.TerminationReason, label="原因")
    example = {"case_id": samples.CASE, "expected_version": 9, "reason": "FAILED"}


REMEDIES = [remedy.value for remedy in codes.Remedy]


class MediationCaseOpened(CaseFact):
    """`deadline`: policy key mediation.limit, 30 days by default."""

    title = "调解立案"
    for_staff = "{dispute_type}立案调解[（{origin}）]，风险等级{risk_level}[，当事人{parties}]，{deadline}到期。"
    for_resident = "人民调解已经开始，期限到{deadline}。"
    origin = Code(codes.CaseOrigin, optional=True)
    dispute_type = Code(codes.DisputeType)
    risk_level = Code(codes.RiskLevel)
    parties = some(Party, least=2, most=50)
    deadline = Moment()
    example = about_case(
        origin="APPEAL",
        dispute_type="NEIGHBOUR",
        risk_level="YELLOW",
        parties=[samples.CLAIMANT, samples.RESPONDENT],
        deadline=samples.MONTH_END,
    )


class MediationCaseClosed(CaseFact):
    title = "调解结案"
    for_staff = "调解结案：{result}。"
    for_resident = "调解结束：{result}。"
    result = Code(codes.MediationResult)
    example = about_case(result="SUCCESS")


class MediationTerminated(CaseFact):
    """Every party is told the other ways that stay open (人民调解法 art. 26)."""

    title = "终止调解"
    for_staff = "调解终止：{reason}。已告知双方还可走{remedies}。"
    for_resident = "调解没有继续下去。您还可以走{remedies}。"
    reason = Code(codes.TerminationReason)
    remedies = Many(Code(codes.Remedy), least=1)
    parties = some(Party, least=2, most=50)
    example = about_case(reason="PARTY_REFUSED", remedies=REMEDIES, parties=[samples.CLAIMANT, samples.RESPONDENT])
