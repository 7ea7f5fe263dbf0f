"""A case's beginning and end: opened by a dispute heard of, ended by refusal, failure, withdrawal or its limit."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from chassis.entrypoints import asked, every, hears
from chassis.envelope import Event
from chassis.errors import Invalid
from chassis.identity import Principal
from contracts.intake.disputes import DisputeIdentified
from contracts.mediation.cases import MediationCaseOpened, MediationTerminated, TerminateCase
from kernel.codes import CaseKind, CaseOrigin, DisputeType, Remedy, TerminationReason
from kernel.numbering import area_of, next_number
from services.mediation import clocks, effect, helpers, ledger, numbering, orgs, sessions, sources, states
from services.mediation.facts import masked, tell
from services.mediation.tables import Case, NumberCounter, Party

REMEDIES = [remedy.value for remedy in Remedy]
"""Told to every party at every termination (人民调解法 art. 3, 26): mediation never stands in the way of these."""

BY_COMMAND = {TerminationReason.FAILED, TerminationReason.WITHDRAWN}


@hears(DisputeIdentified)
def open_for_dispute(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """Opens a case for intake's dispute, unless one goes on, the appeal was withdrawn, or a newer fact came first."""
    source_id = sources.lock(session, event.data["appeal_id"])
    earlier = sources.latest(session, source_id)
    outdated = earlier is not None and event.time <= earlier.identified_at
    if sources.withdrawn(session, event.data["appeal_id"]) or outdated or sources.unfinished(session, source_id):
        return
    case = _opened(session, event, now, source_id, sources.number_of(session, source_id, event.data["number"]))
    case.previous_id = earlier.id if earlier else None
    begin(session, who, case, now)
    helpers.settle(session, who, case, now)


def begin(session: Session, who: Principal, case: Case, now: datetime) -> None:
    """A new case is told of, its limit runs, and it is on the ledger. One of violence at home is sealed."""
    case.sealed = case.dispute_type == DisputeType.DOMESTIC_VIOLENCE
    session.add(case)
    session.flush()
    deadline = clocks.start(session, case, now)
    told = {name: getattr(case, name) for name in ("origin", "dispute_type", "risk_level")}
    tell(session, MediationCaseOpened, case, who, now, **told, parties=masked(case.parties), deadline=deadline)
    ledger.enter_case(session, who, case, now)


def _opened(session: Session, event: Event, now: datetime, source_id: UUID, number: str) -> Case:
    data = event.data
    org = orgs.in_charge(session, event.area_path)
    return Case(
        version=0,
        state=states.CASE.initial,
        area_path=event.area_path,
        case_number=number,
        mediation_number=next_number(session, NumberCounter, "M", area_of(number), now),
        org_code=org.code if org else None,
        docket=numbering.docket(session, org, now) if org else None,
        origin=CaseOrigin.APPEAL,
        source_kind=CaseKind.APPEAL,
        source_id=source_id,
        source_number=number,
        dispute_type=data["dispute_type"],
        cause=data["cause"],
        risk_level=data["risk_level"],
        claimed_amount=data["claimed_amount"],
        handler={"id": str(data["handler"]["id"]), "name": data["handler"]["name"]},
        identified_at=event.time,
        accepted_at=now,
        parties=[_party(no, party) for no, party in enumerate(data["parties"], start=1)],
    )


def _party(no: int, told: dict[str, Any]) -> Party:
    return Party(
        no=no,
        party_id=told["party_id"],
        person_id=told["person_id"],
        masked_name=told["masked_name"],
        side=told["side"],
    )


@asked(TerminateCase)
def terminate(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> Case:
    """Ends a case that failed or was given up. Errors: Invalid for a reason only refusal or the clock may give."""
    case = states.CASE.begin(session, who, TerminateCase, command)
    if command["reason"] not in BY_COMMAND:
        raise Invalid.because({"reason": ["拒绝调解请记录当事人意愿；期限届满由系统终止"]})
    return end(session, who, case, now, TerminateCase, command["reason"])


def end(session: Session, who: Principal, case: Case, now: datetime, move: Any, reason: TerminationReason) -> Case:
    """TERMINATED, with the remedies told to each party; what was planned or half signed falls with it."""
    states.CASE.move(case, move)
    case.reason, case.remedies, case.closed_at = reason, REMEDIES, now
    clocks.call_off(session, case, now)
    sessions.call_off(case)
    for agreement in case.agreements:
        if agreement.state in effect.UNBOUND:
            states.AGREEMENT.move(agreement, "case_terminated")
    told = {"reason": reason, "remedies": REMEDIES, "parties": masked(case.parties)}
    return states.CASE.done(session, who, case, now, MediationTerminated, **told)


@every(seconds=30)
def expire_cases(session: Session, who: Principal, now: datetime) -> int:
    """Ends cases whose limit has passed without agreement; how many. Any number of replicas may run it."""
    cases = clocks.passed(session, now)
    for case in cases:
        end(session, who, case, now, "expired", TerminationReason.EXPIRED)
    return len(cases)
