"""Rows of mediation's first lives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from capability.machine import Machine
from chassis.store import Store
from services.mediation import council_life, decisions, topics
from services.mediation import states as mediation
from services.mediation.service import MediationService
from services.mediation.tables import Agreement, Case, Council, Decision
from services.mediation.tables import Base as MediationBase
from tests.unit.mediation import meeting
from tests.unit.mediation.world import World
from tests.unit.walks.room import Room


def mediation_case(database: Callable[..., Store]) -> Room:
    world = World(database(MediationBase.metadata))
    world.drafted()
    with world.store.transaction() as session:
        agreement = session.scalars(select(Agreement)).one()
        asked = {"case_id": str(agreement.case_id), "agreement_id": str(agreement.id)}
        return Room(MediationService, mediation.CASE, world.store, Case, agreement.case_id, asked, part=_agreement)


def _agreement(case: Case) -> tuple[Machine[Any], Agreement]:
    return mediation.AGREEMENT, case.agreements[-1]


def topic(database: Callable[..., Store]) -> Room:
    store = database(MediationBase.metadata)
    number = meeting.topic(store, "COLLECTING")
    with store.transaction() as session:
        key = session.scalars(select(topics.Topic.id)).one()
    return Room(MediationService, topics.LIFE, store, topics.Topic, key, {"number": number}, meeting.PEOPLE)


def council(database: Callable[..., Store]) -> Room:
    store = database(MediationBase.metadata)
    number = meeting.held(store)
    meeting.do(store, "draft_resolution", number=number, now=meeting.AFTER)
    with store.transaction() as session:
        key = session.scalars(select(Council.id)).one()
    return Room(MediationService, council_life.LIFE, store, Council, key, {"number": number}, meeting.PEOPLE)


def decision(database: Callable[..., Store]) -> Room:
    store = database(MediationBase.metadata)
    number = meeting.decision(store)
    with store.transaction() as session:
        key = session.scalars(select(Decision.id)).one()
    asked = {"number": number, "stage": "PROPOSED"}
    return Room(MediationService, decisions.LIFE, store, Decision, key, asked, meeting.PEOPLE)


LIFE_OF = {
    mediation_case: mediation.CASE,
    topic: topics.LIFE,
    council: council_life.LIFE,
    decision: decisions.LIFE,
}
LISTED = (
    topic,
    council,
    decision,
)
