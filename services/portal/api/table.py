"""The table of routes: every question and order of the contracts, once."""

from __future__ import annotations

import re
from typing import Any

from contracts.rpc import dispatch, intake, mediation, notify
from services.portal.api.route import Route

APPEALS, HAZARDS, WHISTLES, TASKS, MEDIATION = "诉求", "隐患", "吹哨", "哨令", "调解"
FOLLOW_UPS, MESSAGES, PLACES, UNITS, PEOPLE = "回访", "通知与公示", "区域与类别", "单位与权责", "居民"

HANDLER = "承办人，或该处的网格员、社区、街道"
DESKS = "该处的网格员、社区、窗口、街道、区指挥中心"
COORDINATORS = "该处的社区、街道、区指挥中心"
RECEIVER = "该单位名册上的接哨员"
WHISTLER = "吹哨一方：该处的社区、街道（应急哨含网格员），不得为被评价单位的人"
STREET = "该处的街道或区指挥中心"
MEDIATOR = "本案调解员，或该处的社区调解组织"
LEAVE = "本人，或该处的社区、街道、区指挥中心"
UNIT_LEAVE = "本人、单位负责人，或单位所在的社区、街道、区指挥中心"
CLERK = "回访员，不得属于承办单位"
EVERYBODY = "任何人，无需登录"

UUID_FORM = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def case_key(ids: dict[str, Any]) -> dict[str, Any]:
    """A mediation case is found by its id or by the number of the case it came from."""
    field = "case_id" if UUID_FORM.fullmatch(ids["key"]) else "case_number"
    return {field: ids["key"]}


def appeal(verb: str, command: Any, who: str, note: str = "") -> Route:
    return Route("POST", f"/appeals/<number>/{verb}", command, APPEALS, who, note)


def hazard(verb: str, command: Any, who: str, note: str = "") -> Route:
    return Route("POST", f"/hazards/<number>/{verb}", command, HAZARDS, who, note)


def whistle(verb: str, command: Any, note: str = "") -> Route:
    return Route("POST", f"/whistles/<whistle_id>/{verb}", command, WHISTLES, STREET, note)


def task(verb: str, command: Any, who: str, note: str = "") -> Route:
    return Route("POST", f"/tasks/<task_id>/{verb}", command, TASKS, who, note)


def case(verb: str, command: Any, note: str = "", **more: Any) -> Route:
    return Route("POST", f"/mediations/<case_id>/{verb}", command, MEDIATION, MEDIATOR, note, **more)


def agreement(verb: str, command: Any, note: str = "") -> Route:
    return Route("POST", f"/agreements/<agreement_id>/{verb}", command, MEDIATION, MEDIATOR, note)


def follow_up(verb: str, command: Any, note: str = "") -> Route:
    return Route("POST", f"/follow-ups/<follow_up_id>/{verb}", command, FOLLOW_UPS, CLERK, note)


