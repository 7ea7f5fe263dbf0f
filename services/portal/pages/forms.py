"""The commands that have a form on a page. Whoever may use which is for the services to say (`allowed_commands`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from contracts.dispatch.leaves import EndReceiverLeave, RecordReceiverLeave
from contracts.dispatch.ratings import ConfirmTask, RateTask, RejectTask, WaiveRating
from contracts.dispatch.tasks import DecideObjection, FinishTask, ObjectTask, ProgressTask, ReportIn, SignTask
from contracts.dispatch.whistles import ApproveWhistle, CancelWhistle, ReturnWhistle
from contracts.intake.endings import DecideSupervision, ObjectEnding
from contracts.intake.hazards import SecureHazard, VerifyHazard
from contracts.intake.leaves import EndPostLeave, RecordPostLeave
from contracts.intake.triage import AcceptAppeal, SignAppeal
from contracts.intake.working import ExtendAppeal, RaiseUrgency, RecordContact, RecordHandling, ReportResult
from contracts.mediation.agreements import RecordPerformance, SealAgreement, SignAgreement
from contracts.mediation.parties import ConsentToHelper, RecordWillingness
from contracts.mediation.sessions import MoveSession
from contracts.notify.follow_ups import AttemptFollowUp, CloseFollowUpInvalid, CompleteFollowUp
from contracts.schema import CommandSchema
from kernel import codes
from services.portal.api.reading import count
from services.portal.pages.fields import Field, Kind, View, choice, day, files, number, tick, word, words
from services.portal.pages.wording import said

Values = dict[str, Any]

KEYS = ("number", "task_id", "whistle_id", "case_id", "agreement_id", "follow_up_id")
"""Fields that say what a command is about; forms carry them hidden."""


@dataclass(frozen=True)
class Form:
    """`adapt` turns what was entered into fields of the command where the two differ; `main` forms stand out."""

    command: type[CommandSchema]
    fields: tuple[Field, ...] = ()
    label: str = ""
    main: bool = False
    adapt: Callable[[Values], Values] = dict
    note: str = ""

    @property
    def name(self) -> str:
        return self.label or self.command.title

    @property
    def method(self) -> str:
        return self.command.method

    @property
    def has_files(self) -> bool:
        return any(field.kind == "files" for field in self.fields)


def _parties(view: View) -> list[tuple[str, str]]:
    return [
        (party["party_id"], f"{party['masked_name']}（{codes.label(codes.PartySide, party['side'])}）")
        for party in view.get("parties", ())
    ]


def _helpers(view: View) -> list[tuple[str, str]]:
    return [(helper["helper_id"], helper["unit_name"]) for helper in view.get("helpers", ())]


def _sessions(view: View) -> list[tuple[str, str]]:
    return [
        (one["session_id"], f"第{one['session_no']}次，原定{said(one['starts_at'])}")
        for one in view.get("sessions", ())
        if one["state"] == codes.SessionState.SCHEDULED
    ]


def _signers(view: View) -> list[tuple[str, str]]:
    parties = [(f"PARTY:{key}", name) for key, name in _parties(view)]
    return [*parties, ("MEDIATOR:", codes.Signer.MEDIATOR.label)]


def _signed_by(values: Values) -> Values:
    signer, _, party = str(values.get("signer") or "").partition(":")
    return {**values, "signer": signer, "party_id": party or None}


def _terms(view: View) -> list[tuple[str, str]]:
    return [
        (str(term["term_no"]), f"第{term['term_no']}项：{term['content'][:30]}")
        for term in view.get("terms", ())
        if not term.get("performed_at")
    ]


def _units(view: View) -> list[tuple[str, str]]:
    """Every unit by name; the page lays them beside what the service told."""
    return sorted(view.get("units", {}).items(), key=lambda unit: unit[1])


def _term_no(values: Values) -> Values:
    found = count(str(values.get("term_no") or ""))
    return {**values, "term_no": values.get("term_no") if found is None else found}


HOW = choice("how", "方式", codes.HandlingHow)
PHOTOS = files("attachments", "照片或文件", help="每个不超过 8 MB，最多 9 个")
EVIDENCE = files("evidence", "佐证照片或文件", help="每个不超过 8 MB，最多 9 个")
PAPER_DATE = day("paper_date", "落款日期", required=False, help="以协议书上写的日期为准；不填就是今天")
PICTURES = files("photos", "现场照片", help="每个不超过 8 MB，最多 9 个")

APPEAL = (
    Form(AcceptAppeal, main=True),
    Form(SignAppeal, label="签收", main=True),
    Form(RecordContact, (HOW, words("note", "说明", required=False)), "记首次联系"),
    Form(
        RecordHandling,
        (
            HOW,
            choice("stage", "进展", codes.HandlingStage),
            words("content", "做了什么", 5000),
            word("interim_measure", "临时措施", 500, required=False),
            tick("told_citizen", "已告诉群众"),
            PHOTOS,
        ),
        "记办理情况",
        main=True,
    ),
    Form(
        RaiseUrgency,
        (choice("danger_flag", "危险", codes.DangerFlag),),
        "提为紧急",
        note="发现危险就提，不必等审批；时限只会提前。",
    ),
    Form(
        ExtendAppeal,
        (
            number("days", "延长几天", 90, required=False),
            number("hours", "或几小时", 72, required=False, help="时限以小时计的才填"),
            choice("reason_code", "原因", codes.ExtendReason),
            words("reason", "说明"),
        ),
        "申请延期",
        note="须在原期限之前，并把原因告诉群众。",
    ),
    Form(
        ReportResult,
        (
            choice("result_kind", "结果", codes.ResultKind),
            words("result_text", "怎么办的", 5000),
            word("legal_basis", "依据", 1000, required=False),
            PHOTOS,
        ),
        "反馈结果",
        note="“已解决”须有照片或文件佐证。",
    ),
    Form(ObjectEnding, (words("reason", "群众怎么说"),), "登记异议", note="登记后恢复办理。"),
    Form(
        DecideSupervision,
        (choice("decision", "决定", codes.SupervisionDecision), words("words", "要求或理由", 2000)),
        main=True,
    ),
)
HAZARD = (
    Form(
        SecureHazard,
        (choice("measure_code", "措施", codes.MeasureCode), words("note", "说明", required=False), PICTURES),
        "记临时管控",
        main=True,
    ),
    Form(
        VerifyHazard,
        (words("note", "现场情况", required=False), PICTURES),
        "现场核实已消除",
    ),
)
WHISTLE = (
    Form(ApproveWhistle, (tick("agree_longer", "同意超过原件剩余时限"),), main=True),
    Form(
        ReturnWhistle,
        (choice("reason_code", "原因", codes.ReturnReason), words("reason", "说明")),
        "退回",
    ),
    Form(
        CancelWhistle,
        (choice("reason_code", "原因", codes.CancelReason), words("reason", "说明")),
        "取消哨单",
    ),
)
TASK = (
    Form(SignTask, label="签收", main=True),
    Form(ReportIn, (choice("mode", "怎么到的", codes.ReportInMode),), "报到", main=True),
    Form(ProgressTask, (words("note", "进展", 2000),), "记进展"),
    Form(FinishTask, (words("result_text", "办理结果", 5000), EVIDENCE), "办结", main=True),
    Form(
        ObjectTask,
        (
            choice("reason_code", "理由", codes.ObjectionReason),
            words("legal_basis", "法定依据"),
            choice("proposed_unit", "建议单位", _units, required=False),
        ),
        "提异议",
        note="每件哨令只能提一次。",
    ),
    Form(ConfirmTask, main=True),
    Form(
        RejectTask,
        (choice("reason_code", "原因", codes.RejectReason), words("reason", "还差什么")),
        "核实不通过",
    ),
    Form(
        RateTask,
        (
            number("timeliness", "及时（0–20）", 20),
            number("attendance", "到位（0–20）", 20),
            number("effect", "效果（0–40）", 40),
            number("cooperation", "配合（0–20）", 20),
            words("comment", "评语", required=False),
        ),
        "赋分",
        main=True,
    ),
    Form(
        WaiveRating,
        (choice("reason_code", "原因", codes.WaiveReason), words("reason", "说明")),
        "免予赋分",
    ),
    Form(
        DecideObjection,
        (
            choice("decision", "裁定", codes.ObjectionDecision),
            choice("new_unit", "改派单位", _units, required=False, help="异议成立而没有建议单位时必填"),
            words("reason", "理由"),
        ),
        "裁定异议",
        main=True,
    ),
)
MEDIATION = (
    Form(
        RecordWillingness,
        (
            choice("party_id", "当事人", _parties),
            choice("willing", "意愿", [(each.value, each.label) for each in (codes.Willing.YES, codes.Willing.NO)]),
            HOW,
        ),
        "记调解意愿",
        note="一方明确拒绝，调解即终止（人民调解法第十七条）。",
    ),
    Form(
        ConsentToHelper,
        (choice("party_id", "当事人", _parties), choice("helper_id", "协助力量", _helpers)),
        "记同意协助",
    ),
    Form(
        MoveSession,
        (
            choice("session_id", "哪一次", _sessions),
            Field("starts_at", "新的时间", Kind.WHEN),
            word("place_text", "地点", 200),
            tick("notice_waived", "各方同意不提前通知"),
        ),
        "调解改期",
    ),
)
AGREEMENT = (
    Form(
        SignAgreement,
        (choice("signer", "谁签", _signers), choice("manner", "怎么签", codes.SignManner), PAPER_DATE),
        "记签字",
        adapt=_signed_by,
        main=True,
    ),
    Form(SealAgreement, (PAPER_DATE,), "盖章", main=True),
    Form(
        RecordPerformance,
        (
            choice("term_no", "哪一项", _terms),
            choice("proof", "凭据", codes.PerformanceProof),
            words("note", "说明", required=False),
            PHOTOS,
        ),
        "记履行",
        adapt=_term_no,
        main=True,
    ),
)
FOLLOW_UP = (
    Form(
        AttemptFollowUp,
        (
            choice("method", "方式", codes.FollowUpMethod),
            tick("reached", "联系上了"),
            words("note", "说明", required=False),
        ),
        "记一次回访",
        main=True,
    ),
    Form(
        CompleteFollowUp,
        (
            choice("solved", "解决了吗", codes.Solved),
            choice("satisfied", "满意吗", codes.Satisfied),
            words("comment", "群众的话", 2000, required=False),
        ),
        "完成回访",
        main=True,
    ),
    Form(CloseFollowUpInvalid, (choice("reason_code", "原因", codes.InvalidReason),), "无效结束"),
)

SPAN = (
    Field("from_at", "从什么时候（不填即现在）", Kind.WHEN, required=False),
    Field("until", "到什么时候", Kind.WHEN),
)


def _people(view: View) -> list[tuple[str, str]]:
    return [(one["id"], one["name"]) for one in view["people"]]


LEAVE = (
    Form(RecordReceiverLeave, (choice("person_id", "谁请假", _people), *SPAN), "登记请假"),
    Form(EndReceiverLeave, label="结束请假"),
)
POST_LEAVE = (
    Form(RecordPostLeave, (choice("person_id", "谁请假", _people), *SPAN), "登记请假"),
    Form(EndPostLeave, label="结束请假"),
)

GROUPS = {
    "unit": LEAVE,
    "area_path": POST_LEAVE,
    "number": (*APPEAL, *HAZARD),
    "whistle_id": WHISTLE,
    "task_id": TASK,
    "case_id": MEDIATION,
    "agreement_id": AGREEMENT,
    "follow_up_id": FOLLOW_UP,
}
FORMS: dict[str, Form] = {form.method: form for forms in GROUPS.values() for form in forms}
KEY_OF: dict[str, str] = {form.method: key for key, forms in GROUPS.items() for form in forms}
