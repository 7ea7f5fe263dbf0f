"""Forms of the commands that begin work, hand it on or end it early; and all forms there are, by command and by what
they are about."""

from __future__ import annotations

from typing import Any

from contracts.dispatch.whistles import DraftWhistle
from contracts.intake.appeals import RegisterAppeal
from contracts.intake.disputes import IdentifyDispute
from contracts.intake.endings import MergeAppeal, WithdrawAppeal
from contracts.intake.hazards import ReportHazard
from contracts.intake.residents import FindAddress, RevealContact
from contracts.intake.triage import AnswerAppeal, AssignAppeal, DeclineAppeal, DivertAppeal
from contracts.mediation.agreements import DraftAgreement
from contracts.mediation.cases import TerminateCase
from contracts.mediation.parties import AssignMediator, NameParty
from contracts.mediation.sessions import RecordSession, ScheduleSession
from kernel import codes
from services.portal.api.shapes import UNSORTED
from services.portal.pages.fields import Choices, Field, Kind, View, choice, files, number, tick, word, words
from services.portal.pages.forms import FORMS as PLAIN
from services.portal.pages.forms import GROUPS as PLAIN_GROUPS
from services.portal.pages.forms import KEY_OF as PLAIN_KEYS
from services.portal.pages.forms import Form
from services.portal.pages.more_fields import fixed, known, nested, phone, picks
from services.portal.pages.wording import said

TITLE_LENGTH = 30


PURPOSE = word("purpose", "看电话做什么", 200, value="电话联系群众")
WHEN_KNOWN = "知道就填，不知道就空着"


def _staff(view: View) -> Choices:
    """Who may handle it, with the unit they do it for."""
    return [(f"{one['unit']} {one['id']}", f"{one['name']}（{one['label']}）") for one in view.get("staff", ())]


def _assigned(values: dict[str, Any]) -> dict[str, Any]:
    unit, _, person = str(values.get("handler_id") or "").partition(" ")
    return {"lead_unit": unit or None, "handler_id": person or None}


def _loss(row: int) -> tuple[Field, Field]:
    label = "损失" if row == 0 else f"损失（第{row + 1}项）"
    return (
        word(f"losses.{row}.item", label, 100, required=False, help="例如：地板和墙面" if row == 0 else ""),
        word(f"losses.{row}.amount", f"{label}金额（元）", 15, required=False),
    )


APPEAL = (
    Form(
        AssignAppeal, (choice("handler_id", "交给谁办", _staff),), "派单", main=True, adapt=_assigned,
        note="派单即起算时限。",
    ),
    Form(
        IdentifyDispute,
        (
            choice("dispute_type", "什么纠纷", codes.DisputeType),
            choice("cause", "原因", codes.DisputeCause),
            words("cause_text", "怎么回事", 2000),
            word("respondent.name", "对方姓名", 40),
            word("respondent.place_text", "对方住处", 200),
            phone("respondent.phone", "对方电话", help=WHEN_KNOWN),
            *(each for row in range(5) for each in _loss(row)),
            choice("risk_level", "激化风险", codes.RiskLevel),
        ),
        "转调解", adapt=nested, note="认定为矛盾纠纷，转调解委员会；诉求等调解的结果。",
    ),
    Form(AnswerAppeal, (words("answer_text", "怎么答复的", 5000),), "当场答复", note="当场答清，即办结。"),
    Form(
        DivertAppeal,
        (choice("reason_code", "为什么", codes.DivertReason), choice("where_to_go", "请他去哪里", codes.WhereToGo)),
        "引导到别处",
    ),
    Form(
        DeclineAppeal,
        (choice("reason_code", "原因", codes.DeclineReason), words("legal_reason", "法定理由")),
        "不予受理", note="理由会告知群众，群众可以要求复核。",
    ),
    Form(
        MergeAppeal, (word("into_number", "并入哪一件的编号", 30),), "并单",
        note="同一件事反映了两次：本件并入另一件，随它办理。",
    ),
    Form(
        WithdrawAppeal,
        (words("reason", "为什么撤回"), files("evidence", "本人录音或签字文件", help="代群众登记撤回时必须有")),
        "登记撤回", note="只能是群众自己要撤回；承办人不能代办。",
    ),
)  # fmt: skip


def _units(view: View) -> Choices:
    return sorted(view.get("units", {}).items(), key=lambda unit: unit[1])


