"""Saying what happened to an appeal or a hazard."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis import outbox
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from chassis.store import Aggregate
from kernel.codes import AppealState, CaseKind, CaseWay, HazardState
from services.intake.conditions import ENDED
from services.intake.tables import Appeal, Hazard, Person
from services.intake.tables.hazards import A_RESIDENT as A_RESIDENT

Ref = dict[str, str]
Fact = tuple[Any, dict[str, Any]]


def tell(session: Session, contract: Any, about: Aggregate, who: Principal, now: datetime, **data: Any) -> None:
    """Records a fact in the caller's transaction."""
    tell_all(session, about, who, now, [(contract, data)])


def tell_all(session: Session, about: Aggregate, who: Principal, now: datetime, said: list[Fact]) -> None:
    """Records several facts of one change, in order.

    What a secret reporter does is said in the service's name: the actor would give the account away.
    """
    if isinstance(about, Appeal) and about.secret and who.kind == "resident":
        who = Principal.service("intake")
    about.updated_at = now
    outbox.record_all(session, about, who, now, said)


def person(key: str, name: str) -> Ref:
    """A member of staff as events and views name one."""
    return {"id": key, "name": name}


def actor(who: Principal) -> Ref:
    return person(who.id, who.name)


def handler(appeal: Appeal) -> Ref | None:
    if appeal.handler_id is None or appeal.handler_name is None:
        return None
    return person(appeal.handler_id, appeal.handler_name)


def first_responder(appeal: Appeal) -> Ref:
    return person(appeal.first_responder_id, appeal.first_responder_name)


def masked(resident: Person | None) -> dict[str, Any] | None:
    return {"person_id": resident.id, "masked_name": resident.masked_name} if resident else None


def open_reporter(appeal: Appeal, reporter: Person | None) -> dict[str, Any] | None:
    """The reporter as others may know it: nobody, where secrecy was asked for (domain §3.6 inv. 6)."""
    return None if appeal.secret else masked(reporter)


OF_PLACE = ("role:GRID", "role:COMMUNITY", "role:STREET")
"""Who sees to a case that is nobody's yet."""

MEETING = ("role:COMMUNITY", "role:STREET")
"""Who hold the joint meeting."""

ABOVE = ("role:STREET", "role:DISTRICT")


@standing_of.register
def appeal(row: Appeal) -> Standing:
    """While a result waits for the resident's word the follow-up is what waits, not the appeal."""
    told = {"category": row.category, "nature": row.nature, "unit": row.lead_unit, "result": row.result_kind}
    people = {"handler": row.handler_id, "first": row.first_responder_id}
    ways = {"channel": row.channel, "way": _way(row), "reopened": "yes" if row.reopen_count else "no"}
    after = {"solved": row.solved, "satisfied": row.satisfied, "into": row.merged_into_number}
    return Standing(
        kind=CaseKind.APPEAL,
        state=row.state,
        number=row.case_number,
        due=_due(row),
        waits=_waits(row),
        urgency=row.urgency,
        hidden=(*(["secret"] if row.secret else []), *(f"against:{side}" for side in row.against or ())),
        tally={name: str(code) for name, code in {**told, **people, **ways, **after}.items() if code},
    )


def _way(row: Appeal) -> CaseWay:
    if row.state in set(CaseWay):
        return CaseWay(row.state)
    mediated = row.mediation_case_id is not None or row.state == AppealState.IN_MEDIATION
    return {(True, True): CaseWay.BOTH, (True, False): CaseWay.WHISTLE, (False, True): CaseWay.MEDIATION}.get(
        (row.whistled, mediated), CaseWay.SELF
    )


def _due(row: Appeal) -> datetime | None:
    if row.state in ENDED:
        return None
    return row.supervision_due if row.state == AppealState.RESULT_REPORTED else row.due_at or row.promise_at


def _waits(row: Appeal) -> tuple[str, ...]:
    if row.state in ENDED:
        return ()
    if row.state == AppealState.RESULT_REPORTED:
        return ABOVE if row.supervision_due else ()
    if row.state == AppealState.LISTED:
        return MEETING
    if row.account_waiting is not None:
        return ABOVE if row.account_waiting.decider == "STREET" else ("role:DISTRICT",)
    offered = (f"person:{row.offered_to_id}",) if row.offered_to_id else ()
    return (*offered, *((f"person:{row.handler_id}",) if row.handler_id else OF_PLACE))


@standing_of.register
def hazard(row: Hazard) -> Standing:
    """The member of staff who reported it sees to it; what a resident reported is for who is on duty and the place."""
    reporter = None if row.by_resident else row.reported_by_id
    sent = (f"person:{row.on_duty_id}",) if row.on_duty_id else ()
    waits = (f"person:{reporter}",) if reporter else (*sent, *OF_PLACE)
    return Standing(
        kind=CaseKind.HAZARD,
        state=row.state,
        number=row.case_number,
        waits=() if row.state == HazardState.REMOVED else waits,
        urgency=row.urgency,
        tally={"hazard": row.kind, "level": row.level, "first": reporter or ""},
    )
