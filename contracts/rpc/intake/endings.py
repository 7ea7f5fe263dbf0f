"""Extending, answering and ending an appeal."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from contracts import samples
from contracts.fields import Code, Count, Text, case_no
from contracts.rpc.intake.base import AppealCommand
from contracts.shapes import files
from kernel import codes


class ExtendAppeal(AppealCommand):
    """Only before the old deadline, and told to the citizen (条例 art. 15).

    Exactly one of `days` (natural days added) and `hours` (by the clock, for limits in hours).
    """

    title = "延长办理时限"
    reason_code = Code(codes.ExtendReason)
    reason = Text(1000)
    days = Count(1, 90, optional=True)
    hours = Count(1, 72, optional=True)
    example = {
        "number": samples.APPEAL_NO,
        "expected_version": 7,
        "reason_code": "THIRD_PARTY",
        "reason": "等待楼上住户回宁后现场确认",
        "days": 3,
        "hours": None,
    }

    @validates_schema
    def one_span(self, data: dict[str, Any], **kwargs: Any) -> None:
        if (data.get("days") is None) == (data.get("hours") is None):
            raise ValidationError("请填延长几天或几小时，只填一项", "days")


class ReportResult(AppealCommand):
    """SOLVED needs at least one file or a record with files (domain §3.6 invariant 15)."""

    title = "反馈办理结果"
    result_kind = Code(codes.ResultKind)
    result_text = Text(5000)
    attachments = files()
    legal_basis = Text(1000, optional=True)
    example = {
        "number": samples.APPEAL_NO,
        "expected_version": 9,
        "result_kind": "SOLVED",
        "result_text": "下水道已疏通，双方达成协议并已赔付",
        "attachments": [samples.PHOTO],
        "legal_basis": None,
    }


class AnswerAppeal(AppealCommand):
    """A question answered on the spot."""

    title = "即时答复"
    answer_text = Text(5000)
    example = {"number": samples.APPEAL_NO, "expected_version": 1, "answer_text": "社保卡可在任一社区代办点领取"}


class DivertAppeal(AppealCommand):
    title = "引导到其他途径"
    reason_code = Code(codes.DivertReason)
    where_to_go = Code(codes.WhereToGo)
    example = {
        "number": samples.APPEAL_NO,
        "expected_version": 1,
        "reason_code": "LITIGATION",
        "where_to_go": "COURT",
    }


class DeclineAppeal(AppealCommand):
    """The legal reason is told to the citizen."""

    title = "不予受理"
    reason_code = Code(codes.DeclineReason)
    legal_reason = Text(1000)
    example = {
        "number": samples.APPEAL_NO,
        "expected_version": 1,
        "reason_code": "NO_FACTS",
        "legal_reason": "没有具体地点和事实，无法核实",
    }


class MergeAppeal(AppealCommand):
    """`number` ends and follows `into_number`."""

    title = "并单"
    into_number = case_no()
    example = {"number": samples.MERGED_NO, "expected_version": 1, "into_number": samples.APPEAL_NO}


class WithdrawAppeal(AppealCommand):
    """By the complainant; or for the complainant, by other hands than the handler's.

    `evidence`: the recorded voice or the signed sheet (AUDIO, DOCUMENT), needed only in the second case.
    """

    title = "撤回诉求"
    reason = Text(1000)
    evidence = files()
    example = {
        "number": samples.APPEAL_NO,
        "expected_version": 3,
        "reason": "问题已自行解决",
        "evidence": [{**samples.PHOTO, "kind": "AUDIO"}],
    }


class ObjectEnding(AppealCommand):
    """The complainant did not withdraw, or asks for review of a refusal: the appeal is taken up again."""

    title = "对了结提出异议"
    reason = Text(1000)
    example = {"number": samples.APPEAL_NO, "expected_version": 4, "reason": "本人没有要求撤回"}


class DecideSupervision(AppealCommand):
    """By the level above: done anew, or the result stands; `words` tell why."""

    title = "督办处理"
    decision = Code(codes.SupervisionDecision)
    words = Text(2000)
    example = {
        "number": samples.APPEAL_NO,
        "expected_version": 14,
        "decision": "REDO",
        "words": "请社区三日内上门复核并重新办理",
    }
