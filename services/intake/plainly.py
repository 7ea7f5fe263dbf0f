"""The own case as a resident reads it: by number and telephone tail, in plain words, nobody's personal data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.identity import Principal
from contracts.intake.on_account import AccountDecision
from contracts.intake.residents import CheckHazard, CheckResident
from kernel.calendar import due_words, last_day_words, moment_words
from kernel.codes import (
    AppealState,
    ExtendReason,
    HandlingStage,
    HazardKind,
    HazardState,
    MeasureCode,
    NeedDecision,
    ResultKind,
)
from kernel.masking import mask_personal
from services.intake import categories, door, incidents
from services.intake.tables import Appeal, Hazard, NeedItem

Step = dict[str, Any]

STATE_WORDS = {
    AppealState.REGISTERED: "您的诉求已经登记，正在安排人员",
    AppealState.ACCEPTED: "您的诉求已经受理，正在安排人员",
    AppealState.ASSIGNED: "已经安排了办理人员，马上与您联系",
    AppealState.IN_PROGRESS: "正在办理",
    AppealState.WHISTLED: "社区已请有关部门一起办理",
    AppealState.IN_MEDIATION: "正在调解",
    AppealState.ON_ACCOUNT: "眼下条件不够，先挂账，到日子再研究",
    AppealState.LISTED: "当场办不了，已经列入需求清单，等联席会研究",
    AppealState.RESULT_REPORTED: "已有办理结果，会有人回访听您的意见",
    AppealState.REOPENED: "您不满意的地方，正在重新办理",
    AppealState.CLOSED: "已经办结",
    AppealState.ANSWERED: "已经当场答复",
    AppealState.DIVERTED: "此事已为您指明办理途径",
    AppealState.DECLINED: "此事依规定不能受理，原因已告知您",
    AppealState.MERGED: "与同一件事合并办理",
    AppealState.WITHDRAWN: "已经撤回，不再办理",
}
HAZARD_WORDS = {
    HazardState.REGISTERED: "已经登记，正在派人去看",
    HazardState.SECURED: "现场已经看护起来，正在找权属单位处理",
    HazardState.REMOVED: "危险已经消除，工作人员到现场核实过了",
}
STAGE_WORDS = {
    HandlingStage.DANGER_REMOVED: "险情已经排除",
    HandlingStage.CAUSE_FOUND: "原因已经查明",
    HandlingStage.LOSS_RECORDED: "损失已经登记",
    HandlingStage.PROGRESS: "办理有了新进展",
}


@asked(CheckResident)
def check_resident(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The case, if the tail is that of the reporter or of the one who speaks for the reporter. Errors: NotFound."""
    appeal = door.known(session, Appeal, command, lambda row: (row.reporter, row.contact_person))
    return _view(session, appeal, now)


