"""Supervision 督办: a case found unsolved again is decided by the level above, by a date (domain §3.4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.identity import Principal
from contracts.intake.endings import DecideSupervision
from kernel.codes import SupervisionDecision
from services.intake import clocks, outcomes
from services.intake.machines import APPEAL
from services.intake.tables import Appeal


@asked(DecideSupervision)
def decide_supervision(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> Appeal:
    """REDO: back to the handler with a fresh date, and followed up again. UPHOLD: closed, never as solved.

    Errors: as `Life.begin`; Conflict where nothing waits for supervision.
    """
    appeal = APPEAL.begin(session, who, DecideSupervision, command)
    clocks.supervised(session, appeal, now)
    appeal.supervision_words = command["words"]
    if command["decision"] == SupervisionDecision.REDO:
        outcomes.reopen(session, who, appeal, outcomes.reason_of(appeal), now)
    else:
        outcomes.close(session, who, appeal, now)
    return appeal
