"""The own case as a resident reads it: by number and telephone tail, in plain words, nobody's personal data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.errors import NotFound
from chassis.identity import Principal
from kernel import attachments
from kernel.calendar import local
from kernel.codes import AppealState, HandlingStage, ResultKind
from kernel.masking import mask_personal
from services.intake import appeals, categories, residents
from services.intake.tables import Appeal

Step = dict[str, Any]

STATE_WORDS = {
    AppealState.REGISTERED: "您的诉求已经登记，正在安排人员",
    AppealState.ACCEPTED: "您的诉求已经受理，正在安排人员",
    AppealState.ASSIGNED: "已经安排了办理人员，马上与您联系",
    AppealState.IN_PROGRESS: "正在办理",
    AppealState.WHISTLED: "社区已请有关部门一起办理",
    AppealState.IN_MEDIATION: "正在调解",
    AppealState.RESULT_REPORTED: "已有办理结果，会有人回访听您的意见",
    AppealState.REOPENED: "您不满意的地方，正在重新办理",
    AppealState.CLOSED: "已经办结",
    AppealState.ANSWERED: "已经当场答复",
    AppealState.DIVERTED: "此事已为您指明办理途径",
    AppealState.DECLINED: "此事依规定不能受理，原因已告知您",
    AppealState.MERGED: "与同一件事合并办理",
    AppealState.WITHDRAWN: "已按您的意思撤回",
}
STAGE_WORDS = {
    HandlingStage.DANGER_REMOVED: "险情已经排除",
    HandlingStage.CAUSE_FOUND: "原因已经查明",
    HandlingStage.LOSS_RECORDED: "损失已经登记",
    HandlingStage.PROGRESS: "办理有了新进展",
}


def check_resident(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The case, if the tail is that of the reporter or of the one who speaks for the reporter.

    Errors: NotFound for both a wrong number and a wrong tail, so that nobody can find out which numbers exist.
    """
    appeal = appeals.by_number(session, command["number"])
    tail = command["phone_tail"]
    known = appeal is not None and (
        residents.has_tail(appeal.reporter, tail) | residents.has_tail(appeal.contact_person, tail)
    )
    if appeal is None or not known:
        raise NotFound("编号或电话尾号不对，请核对后再试")
    return _view(session, appeal, now)


def _view(session: Session, appeal: Appeal, now: datetime) -> dict[str, Any]:
    category = {view["code"]: view for view in categories.listing(session)["items"]}.get(appeal.category)
    ending = appeal.ending
    told = ending.words if ending and ending.kind in ("ANSWERED", "DECLINED") else None
    state = AppealState(appeal.state)
    return {
        "number": appeal.case_number,
        "state": state,
        "state_text": STATE_WORDS.get(state, state.label),
        "next_text": _next(appeal, now),
        "title": mask_personal(appeal.title),
        "category_label": category and category["name"],
        "registered_at": appeal.created_at,
        "promise_at": appeal.promise_at,
        "first_responder_name": appeal.first_responder_name,
        "service_phone": None,
        "result_text": mask_personal(appeal.result_text or told or "") or None,
        "result_attachments": attachments.loaded(appeal.result_attachments or []),
        "merged_into": appeal.merged_into_number,
        "steps": sorted(_steps(appeal), key=lambda step: step["at"]),
    }


def _next(appeal: Appeal, now: datetime) -> str | None:
    if appeal.due_at is None or appeal.result_at is not None or appeal.state not in OPEN:
        return None
    if appeal.due_at < now:
        return f"已超过答应您的时间，{appeal.first_responder_name}会催办并告诉您原因"
    due = local(appeal.due_at)
    return f"最晚 {due.month} 月 {due.day} 日 {due:%H:%M} 前给您回话"


OPEN = frozenset(
    {
        AppealState.REGISTERED,
        AppealState.ACCEPTED,
        AppealState.ASSIGNED,
        AppealState.IN_PROGRESS,
        AppealState.WHISTLED,
        AppealState.IN_MEDIATION,
        AppealState.REOPENED,
    }
)


def _steps(appeal: Appeal) -> Iterator[Step]:
    yield _step(appeal.created_at, f"已登记，{appeal.first_responder_name}负责到底")
    if appeal.first_contacted_at:
        yield _step(appeal.first_contacted_at, "工作人员已与您联系")
    for row in appeal.handlings:
        if row.stage:
            yield _step(row.at, STAGE_WORDS[HandlingStage(row.stage)])
    for extension in appeal.extensions:
        yield _step(extension.at, f"办理时间延长，原因：{mask_personal(extension.reason)}")
    if appeal.dispute:
        yield _step(appeal.dispute.at, "已转人民调解")
    if appeal.result_at and appeal.result_kind:
        yield _step(appeal.result_at, f"办理结果：{ResultKind(appeal.result_kind).label}")
    if appeal.ending:
        yield _step(appeal.ending.at, STATE_WORDS[AppealState(appeal.state)])
    if appeal.closed_at:
        yield _step(appeal.closed_at, "已经办结")


def _step(at: datetime, text: str) -> Step:
    return {"at": at, "text": text[:300]}