INTAKE = [
    Route("POST", "/appeals", intake.RegisterAppeal, APPEALS, "网格员、社区、窗口、街道",
          "紧急程度由系统按类别、损失和危险标记计算。reporter 为空即匿名。", 201, "/api/appeals/{number}"),
    Route("GET", "/appeals", intake.ListAppeals, APPEALS, note="只列出本人职责区域内的诉求。"),
    Route("GET", "/appeals/<number>", intake.GetAppeal, APPEALS),
    appeal("accept", intake.AcceptAppeal, "该处的网格员、社区、街道、区指挥中心"),
    appeal("assign", intake.AssignAppeal, COORDINATORS, "派单即起算时限。"),
    appeal("sign", intake.SignAppeal, "承办人"),
    appeal("contacts", intake.RecordContact, HANDLER),
    appeal("handlings", intake.RecordHandling, HANDLER),
    appeal("disputes", intake.IdentifyDispute, HANDLER, "转入调解，诉求等待调解结果。"),
    appeal("urgency", intake.RaiseUrgency, "承办人、该处各岗位、诉求人本人", "只能提高，时限只会提前。"),
    appeal("extensions", intake.ExtendAppeal, HANDLER,
           "须在原时限届满之前，理由告知群众；days 为自然日；时限以小时计的可填 hours。"),
    appeal("results", intake.ReportResult, HANDLER, "“已解决”须有佐证材料。"),
    appeal("answer", intake.AnswerAppeal, DESKS),
    appeal("divert", intake.DivertAppeal, DESKS),
    appeal("decline", intake.DeclineAppeal, DESKS, "不予受理的法定理由告知群众。"),
    appeal("merge", intake.MergeAppeal, DESKS, "本件并入 into_number，随其办理。"),
    appeal("withdrawal", intake.WithdrawAppeal, "诉求人本人，或承办人以外的工作人员代为登记（须有本人录音或签字文件）"),
    appeal("objection", intake.ObjectEnding, "诉求人本人，或该处的网格员、社区、窗口、街道、区指挥中心",
           "代为撤回的，或不予受理要求复核的（一次）：在期限内提出即恢复办理。"),
    appeal("supervision-decision", intake.DecideSupervision, STREET, "再次未解决的，由上一级决定重新办理或维持结果。"),
    Route("POST", "/hazards", intake.ReportHazard, HAZARDS, "网格员、社区、楼门管家、街道、居民",
          "任一危险标记即为紧急。", 201, "/api/hazards/{number}"),
    Route("GET", "/hazards", intake.ListHazards, HAZARDS),
    Route("GET", "/hazards/<number>", intake.GetHazard, HAZARDS),
    hazard("measures", intake.SecureHazard, "该处的网格员、社区、街道", "较大和重大隐患须有管控照片。"),
    hazard("verification", intake.VerifyHazard, "该处的网格员、社区、街道"),
    Route("GET", "/public/cases/<number>", intake.CheckResident, PEOPLE, EVERYBODY,
          "编号与电话尾号都对才有答复；都不对与只对一个，答复相同。连续查错会被暂停。", public=True),
    Route("POST", "/people/<person_id>/contact", intake.RevealContact, PEOPLE, "承办此件的工作人员、回访员",
          "每次查看都记入审计，须写明用途。"),
    Route("POST", "/appeals/<number>/address", intake.FindAddress, PEOPLE, "回访员",
          "有结果待回访时可查看报告人的电话；要求保密的，只给电话。每次查看都记入审计。"),
    Route("GET", "/areas", intake.ListAreas, PLACES, EVERYBODY, "不带 parent 时列出最上级。", public=True),
    Route("GET", "/posts", intake.ResolvePost, PLACES, note="at 为空即现在。"),
    Route("POST", "/posts/leaves", intake.RecordPostLeave, PLACES, LEAVE, "from_at 为空即现在；未签收的件转给顶岗人。"),
    Route("POST", "/posts/leaves/<leave_id>/end", intake.EndPostLeave, PLACES, LEAVE),
    Route("GET", "/posts/leaves", intake.ListPostLeaves, PLACES, note="该处及以下岗位尚未结束的请假。"),
    Route("GET", "/categories", intake.ListCategories, PLACES, EVERYBODY, public=True),
]  # fmt: skip

