"""A mediation case, its parties, mediator and helpers."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from contracts import samples
from contracts.fields import Code, Id, PersonName, Phone, Text, case_no, some, staff_id
from contracts.schema import AnswerSchema, CommandSchema, StrictShape, VersionedCommand
from contracts.views.mediation import MediationCaseView
from kernel import codes


class GetCase(CommandSchema):
    """By `case_id`, or by the number of the appeal it came from; exactly one of them."""

    service = "mediation"
    title = "查看调解案件"
    answer = MediationCaseView
    case_id = Id(optional=True)
    case_number = case_no(optional=True)
    example = {"case_id": None, "case_number": samples.APPEAL_NO}

    @validates_schema
    def one_key(self, data: dict[str, Any], **kwargs: Any) -> None:
        if (data.get("case_id") is None) == (data.get("case_number") is None):
            raise ValidationError("请只填案件标识或编号中的一项", "case_id")


class CaseCommand(VersionedCommand):
    """Changes one case."""

    service = "mediation"
    answer: type[AnswerSchema] = MediationCaseView
    case_id = Id()


class RelatedInput(StrictShape):
    """Somebody who speaks for a party or is related to it; kept for 回避 alone, as a hash."""

    relation = Code(codes.PartyTie)
    name = Text(40)
    phone = Phone(optional=True)


class NameParty(CaseCommand):
    """The name for the papers; it stays in mediation, encrypted. `related` left out changes nothing."""

    title = "登记当事人"
    party_id = Id()
    name = PersonName()
    phone = Phone(optional=True)
    address = Text(200, optional=True)
    related = some(RelatedInput, most=20)
    example = {
        "case_id": samples.CASE,
        "expected_version": 1,
        "party_id": samples.PARTY_B,
        "name": "赵某某",
        "phone": None,
        "address": "5号楼2单元401室",
        "related": [{"relation": "RELATIVE", "name": "孙某某", "phone": None}],
    }


class RecordWillingness(CaseCommand):
    """One clear NO ends the mediation (人民调解法 art. 17). Refusing money is an outcome of a session instead."""

    title = "记录调解意愿"
    party_id = Id()
    willing = Code(codes.Willing)
    how = Code(codes.HandlingHow)
    example = {
        "case_id": samples.CASE,
        "expected_version": 2,
        "party_id": samples.PARTY_A,
        "willing": "YES",
        "how": "PHONE",
    }


class AssignMediator(CaseCommand):
    """Neither a party, nor a representative or relative of one, nor the handler of the case (回避).

    Until everything is performed another one may take over; `replace_reason` then says why.
    """

    title = "确定调解员"
    mediator_id = staff_id()
    how_chosen = Code(codes.HowChosen)
    replace_reason = Code(codes.ReplaceReason, optional=True)
    example = {
        "case_id": samples.CASE,
        "expected_version": 4,
        "mediator_id": samples.COMMUNITY_MEDIATOR["id"],
        "how_chosen": "APPOINTED",
        "replace_reason": None,
    }


class ConsentToHelper(CaseCommand):
    """A party agrees that a helper attends (人民调解法 art. 20)."""

    title = "当事人同意协助人员参与"
    party_id = Id()
    helper_id = Id()
    example = {
        "case_id": samples.CASE,
        "expected_version": 7,
        "party_id": samples.PARTY_A,
        "helper_id": samples.HELPER,
    }


class TerminateCase(CaseCommand):
    """Every party is told the other ways (人民调解法 art. 26)."""

    title = "终止调解"
    reason = Code(codes.TerminationReason)
    example = {"case_id": samples.CASE, "expected_version": 9, "reason": "FAILED"}
