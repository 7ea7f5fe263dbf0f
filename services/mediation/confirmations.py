"""After effect: copies handed over, and judicial confirmation within its window (人民调解法 art. 29, 33)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.entrypoints import asked, every
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from contracts.mediation.confirmations import (
    AgreementCopyHandedOver,
    ApplyForConfirmation,
    ConfirmationApplied,
    ConfirmationDecided,
    ConfirmationLapsed,
    HandOverCopy,
    RecordConfirmation,
)
from kernel.calendar import local_day
from kernel.codes import AgreementForm, AgreementState, JudicialState
from services.mediation import access, parties, states
from services.mediation.facts import tell
from services.mediation.tables import Agreement, Case

Command = dict[str, Any]
OUTCOMES = {JudicialState.CONFIRMED, JudicialState.DISMISSED, JudicialState.WITHDRAWN}
_BATCH = 100


@asked(HandOverCopy)
def hand_over(session: Session, who: Principal, command: Command, now: datetime) -> Agreement:
    """Errors: as `states.begin`; NotFound; Conflict for a second time; Invalid for a day before effect or to come."""
    agreement = states.begin(session, who, HandOverCopy, command)
    key = str(parties.find(agreement.case, command["party_id"]).party_id)
    if key in {one["party_id"] for one in agreement.copies_handed}:
        raise Conflict("已记过交给这一方", party_id=key)
    day = _day(agreement, command, "handed_on", now)
    one = {"party_id": key, "handed_on": day.isoformat(), "by": access.staff(who)}
    agreement.copies_handed = [*agreement.copies_handed, one]
    return _done(session, who, agreement, now, AgreementCopyHandedOver, party_id=key, handed_on=day)


@asked(ApplyForConfirmation)
def apply(session: Session, who: Principal, command: Command, now: datetime) -> Agreement:
    """Errors: as `states.begin`; Conflict where the court would not take it, or a second time; Invalid for a day."""
    agreement = states.begin(session, who, ApplyForConfirmation, command)
    require_confirmable(agreement)
    day = _day(agreement, command, "applied_on", now)
    last = agreement.judicial_until
    Invalid.where(applied_on=last is not None and day >= local_day(last) and "申请期限已过")
    agreement.judicial, agreement.court, agreement.applied_on = JudicialState.APPLIED, command["court"], day
    return _done(session, who, agreement, now, ConfirmationApplied, court=agreement.court, applied_on=day)


@asked(RecordConfirmation)
def decide(session: Session, who: Principal, command: Command, now: datetime) -> Agreement:
    """Errors: as `states.begin`; Conflict where nobody applied; Invalid for what no court decides, or a day."""
    agreement = states.begin(session, who, RecordConfirmation, command)
    if agreement.judicial != JudicialState.APPLIED or agreement.applied_on is None:
        raise Conflict("还没有申请司法确认", judicial=agreement.judicial)
    day, outcome = _day(agreement, command, "decided_on", now), command["outcome"]
    lacking = outcome != JudicialState.WITHDRAWN and not command["ruling_number"]
    Invalid.where(
        outcome=outcome not in OUTCOMES and "请选已确认、已驳回或已撤回",
        decided_on=day < agreement.applied_on and "不能早于申请的那天",
        ruling_number=lacking and "请填裁定书文号",
    )
    agreement.judicial, agreement.decided_on, agreement.ruling_number = outcome, day, command["ruling_number"]
    return _done(session, who, agreement, now, ConfirmationDecided, outcome=outcome, decided_on=day)


def _done(session: Session, who: Principal, agreement: Agreement, now: datetime, event: Any, **said: Any) -> Agreement:
    states.CASE.done(session, who, agreement.case, now, event, agreement_id=agreement.id, **said)
    return agreement


def require_confirmable(agreement: Agreement) -> None:
    """Errors: Conflict for a settlement accord, an oral agreement, or one that was taken to the court or lapsed."""
    if not agreement.statutory:
        raise Conflict("和解协议不适用人民调解协议的司法确认")
    if agreement.form == AgreementForm.ORAL:
        raise Conflict("口头协议没有协议书，法院不受理；请先补做书面协议")
    if agreement.judicial != JudicialState.NONE:
        raise Conflict(f"司法确认{JudicialState(agreement.judicial).label}，不能再申请", judicial=agreement.judicial)


def _day(agreement: Agreement, command: Command, field: str, now: datetime) -> date:
    """The day told, else today. Errors: Invalid before effect or after today."""
    day: date = command[field] or local_day(now)
    effective = local_day(agreement.effective_at) if agreement.effective_at else day
    Invalid.where(**{field: not effective <= day <= local_day(now) and "应在协议生效之后、今天之前（含）"})
    return day


@every(seconds=15)
def lapse(session: Session, who: Principal, now: datetime) -> int:
    """Windows that nobody used by their end are over; how many."""
    over = (Agreement.judicial == JudicialState.NONE) & (Agreement.judicial_until < now)
    query = select(Case, Agreement).join(Agreement, Agreement.case_id == Case.id).where(over)
    query = query.where(Agreement.state.in_([AgreementState.EFFECTIVE, AgreementState.BREACHED])).order_by(
        Agreement.judicial_until
    )
    found = session.execute(query.limit(_BATCH).with_for_update(of=Case, skip_locked=True)).tuples().all()
    for case, agreement in found:
        agreement.judicial = JudicialState.TIME_LAPSED
        tell(session, ConfirmationLapsed, case, who, now, agreement_id=agreement.id)
    return len(found)
