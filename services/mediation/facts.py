"""What mediation says: one function, so that every event tells its case and source the same way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis import outbox
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from kernel.codes import MediationState
from services.mediation import orgs
from services.mediation.tables import Case, CaseMediator, Challenge, Party


def tell(session: Session, contract: Any, case: Case, who: Principal, now: datetime, **data: Any) -> None:
    """Records a fact about the case or one of its parts; the case's version moves on."""
    outbox.record(session, contract, case, who, now, **about(case), **data)


def about(case: Case) -> dict[str, Any]:
    return {"case_id": case.id, "mediation_number": case.mediation_number, "source": source_ref(case)}


def source_ref(case: Case) -> dict[str, Any]:
    return {"kind": case.source_kind, "id": case.source_id, "number": case.source_number}


def masked(parties: list[Party]) -> list[dict[str, Any]]:
    """The parties as events show them."""
    return [
        {
            "party_id": party.party_id,
            "person_id": party.person_id,
            "masked_name": party.masked_name,
            "side": party.side,
        }
        for party in parties
    ]


OVER = frozenset({MediationState.CLOSED, MediationState.TERMINATED})


def in_charge(case: Case) -> CaseMediator | None:
    return next((mediator for mediator in case.mediators if mediator.ended_at is None), None)


def open_challenge(case: Case) -> Challenge | None:
    """What a party said against the mediator in charge and nobody has decided."""
    return next((one for one in case.challenges if one.ruling is None), None)


def ruler(case: Case) -> str | None:
    """Who decides on a challenge: the head of the organisation, unless challenged; None where it is the street's."""
    head, one = orgs.head(case.org), open_challenge(case)
    return head.account if head and one and head.account != one.mediator_id else None


def holder(case: Case) -> dict[str, str] | None:
    """The mediator in charge, by name."""
    mediator = in_charge(case)
    return {"id": mediator.mediator_id, "name": mediator.name} if mediator else None


NOBODYS_YET = ("role:COMMUNITY", "role:MEDIATOR")


def _due(case: Case) -> datetime | None:
    """Until when it runs: to its limit, and once agreed upon to the first term that is not done."""
    if case.state not in (MediationState.PERFORMING, MediationState.BREACHED):
        return case.clock.due_at if case.clock else None
    binding = [one for one in case.agreements if one.effective_at]
    return min((term.due for one in binding for term in one.terms if term.performed_at is None), default=None)


@standing_of.register
def case(row: Case) -> Standing:
    over, mediator = row.state in OVER, in_charge(row)
    waits = (f"person:{mediator.mediator_id}",) if mediator else NOBODYS_YET[:1] if row.sealed else NOBODYS_YET
    if open_challenge(row):
        decides = ruler(row)
        waits = (f"person:{decides}",) if decides else ("role:STREET",)
    return Standing(
        kind="MEDIATION",
        state=row.state,
        number=row.mediation_number,
        parent="" if row.source_id == row.id else str(row.source_id),
        due=None if over else _due(row),
        waits=() if over else waits,
        tally={
            "origin": row.origin,
            "type": row.dispute_type,
            "risk": row.risk_level,
            "result": row.result or "",
            "mediator": mediator.mediator_id if mediator else "",
            "sealed": (row.keeper_id or "yes") if row.sealed else "",
        },
    )
