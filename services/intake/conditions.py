"""The stretches of an appeal's life, and what its own history rules out although its state would allow it (domain
§3.4)."""

from __future__ import annotations

from chassis.errors import Conflict
from kernel.codes import AppealState as A
from kernel.codes import HazardLevel, HazardState, Urgency
from services.intake.tables import Appeal, Hazard

WORKING = frozenset({A.IN_PROGRESS, A.WHISTLED, A.IN_MEDIATION})
"""Somebody has signed and works on it."""

TRIAGE = frozenset({A.REGISTERED, A.ACCEPTED, A.ASSIGNED})
"""Nobody works on it yet."""

IN_HAND = TRIAGE | {A.IN_PROGRESS, A.REOPENED}
"""With one person, who may hand it over: nobody else is at work on it."""

NON_TERMINAL = TRIAGE | WORKING | {A.LISTED, A.ON_ACCOUNT, A.RESULT_REPORTED, A.REOPENED}

ENDED = frozenset({A.ANSWERED, A.DIVERTED, A.DECLINED, A.MERGED, A.WITHDRAWN, A.CLOSED})
"""No work goes on. MERGED, WITHDRAWN and DECLINED may be taken up again (`resuming`)."""

NEEDS_MEASURE = frozenset({HazardLevel.SERIOUS, HazardLevel.MAJOR})

BEFORE_WORK = frozenset({"divert_appeal", "decline_appeal"})
"""Endings of triage: once somebody has signed, a result and its follow-up are owed."""

FIRST_ROUND = BEFORE_WORK | {"answer_appeal", "merge_appeal"}
"""Nothing ends without a follow-up after a follow-up has found it unsolved."""


def refusal(appeal: Appeal, command: str) -> Conflict | None:
    """Why the command is ruled out; None when it is not."""
    if command in FIRST_ROUND and appeal.reopen_count:
        return Conflict("重新办理的诉求不能再这样了结，请办理后反馈结果")
    if command in BEFORE_WORK and appeal.signed_at is not None:
        return Conflict("已经签收办理的诉求不能再引导或不予受理，请反馈办理结果并说明理由")
    if command == "decide_supervision" and appeal.supervision_due is None:
        return Conflict("此件没有待处理的督办")
    if command == "enter_need" and appeal.urgency == Urgency.EMERGENCY:
        return Conflict("紧急的事不能等联席会，请马上处置")
    if command == "ask_on_account" and appeal.urgency == Urgency.EMERGENCY:
        return Conflict("紧急的事不能挂账，请马上处置")
    if command == "ask_on_account" and appeal.account_asked_at is not None:
        return Conflict("挂账已经申请，正在等审批")
    if command == "decide_on_account" and appeal.account_asked_at is None:
        return Conflict("此件没有待审批的挂账")
    if command == "object_ending" and appeal.object_until is None:
        return Conflict("此件的了结不能再提异议，如有新情况请重新反映")
    return None


def unsecured(hazard: Hazard, command: str) -> Conflict | None:
    """Too dangerous to be struck off without an interim measure before."""
    waits = hazard.level in NEEDS_MEASURE and hazard.state == HazardState.REGISTERED
    if waits and command == "verify_hazard":
        return Conflict("较大及以上隐患须先采取临时措施并拍照", allowed_states=[HazardState.SECURED.value])
    return None
