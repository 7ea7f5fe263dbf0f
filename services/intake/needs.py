"""The need list 需求清单: an appeal waits for the joint meeting, and goes on as it decides (domain §2 A6, §3.4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Invalid
from chassis.identity import Principal
from contracts.intake.needs import DecideNeed, EnterNeed, NeedDecided, NeedListed, NeedMet
from kernel.calendar import local_day
from kernel.codes import NeedDecision, ResultKind
from services.intake import clocks, facts
from services.intake.machines import APPEAL
from services.intake.tables import Appeal, NeedItem

Command = dict[str, Any]


@asked(EnterNeed)
def enter_need(session: Session, who: Principal, command: Command, now: datetime) -> Appeal:
    """The feedback clock gives way to that of the meeting. Errors: as `Life.begin`; Conflict for an emergency."""
    appeal = APPEAL.begin(session, who, EnterNeed, command)
    meeting_by = clocks.listed(session, appeal, now)
    appeal.needs.append(NeedItem(listed_at=now, need=command["need"], meeting_by=meeting_by))
    return APPEAL.done(session, who, appeal, now, NeedListed, meeting_by=meeting_by)


@asked(DecideNeed)
def decide_need(session: Session, who: Principal, command: Command, now: datetime) -> Appeal:
    """The feedback clock runs again, to the date given. Errors: as `Life.begin`; Invalid for a date gone by."""
    appeal = APPEAL.begin(session, who, DecideNeed, command)
    until, item = command["until"], appeal.needs[-1]
    Invalid.where(until=until is not None and until <= local_day(now) and "要在今天以后")
    due = clocks.decided(session, appeal, until, now)
    item.decision, item.until = str(command["decision"]), due if until else None
    item.reason, item.decided_by_id, item.decided_by_name = command["reason"], who.id, who.name
    item.decided_at = now
    told = {"decision": command["decision"], "until": item.until, "decided_by": item.decided_by}
    return APPEAL.done(session, who, appeal, now, NeedDecided, **told)


def met(session: Session, who: Principal, appeal: Appeal, now: datetime) -> None:
    """What was decided to be done is done, once the appeal is solved."""
    item = appeal.needs[-1] if appeal.needs and appeal.result_kind == ResultKind.SOLVED else None
    if item and item.met_at is None and item.decision != NeedDecision.CANNOT:
        item.met_at = now
        facts.tell(session, NeedMet, appeal, who, now)
