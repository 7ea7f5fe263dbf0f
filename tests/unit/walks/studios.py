"""The rooms where organisations of mediation receive people and keep their lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from chassis.identity import Principal
from services.mediation import (
    covenants,
    elections,
    knowledge,
    ledger,
    legal,
    open_days,
    performance_checks,
    projects,
    quick,
    site_issues,
    sweeps,
    visits,
)  # fmt: skip
from services.mediation.service import MediationService
from services.mediation.tables import Base
from tests.unit.mediation import adopting, electing, listing, looking, people, receiving
from tests.unit.walks.room import Room


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
    _room(ledger.LIFE, listing.listed, people.SHI, people.WANG, people.LISHAN),
    _room(sweeps.LIFE, listing.swept, people.WANG),
    _room(sweeps.ANALYSIS, listing.analysed, people.WANG),
    _room(legal.LIFE, listing.questioned, people.LISHAN, people.WANG, listing.GAO),
    _room(knowledge.LIFE, listing.known, listing.GAO, people.WANG, people.STREET_OFFICER),
    _room(quick.LIFE, listing.quick, people.LISHAN, people.WANG),
    _room(elections.LIFE, electing.election, *electing.PEOPLE),
    _room(projects.LIFE, electing.project, *electing.PEOPLE),
    _room(site_issues.LIFE, electing.sent, *electing.PEOPLE),
    _room(covenants.LIFE, adopting.drafted, *adopting.PEOPLE),
    _room(performance_checks.LIFE, looking.check, people.SHI, people.LISHAN),
)
LIVES = (
    legal.LIFE, open_days.LIFE, visits.LIFE, ledger.LIFE, sweeps.LIFE, sweeps.ANALYSIS, quick.LIFE, elections.LIFE,
    projects.LIFE, site_issues.LIFE, covenants.LIFE, performance_checks.LIFE, knowledge.LIFE,
)  # fmt: skip