@asked(CheckHazard)
def check_hazard(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The hazard, if the tail is that of who reported it. Errors: NotFound."""
    found = door.known(session, Hazard, command, lambda row: (row.reporter,))
    return {
        "number": found.case_number,
        "state": found.state,
        "state_text": HAZARD_WORDS[HazardState(found.state)],
        "title": f"{HazardKind(found.kind).label}：{mask_personal(found.place_text)}"[:80],
        "registered_at": found.created_at,
        "first_responder_name": found.on_duty_name or found.reported_by["name"],
        "steps": list(_of_hazard(found)),
    }


def _of_hazard(found: Hazard) -> Iterator[Step]:
    yield _step(found.created_at, "已经登记，马上有人去看")
    for measure in found.measures:
        yield _step(measure.at, f"现场已经采取措施：{MeasureCode(measure.measure_code).label}")
    if found.removed_at:
        yield _step(found.removed_at, HAZARD_WORDS[HazardState.REMOVED])


def _view(session: Session, appeal: Appeal, now: datetime) -> dict[str, Any]:
    """A merged case shows how the surviving one stands, and nothing that was said or written in that one."""
    category = categories.tree(session).get(appeal.category)
    going_on = _survivor(session, appeal)
    state = AppealState(going_on.state)
    return {
        "number": appeal.case_number,
        "state": state,
        "state_text": _state_text(going_on, merged=going_on is not appeal),
        "next_text": incidents.notice_for(session, going_on) or _next(going_on, now),
        "title": mask_personal(appeal.title),
        "category_label": category and category["name"],
        "registered_at": appeal.created_at,
        "promise_at": appeal.promise_at,
        "first_responder_name": going_on.first_responder_name,
        "service_phone": None,
        "result_text": _result_text(appeal) or mask_personal(incidents.answer_for(session, going_on) or "") or None,
        "result_attachments": appeal.result_attachments or [],
        "merged_into": appeal.merged_into_number,
        "steps": sorted([*_steps(appeal), *_followed(appeal, going_on)], key=lambda step: step["at"]),
    }


def _survivor(session: Session, appeal: Appeal) -> Appeal:
    """The case that goes on for this one: itself where it was not merged."""
    into = session.get(Appeal, appeal.merged_into) if appeal.merged_into else None
    return appeal if into is None else _survivor(session, into)


def _state_text(appeal: Appeal, *, merged: bool) -> str:
    state = AppealState(appeal.state)
    words = STATE_WORDS.get(state, state.label)
    if appeal.supervision_due:
        words = "您说问题没有解决，已转上级督办"
    return f"与同一件事合并办理：{words}" if merged else words


def _result_text(appeal: Appeal) -> str | None:
    """What was found, or why it was not taken up."""
    ending = appeal.ending
    told = ending.words if ending and ending.kind in ("ANSWERED", "DECLINED") else None
    return mask_personal(appeal.result_text or told or "") or None


def _next(appeal: Appeal, now: datetime) -> str | None:
    if appeal.supervision_due:
        late = appeal.supervision_due < now
        return "上级督办已超时，正在催办" if late else f"上级最晚{due_words(appeal.supervision_due)}前决定是否重新办理"
    if appeal.object_until and now <= appeal.object_until:
        return f"如果您不同意，请在{last_day_words(appeal.object_until)}（含当日）前告诉我们，我们会恢复办理"
    if appeal.due_at is None or appeal.result_at is not None or appeal.state not in OPEN:
        return None
    if appeal.due_at < now:
        return "已超过答应您的时间，正在催办"
    if appeal.state == AppealState.LISTED:
        return f"{due_words(appeal.due_at)}前开联席会研究"
    if appeal.state == AppealState.ON_ACCOUNT:
        return f"最晚{due_words(appeal.due_at)}前再研究"
    return f"最晚{due_words(appeal.due_at)}前给您回话"


OPEN = frozenset(
    {
        AppealState.REGISTERED,
        AppealState.ACCEPTED,
        AppealState.ASSIGNED,
        AppealState.IN_PROGRESS,
        AppealState.WHISTLED,
        AppealState.IN_MEDIATION,
        AppealState.LISTED,
        AppealState.ON_ACCOUNT,
        AppealState.REOPENED,
    }
)


def _followed(appeal: Appeal, going_on: Appeal) -> Iterator[Step]:
    """How the surviving case went on, in words of codes only: its own belong to its own reporter."""
    if going_on is appeal:
        return
    for extension in going_on.extensions:
        yield _step(extension.at, f"办理时间延长，原因：{ExtendReason(extension.reason_code).label}")
    yield from _worked(going_on)


def _steps(appeal: Appeal) -> Iterator[Step]:
    yield _step(appeal.created_at, f"已登记，{appeal.first_responder_name}负责到底")
    if appeal.first_contacted_at:
        yield _step(appeal.first_contacted_at, "工作人员已与您联系")
    for extension in appeal.extensions:
        yield _step(extension.at, f"办理时间延长，原因：{mask_personal(extension.reason)}")
    yield from _worked(appeal)
    for account in appeal.accounts:
        if account.decided_at and account.decision == AccountDecision.APPROVE:
            yield _step(account.decided_at, f"挂账，原因：{mask_personal(account.reason)}")
    for item in appeal.needs:
        if item.decided_at and item.decision == NeedDecision.CANNOT and item.reason:
            yield _step(item.decided_at, f"原因：{mask_personal(item.reason)}")


def _needed(item: NeedItem) -> Iterator[Step]:
    yield _step(item.listed_at, "当场办不了，列入需求清单")
    if item.meeting_at:
        yield _step(item.listed_at, f"{moment_words(item.meeting_at)}的会研究这件事")
    if item.decided_at and item.decision:
        until = f"，{due_words(item.until)}前办好" if item.until else ""
        yield _step(item.decided_at, f"联席会决定：{NeedDecision(item.decision).label}{until}")
    if item.met_at:
        yield _step(item.met_at, "需求清单上的这一项已经办好")


def _worked(appeal: Appeal) -> Iterator[Step]:
    for row in appeal.handlings:
        if row.stage:
            yield _step(row.at, STAGE_WORDS[HandlingStage(row.stage)])
    for item in appeal.needs:
        yield from _needed(item)
    for sweep in appeal.surveys:
        if sweep.concluded_at:
            found = f"社区走访了{sweep.visited}个单元，{sweep.needing}个单元也有这个需要"
            yield _step(sweep.concluded_at, found)
    if appeal.dispute:
        yield _step(appeal.dispute.at, "已转人民调解")
    if appeal.result_at and appeal.result_kind:
        yield _step(appeal.result_at, f"办理结果：{ResultKind(appeal.result_kind).label}")
    if appeal.supervision_needed_at:
        yield _step(appeal.supervision_needed_at, "您说问题没有解决，已转上级督办")
    for ending in appeal.endings:
        yield _step(ending.at, STATE_WORDS[AppealState(ending.kind)])
        if ending.resumed_at:
            yield _step(ending.resumed_at, "恢复办理，原来答应您的时间不变")
    if appeal.closed_at:
        yield _step(appeal.closed_at, "已经办结")


def _step(at: datetime, text: str) -> Step:
    return {"at": at, "text": text[:300]}
