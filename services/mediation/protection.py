"""Protection 人身安全保护: a sealed case, a safe way to call, nobody put at a table with the one they fear (§4.5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis import audit
from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid, NotFound
from chassis.identity import Principal
from contracts.mediation.protection import (
    DisputeEscalationReported,
    PartyProtected,
    ProtectParty,
    ReportDanger,
    RevealSafeCall,
)
from kernel.codes import SessionKind
from services.mediation import access, ledger, parties, performance_checks, states
from services.mediation.facts import holder, tell
from services.mediation.tables import Case

Command = dict[str, Any]
APART = (SessionKind.SHUTTLE, SessionKind.ONLINE)
"""Ways in which the two are not in one room."""
WITHHELD = "由调解员单独告知"


@asked(ProtectParty)
def protect(session: Session, who: Principal, command: Command, now: datetime) -> Case:
    """Seals the case and keeps how the party is reached; said again it replaces what was known.

    Errors: as `Life.begin`; NotFound for a stranger; Conflict for the other party; Invalid for a telephone the city
    has not, or a choice that puts them face to face.
    """
    case = states.CASE.begin(session, who, ProtectParty, command)
    party = parties.find(case, command["party_id"])
    if case.protected_party_id not in (None, party.party_id):
        raise Conflict("本案已保护另一方当事人", party_id=str(case.protected_party_id))
    Invalid.where(chosen=not set(command["chosen"]) <= set(APART) and "只能选背靠背沟通或线上调解")
    case.sealed, case.protected_party_id = True, party.party_id
    case.safe_phone = parties.dialled(command["safe_phone"], now, "safe_phone")
    case.safe_hours, case.chosen = command["safe_hours"], [str(one) for one in command["chosen"]]
    ledger.seal(session, who, case, now)
    performance_checks.hand_over(session, who, case, now)
    audit.note(session, who, now, "protect_party", f"mediation_case:{case.id}", "登记安全联系方式")
    return states.CASE.done(session, who, case, now, PartyProtected, **_told(case))


def hand_over(session: Session, who: Principal, case: Case, now: datetime) -> None:
    """Another mediator may call from now on."""
    case.keeper_id = (holder(case) or {}).get("id")
    if case.protected_party_id:
        tell(session, PartyProtected, case, who, now, **_told(case))


def _told(case: Case) -> dict[str, Any]:
    party = next(one for one in case.parties if one.party_id == case.protected_party_id)
    return {"party_id": party.party_id, "person_id": party.person_id, "keeper": holder(case)}


@asked(RevealSafeCall)
def reveal(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Errors: NotFound, also where nobody is protected; Forbidden."""
    case = states.CASE.hold(session, command)
    states.CASE.allow(who, RevealSafeCall, case, command)
    if case.safe_phone is None:
        raise NotFound("本案没有登记安全联系方式", case_id=str(case.id))
    about = f"mediation_case:{case.id}"
    audit.note(session, who, now, RevealSafeCall.method, about, command["purpose"], case=case.case_number)
    return {"phone": case.safe_phone, "hours": case.safe_hours}


@asked(ReportDanger)
def report_danger(session: Session, who: Principal, command: Command, now: datetime) -> Case:
    """Errors: as `Life.begin`."""
    case = states.CASE.begin(session, who, ReportDanger, command)
    case.escalated_at = now
    said = {"danger": command["danger"], "reporter": access.staff(who)}
    return states.CASE.done(session, who, case, now, DisputeEscalationReported, **said)


def require_apart(case: Case, kind: str) -> None:
    """Errors: Conflict for a session face to face, or of a kind the protected party has not chosen."""
    if not case.sealed:
        return
    if kind not in APART:
        raise Conflict("涉家庭暴力的纠纷不安排面对面调解", kind=kind)
    if kind not in case.chosen:
        raise Conflict("受保护的一方没有选择这样调解，请先在“设为保护”里记下本人的选择", kind=kind, chosen=case.chosen)
