"""The rooms where organisations of mediation receive people and keep their lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from chassis.identity import Principal
from services.mediation import open_days, visits
from services.mediation.service import MediationService
from services.mediation.tables import Base
from tests.unit.mediation import receiving
from tests.unit.walks.rooms import Room


def _room(life: Any, make: Callable[[Any], str], *known: Principal) -> Callable[[Any], Room]:
    """A room with the row whose number `make` answers."""

    def room(database: Any) -> Room:
        store = database(Base.metadata)
        number = make(store)
        with store.transaction() as session:
            key = session.scalars(select(life.row.id).where(life.row.case_number == number)).one()
        return Room(MediationService, life, store, life.row, key, {"number": number}, known)

    room.__name__ = life.entity
    return room


ROOMS = (
    _room(open_days.LIFE, receiving.open_day, receiving.KONG, receiving.MASHAOFENG),
    _room(visits.LIFE, receiving.visit, receiving.KONG, receiving.HOU),
)
LIVES = (open_days.LIFE, visits.LIFE)
