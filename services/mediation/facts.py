"""What mediation says: one function, so that every event tells its case and source the same way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis import outbox
from chassis.identity import Principal
from services.mediation.tables import Case, Party


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