def _kinds(view: View) -> Choices:
    """What the viewer may blow here."""
    return [(kind, codes.label(codes.WhistleKind, kind)) for kind in view.get("whistle_kinds", ())]


def _called(values: dict[str, Any]) -> dict[str, Any]:
    told = nested(values)
    units = told.pop("recipients", [])
    roles = [codes.TaskRole.LEAD, *[codes.TaskRole.ASSIST] * len(units)]
    return {**told, "recipients": [{**row, "role": role.value} for row, role in zip(units, roles, strict=False)]}


def _source(name: str) -> Field:
    return fixed(f"source.{name}", lambda view: known(view, f"source_{name}"))


WHISTLE = (
    Form(
        DraftWhistle,
        (
            _source("kind"), _source("id"), _source("number"),
            fixed("area_path", lambda view: known(view, "area_path")),
            fixed("level", lambda view: known(view, "whistle_level")),
            choice("kind", "哪种哨", _kinds),
            choice("recipients.0.unit", "请哪个单位（主办）", _units),
            *(choice(f"recipients.{row}.unit", f"协办单位（第{row}个）", _units, required=False)
              for row in range(1, 6)),
            choice("asked_action", "请他们做什么", codes.AskedAction),
            word("asked_action_text", "具体要求", 1000, required=False),
            words("reason", "为什么吹哨", 2000, help="部门会看到：不要写电话和证件号"),
            Field("asked_time", "什么时候到", Kind.WHEN, required=False),
            word("asked_place_text", "到什么地方", 200, required=False),
        ),
        "吹哨", main=True, adapt=_called, note="应急处置哨立即吹响，其余的待街道批准。",
    ),
)  # fmt: skip


def _parties(view: View) -> Choices:
    return [
        (party["party_id"], f"{party['masked_name']}（{codes.label(codes.PartySide, party['side'])}）")
        for party in view.get("parties", ())
    ]


def _attending(view: View) -> Choices:
    return [(one["helper_id"], one["unit_name"]) for one in view.get("helpers", ()) if one.get("may_attend")]


def _present(view: View) -> Choices:
    return [*_parties(view), *_attending(view)]


def _planned(view: View) -> Choices:
    planned = [one for one in view.get("sessions", ()) if one["state"] == codes.SessionState.SCHEDULED]
    return [(one["session_id"], f"第{one['session_no']}次，{said(one['starts_at'])}") for one in planned]


def _mediators(view: View) -> Choices:
    return [(one["id"], one["name"]) for one in view.get("mediators", ())]


def _term(row: int) -> tuple[Field, ...]:
    first, at = row == 0, f"第{row + 1}项："
    return (
        word(f"terms.{row}.content", f"{at}做什么", 1000, required=first),
        word(f"terms.{row}.amount", f"{at}金额（元）", 15, required=False),
        choice(f"terms.{row}.obligor_party_id", f"{at}谁来做", _parties, required=first),
        choice(f"terms.{row}.obligee_party_id", f"{at}对谁做", _parties, required=first),
        choice(f"terms.{row}.method", f"{at}方式", codes.PerformanceMethod, required=first),
        Field(f"terms.{row}.due_at", f"{at}期限", Kind.WHEN, required=False, help="当场履行的不填"),
    )


MEDIATION = (
    Form(
        NameParty,
        (
            choice("party_id", "当事人", _parties),
            word("name", "姓名（写进协议书）", 40),
            phone("phone", "电话"),
            word("address", "住址", 200, required=False),
            choice("related.0.relation", "要回避的人是他的", codes.PartyTie, required=False),
            word("related.0.name", "要回避的人的姓名", 40, required=False, help="亲属或代理人，只用于调解员回避"),
        ),
        "登记当事人", adapt=nested, note="姓名和住址只用于文书，加密保存。",
    ),
    Form(
        AssignMediator,
        (
            choice("mediator_id", "调解员", _mediators),
            choice("how_chosen", "怎么确定的", codes.HowChosen),
            choice("replace_reason", "更换的原因", codes.ReplaceReason, required=False, help="换人时才填"),
        ),
        "确定调解员", main=True,
    ),
    Form(
        ScheduleSession,
        (
            choice("kind", "怎么开", codes.SessionKind),
            Field("starts_at", "时间", Kind.WHEN),
            word("place_text", "地点", 200),
            picks("helper_ids", "请哪些协助力量参加", _attending, help="双方都同意的才列在这里"),
            tick("notice_waived", "各方同意不提前一天通知"),
        ),
        "约调解会", main=True,
    ),
    Form(
        RecordSession,
        (
            choice("session_id", "哪一次", _planned),
            picks("present", "谁到场了", _present),
            choice("outcome", "结果", codes.SessionOutcome),
            choice("reason_code", "没谈成的原因", codes.SessionReason, required=False, help="没有全部谈成时必填"),
            words("record_text", "笔录", 10000),
        ),
        "记调解会", main=True,
    ),
    Form(
        DraftAgreement,
        (
            choice("form", "形式", codes.AgreementForm, value=codes.AgreementForm.WRITTEN.value),
            words("facts", "纠纷事实", 5000),
            words("liability", "责任", 5000),
            *(each for row in range(5) for each in _term(row)),
            number("copies", "一式几份", 100, value="3"),
        ),
        "起草协议", main=True, adapt=nested,
    ),
    Form(
        TerminateCase, (choice("reason", "原因", codes.TerminationReason),), "终止调解",
        note="终止后告知各方还可走的途径（人民调解法第二十六条）。",
    ),
)  # fmt: skip


