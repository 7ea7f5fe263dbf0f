"""Supervision 督办: a case found unsolved again is decided by the level above, by a date (domain §3.4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.identity import Principal
from contracts.events import intake as say
from kernel.codes import ReopenReason, Solved, SupervisionDecision
from services.intake import appeals, clocks, facts, outcomes, views
from services.intake.policy import rules
from services.intake.tables import Appeal

POLICY = "intake.supervision"


def supervise(session: Session, who: Principal, appeal: Appeal, reason: ReopenReason, now: datetime) -> None:
    """The result stays reported; the level of policy key intake.supervision has it on its desk until its date."""
    appeal.supervision_needed_at = now
    appeal.supervision_level = rules(now).value(POLICY)["level"]
    due = clocks.supervise(session, appeal, now)
    told = {"reason_code": reason, "reopen_count": appeal.reopen_count, "level": appeal.supervision_level}
    facts.tell(session, say.AppealSupervised, appeal, who, now, **told, due_at=due, lead_unit=appeal.lead_unit)


def decide_supervision(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """REDO: back to the handler with a fresh date, and followed up again. UPHOLD: closed, never as solved.

    Errors: as `appeals.begin`; Conflict where nothing waits for supervision.
    """
    appeal = appeals.begin(session, who, "decide_supervision", command)
    clocks.supervised(session, appeal, now)
    appeal.supervision_words = command["words"]
    if command["decision"] == SupervisionDecision.REDO:
        outcomes.reopen(session, who, appeal, outcomes.reason_of(Solved(str(appeal.solved))), now)
    else:
        outcomes.close(session, who, appeal, now)
    return views.full(appeal, who, now)
