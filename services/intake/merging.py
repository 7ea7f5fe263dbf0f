"""What a merge brings to the survivor: higher urgency, dangers, earlier dates (domain §3.4, A1 variant d)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from chassis.errors import Conflict
from chassis.identity import Principal
from contracts.intake.endings import AppealJoined, AppealMerged
from kernel.codes import Urgency
from services.intake import facts, stopped_clocks
from services.intake.tables import Appeal, Deadline
from services.intake.urgency import WORST_FIRST


def follow(
    session: Session, who: Principal, appeal: Appeal, survivor: Appeal, theirs: Iterable[Deadline], now: datetime
) -> None:
    """The appeal follows the survivor from now on, which takes over `theirs`, the appeal's clocks; both are told of.

    Errors: Conflict where the survivor waits for its follow-up and could not answer the higher urgency in time.
    """
    appeal.merged_into, appeal.merged_into_number = survivor.id, survivor.case_number
    raised = _is_higher(appeal.urgency, survivor.urgency)
    if raised and survivor.result_at is not None:
        raise Conflict("对方工单已有办理结果，此件更紧急，请单独办理", number=survivor.case_number)
    _raise(survivor, appeal)
    stopped_clocks.take_over(session, survivor, theirs, now)
    into = {"into_id": survivor.id, "into_number": survivor.case_number}
    facts.tell(session, AppealMerged, appeal, who, now, **into)
    told = {"urgency": survivor.urgency, "danger_flags": survivor.danger_flags, "due_at": survivor.due_at}
    joined = {"from_id": appeal.id, "from_number": appeal.case_number, "urgency_raised": raised}
    facts.tell(session, AppealJoined, survivor, who, now, **told, **joined)


def _raise(survivor: Appeal, appeal: Appeal) -> None:
    if _is_higher(appeal.urgency, survivor.urgency):
        survivor.urgency = appeal.urgency
        grounds = [f"并入的 {appeal.case_number}：{reason}" for reason in appeal.urgency_reasons]
        survivor.urgency_reasons = [*grounds, *survivor.urgency_reasons]
    survivor.damage_ongoing = survivor.damage_ongoing or appeal.damage_ongoing
    survivor.danger_flags = list(dict.fromkeys([*survivor.danger_flags, *appeal.danger_flags]))


def _is_higher(one: str, other: str) -> bool:
    return WORST_FIRST.index(Urgency(one)) < WORST_FIRST.index(Urgency(other))
