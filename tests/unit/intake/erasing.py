"""A request to erase somebody, carried out by intake and reported by the other stores."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from chassis.identity import Principal
from contracts.dispatch.holdings import DispatchErased
from contracts.mediation.holdings import MediationErased
from contracts.notify.holdings import NotifyErased
from services.intake import erasures
from services.intake.tables import Appeal, Erasure
from tests.support.events import hear
from tests.unit.intake.filing import do, filed
from tests.unit.intake.world import INTAKE, LIU, NOW, WANG, register

YEARS_ON = NOW + timedelta(days=4 * 365)
PHONE = "13900000008"


def ended(store: Any, **more: Any) -> str:
    """A case of 陈桂英 that was withdrawn at once; the id of her record."""
    known = filed(store, **{"phone": PHONE, **more})
    withdraw(store)
    return known


def withdraw(store: Any) -> None:
    with store.transaction() as session:
        numbers = session.scalars(select(Appeal.case_number).where(Appeal.state != "WITHDRAWN")).all()
    for number in numbers:
        do(store, "withdraw_appeal", number=number)


def requested(store: Any, person_id: str, now: Any = YEARS_ON) -> str:
    return str(do(store, "ask_erasure", WANG, now, person_id=person_id)["number"])


def approved(store: Any, person_id: str, now: Any = YEARS_ON) -> str:
    number = requested(store, person_id, now)
    do(store, "approve_erasure", LIU, now, number=number)
    return number


def id_of(store: Any, number: str) -> str:
    with store.transaction() as session:
        return str(session.scalars(select(Erasure.id).where(Erasure.case_number == number)).one())


def report(store: Any, number: str, *contracts: Any, now: Any = YEARS_ON, kept: Any = ()) -> None:
    """These stores say that they are done; the portal does where None is among them."""
    key = id_of(store, number)
    for contract in contracts or (DispatchErased, MediationErased, NotifyErased, None):
        with store.transaction() as session:
            if contract is None:
                told = {"erasure_id": key, "cleared": 1}
                erasures.take_report(session, Principal.service("portal"), told, now)
            else:
                told = {"erasure_id": key, "cleared": 1, "kept": list(kept)}
                erasures.note_report(session, INTAKE, hear(contract, told), now)


__all__ = ["PHONE", "YEARS_ON", "approved", "do", "ended", "filed", "id_of", "register", "report", "requested"]