DISPATCH = [
    Route("POST", "/whistles", dispatch.DraftWhistle, WHISTLES, "该处的社区、街道、吹哨员；网格员只可吹应急哨",
          "应急哨立即生效，其余待街道批准。不得写入电话和证件号。", 201, "/api/whistles/{number}"),
    Route("GET", "/whistles", dispatch.ListWhistles, WHISTLES, note="只列出本人职责区域内的哨单。"),
    Route("GET", "/whistles/<number>", dispatch.GetWhistle, WHISTLES),
    whistle("approval", dispatch.ApproveWhistle),
    whistle("return", dispatch.ReturnWhistle),
    whistle("cancellation", dispatch.CancelWhistle),
    Route("GET", "/tasks", dispatch.ListTasks, TASKS, "该单位的人，或该处的社区、街道、区指挥中心"),
    Route("GET", "/tasks/<task_id>", dispatch.GetTask, TASKS),
    task("signature", dispatch.SignTask, RECEIVER),
    task("objection", dispatch.ObjectTask, RECEIVER, "每件哨令只可提一次，须引用法定依据；应急哨边办边议。"),
    task("objection-decision", dispatch.DecideObjection, STREET, "异议成立且给出 new_unit 时，改派新单位并重新计时。"),
    task("report-in", dispatch.ReportIn, RECEIVER, "arrived_at 为空即现在。"),
    task("progress", dispatch.ProgressTask, RECEIVER),
    task("completion", dispatch.FinishTask, RECEIVER),
    task("confirmation", dispatch.ConfirmTask, WHISTLER),
    task("rejection", dispatch.RejectTask, WHISTLER),
    task("rating", dispatch.RateTask, WHISTLER, "及时 20、到位 20、效果 40、配合 20。"),
    task("rating-waiver", dispatch.WaiveRating, STREET),
    Route("GET", "/units", dispatch.ListUnits, UNITS),
    Route("POST", "/units/<unit>/leaves", dispatch.RecordReceiverLeave, UNITS, UNIT_LEAVE,
          "from_at 为空即现在；未签收的哨令转给在岗的人。"),
    Route("POST", "/units/<unit>/leaves/<leave_id>/end", dispatch.EndReceiverLeave, UNITS, UNIT_LEAVE),
    Route("GET", "/units/<unit>/leaves", dispatch.ListReceiverLeaves, UNITS, UNIT_LEAVE),
    Route("GET", "/units/<unit>/updates", dispatch.ListDepartmentUpdates, TASKS, "该单位的人",
          "送给该单位的消息，按位置先后；用于没有收到推送时补取。"),
    Route("GET", "/duty-items", dispatch.ListDutyItems, UNITS),
]  # fmt: skip

MEDIATIONS = [
    Route("GET", "/mediations/<key>", mediation.GetCase, MEDIATION,
          note="key 为案件标识（UUID），或来源诉求的编号。", adapt=case_key),
    case("parties", mediation.NameParty, "姓名和地址只用于文书，加密保存。"),
    case("willingness", mediation.RecordWillingness, "一方明确拒绝调解，调解即终止（人民调解法第十七条）。"),
    case("mediator", mediation.AssignMediator),
    case("helper-consents", mediation.ConsentToHelper, "邀请协助人员须经当事人同意（人民调解法第二十条）。"),
    case("sessions", mediation.ScheduleSession),
    case("sessions/<session_id>/move", mediation.MoveSession, "当事人和协助单位会收到新的时间和地点。"),
    case("sessions/<session_id>/record", mediation.RecordSession),
    case("agreements", mediation.DraftAgreement, "口头协议即时生效；书面协议待各方签字、调解员签字并盖章。",
         status=201, location="/api/agreements/{id}/document.pdf"),
    case("termination", mediation.TerminateCase, "告知各方其他救济途径（人民调解法第二十六条）。"),
    agreement("signatures", mediation.SignAgreement, "If-Match 为协议的版本。"),
    agreement("seal", mediation.SealAgreement, "If-Match 为协议的版本。"),
    agreement("performance", mediation.RecordPerformance, "If-Match 为协议的版本。"),
    Route("GET", "/agreements/<agreement_id>/document.pdf", mediation.AgreementDocument, MEDIATION, MEDIATOR,
          "供打印和签字的 PDF。", file=True),
]  # fmt: skip

NOTIFY = [
    Route("GET", "/follow-ups", notify.ListFollowUps, FOLLOW_UPS, CLERK),
    Route("GET", "/follow-ups/<case_number>", notify.GetFollowUp, FOLLOW_UPS, note="按诉求或隐患的编号。"),
    follow_up("attempts", notify.AttemptFollowUp),
    follow_up("completion", notify.CompleteFollowUp),
    follow_up("invalidation", notify.CloseFollowUpInvalid),
    Route("GET", "/messages", notify.ListMessages, MESSAGES),
    Route("GET", "/notices", notify.ListNotices, MESSAGES, EVERYBODY, public=True),
]

ROUTES: list[Route] = [*INTAKE, *DISPATCH, *MEDIATIONS, *NOTIFY]
