"""What an appeal's own history rules out, although its state would allow it (domain §3.4)."""

from __future__ import annotations

from chassis.errors import Conflict
from services.intake.tables import Appeal

BEFORE_WORK = frozenset({"divert_appeal", "decline_appeal"})
"""Endings of triage: once somebody has signed, a result and its follow-up are owed."""

FIRST_ROUND = BEFORE_WORK | {"answer_appeal", "merge_appeal"}
"""Nothing ends without a follow-up after a follow-up has found it unsolved."""


def refusal(appeal: Appeal, command: str) -> str | None:
    """Why the command is ruled out; None when it is not."""
    if command in FIRST_ROUND and appeal.reopen_count:
        return "重新办理的诉求不能再这样了结，请办理后反馈结果"
    if command in BEFORE_WORK and appeal.signed_at is not None:
        return "已经签收办理的诉求不能再引导或不予受理，请反馈办理结果并说明理由"
    if command == "decide_supervision" and appeal.supervision_due is None:
        return "此件没有待处理的督办"
    if command == "object_ending" and appeal.object_until is None:
        return "此件的了结不能再提异议，如有新情况请重新反映"
    return None


def check(appeal: Appeal, command: str) -> None:
    """Errors: Conflict, saying why."""
    if reason := refusal(appeal, command):
        raise Conflict(reason, command=command, state=str(appeal.state))