def _places(view: View) -> Choices:
    return list(view.get("places", ()))


def _categories(view: View) -> Choices:
    return list(view.get("categories", ()))


def _told(values: dict[str, Any]) -> dict[str, Any]:
    """An appeal as it is told at a door: the title is its first words."""
    told = nested(values)
    content = str(told.get("content") or "")
    first = content.strip().splitlines()[0].split("。")[0].strip()[:TITLE_LENGTH] if content.strip() else ""
    reporter = told.get("reporter")
    if reporter and not reporter.get("phone"):
        told["reporter"] = {**reporter, "contact_preference": codes.ContactPreference.VISIT.value}
    return {**told, "title": first or None}


WHERE = (choice("area_path", "在哪里", _places), word("place_text", "具体位置", 200, help="例如：2单元301室"))
DANGER = picks("danger_flags", "有没有危险", codes.DangerFlag, help="选一项即为紧急")
BEGINNING = (
    Form(
        RegisterAppeal,
        (
            words("content", "什么事", 5000, help="一句话就行"),
            *WHERE,
            files("attachments", "照片", help="每张不超过 8 MB，最多 9 张"),
            tick("damage_ongoing", "现在还在造成损失"),
            DANGER,
            word("reporter.name", "群众姓名", 40, required=False, help="不肯说就空着，算匿名"),
            phone("reporter.phone", "群众电话", help="没有电话就空着，改为上门联系"),
            choice("category", "哪一类", _categories, value=UNSORTED),
            choice("channel", "怎么反映的", codes.Channel, value=codes.Channel.VISIT.value),
            choice("nature", "性质", codes.Nature, value=codes.Nature.HELP.value),
            tick("secret", "群众要求保密"),
        ),
        "登记诉求", main=True, adapt=_told,
    ),
    Form(
        ReportHazard,
        (
            words("description", "什么隐患", 2000, help="一句话就行"),
            *WHERE,
            choice("kind", "哪一类", codes.HazardKind),
            choice("level", "多严重", codes.HazardLevel),
            DANGER,
            files("photos", "现场照片", help="每个不超过 8 MB，最多 9 个"),
        ),
        "上报隐患", main=True,
    ),
)  # fmt: skip

REVEAL = Form(RevealContact, (PURPOSE,), "看电话", note="每次查看都记入审计。")
ADDRESS = Form(FindAddress, (PURPOSE,), "看电话", main=True, note="每次查看都记入审计。")
SHOWN_ONCE = frozenset({REVEAL.method, ADDRESS.method})
"""What these answer stands on the page once and is asked for anew each time."""

GROUPS: dict[str, tuple[Form, ...]] = {
    **PLAIN_GROUPS,
    "number": (ADDRESS, *PLAIN_GROUPS["number"], *APPEAL, *WHISTLE),
    "case_id": (*PLAIN_GROUPS["case_id"], *MEDIATION),
    "person_id": (REVEAL,),
}
FORMS = {**PLAIN, **{form.method: form for form in (ADDRESS, REVEAL, *APPEAL, *WHISTLE, *MEDIATION, *BEGINNING)}}
KEY_OF = {
    **PLAIN_KEYS,
    **{form.method: key for key, group in GROUPS.items() for form in group},
    **dict.fromkeys((form.method for form in BEGINNING), ""),
}
