"""Rows of every life of intake."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from capability.life import Life
from chassis.store import Store
from contracts.intake.hazards import ReportHazard
from services.intake import (
    analyses,
    bookings,
    campaigns,
    clinics,
    courtyards,
    diaries,
    erasures,
    errands,
    hazards,
    imports,
    incidents,
    patrol_plans,
    patrols,
    shops,
)
from services.intake import machines as intake
from services.intake.clinics import Consultation
from services.intake.diaries import Diary
from services.intake.service import IntakeService
from services.intake.tables import Appeal, Campaign, Erasure, Errand, Hazard, Import, Incident
from services.intake.tables import Base as IntakeBase
from tests.unit.intake import booking as windows
from tests.unit.intake import campaigning, erasing, erranding, patrolling, sheeting, shopping, sitting
from tests.unit.intake import world as intake_world
from tests.unit.intake.test_incidents import declared
from tests.unit.walks.room import Room


def appeal(database: Callable[..., Store]) -> Room:
    store = database(IntakeBase.metadata)
    with store.transaction() as session:
        intake_world.furnish(session)
    view = intake_world.register(store)
    with store.transaction() as session:
        session.get_one(Appeal, view["id"]).offered_to_id = intake_world.WANG.id
    asked = {"number": view["number"], "into_number": view["number"]}
    known = (intake_world.LISHAN, intake_world.CHEN, intake_world.STRANGER, intake_world.WANG)
    return Room(IntakeService, intake.APPEAL, store, Appeal, view["id"], asked, known)


def hazard(database: Callable[..., Store]) -> Room:
    store = database(IntakeBase.metadata)
    with store.transaction() as session:
        intake_world.furnish(session)
    more = {"area_path": intake_world.STAIRWELL, "level": "SERIOUS"}
    view = intake_world.do(store, hazards.report_hazard, ReportHazard, intake_world.LISHAN, **more)
    return Room(IntakeService, intake.HAZARD, store, Hazard, view["id"], {"number": view["number"]})


def shop(database: Callable[..., Store]) -> Room:
    store = database(IntakeBase.metadata)
    with store.transaction() as session:
        intake_world.furnish(session)
    number = shopping.shop(store)
    with store.transaction() as session:
        key = session.scalars(select(shops.Shop.id)).one()
    return Room(IntakeService, shops.LIFE, store, shops.Shop, key, {"number": number})


def errand(database: Callable[..., Store]) -> Room:
    store = database(IntakeBase.metadata)
    with store.transaction() as session:
        intake_world.furnish(session)
    number = erranding.errand(store, "ACCEPTED", at_home=True)
    with store.transaction() as session:
        key = session.scalars(select(Errand.id)).one()
    known = (intake_world.LISHAN, intake_world.WANG, intake_world.WINDOW)
    return Room(IntakeService, errands.LIFE, store, Errand, key, {"number": number}, known)


def booking(database: Callable[..., Store]) -> Room:
    store = database(IntakeBase.metadata)
    with store.transaction() as session:
        intake_world.furnish(session)
        windows.window_at(session)
    number = windows.book(store)["number"]
    with store.transaction() as session:
        key = session.scalars(select(bookings.Booking.id)).one()
    known = (intake_world.LISHAN, intake_world.WANG, intake_world.WINDOW)
    return Room(IntakeService, bookings.LIFE, store, bookings.Booking, key, {"number": number}, known)


def campaign(database: Callable[..., Store]) -> Room:
    store = database(IntakeBase.metadata)
    with store.transaction() as session:
        intake_world.furnish(session)
        campaigning.furnish(session)
    number = campaigning.opened(store)
    with store.transaction() as session:
        key = session.scalars(select(Campaign.id)).one()
    return Room(IntakeService, campaigns.LIFE, store, Campaign, key, {"number": number}, campaigning.PEOPLE)


def incident(database: Callable[..., Store]) -> Room:
    store = database(IntakeBase.metadata)
    with store.transaction() as session:
        intake_world.furnish(session)
    _, number = declared(store)
    with store.transaction() as session:
        key = session.scalars(select(Incident.id)).one()
    known = (intake_world.LISHAN, intake_world.WANG, intake_world.LIU)
    return Room(IntakeService, incidents.LIFE, store, Incident, key, {"number": number}, known)


def analysis(database: Callable[..., Store]) -> Room:
    store = database(IntakeBase.metadata)
    with store.transaction() as session:
        intake_world.furnish(session)
    intake_world.register(store, calm=True)
    with store.transaction() as session:
        analyses.open_month(session, intake_world.INTAKE, intake_world.NOW + timedelta(days=30))
    with store.transaction() as session:
        row = session.scalars(select(analyses.Analysis)).one()
        return Room(IntakeService, analyses.LIFE, store, analyses.Analysis, row.id, {"number": row.number})


def orders_import(database: Callable[..., Store]) -> Room:
    store = database(IntakeBase.metadata)
    with store.transaction() as session:
        intake_world.furnish(session)
    view = sheeting.checked(store, sheeting.csv_of(sheeting.row()))
    asked, known = {"number": view["number"]}, (sheeting.CLERK,)
    return Room(IntakeService, imports.LIFE, store, Import, UUID(view["id"]), asked, known)


def diary(database: Callable[..., Store]) -> Room:
    store = database(IntakeBase.metadata)
    with store.transaction() as session:
        intake_world.furnish(session)
        campaigning.furnish(session)
    number = campaigning.do(store, "write_diary", campaigning.ZOU, change="换了住户")["number"]
    with store.transaction() as session:
        key = session.scalars(select(Diary.id)).one()
    return Room(IntakeService, diaries.LIFE, store, Diary, key, {"number": number}, campaigning.PEOPLE)


def consultation(database: Callable[..., Store]) -> Room:
    store = database(IntakeBase.metadata)
    with store.transaction() as session:
        intake_world.furnish(session)
        sitting.furnish(session)
    number = sitting.received(store)["number"]
    with store.transaction() as session:
        key = session.scalars(select(Consultation.id)).one()
    return Room(IntakeService, clinics.LIFE, store, Consultation, key, {"number": number}, campaigning.PEOPLE)


def _watched(database: Callable[..., Store], life: Life[Any, Any]) -> Room:
    """A courtyard with its team, and the patrol of a Monday that its rounds began."""
    store = database(IntakeBase.metadata)
    with store.transaction() as session:
        intake_world.furnish(session)
        campaigning.furnish(session)
    team = patrolling.do(store, "found_courtyard")["number"]
    patrolling.do(store, "join_courtyard", patrolling.WU, number=team)
    patrolling.do(store, "plan_rounds", number=team, weekdays=["MONDAY"])
    patrolling.tick(store)
    with store.transaction() as session:
        row = session.scalars(select(life.row)).one()
        known = (*campaigning.PEOPLE, patrolling.WU)
        return Room(IntakeService, life, store, life.row, row.id, {"number": row.number}, known)


def courtyard(database: Callable[..., Store]) -> Room:
    return _watched(database, courtyards.LIFE)


def patrol_plan(database: Callable[..., Store]) -> Room:
    return _watched(database, patrol_plans.LIFE)


def patrol(database: Callable[..., Store]) -> Room:
    return _watched(database, patrols.LIFE)


def erasure(database: Callable[..., Store]) -> Room:
    store = database(IntakeBase.metadata)
    with store.transaction() as session:
        intake_world.furnish(session)
    number = erasing.requested(store, erasing.ended(store))
    with store.transaction() as session:
        key = session.scalars(select(Erasure.id)).one()
    known = (intake_world.LISHAN, intake_world.WANG, intake_world.LIU)
    return Room(IntakeService, erasures.LIFE, store, Erasure, key, {"number": number}, known)


LIFE_OF = {
    appeal: intake.APPEAL,
    hazard: intake.HAZARD,
    shop: shops.LIFE,
    errand: errands.LIFE,
    booking: bookings.LIFE,
    orders_import: imports.LIFE,
    campaign: campaigns.LIFE,
    diary: diaries.LIFE,
    consultation: clinics.LIFE,
    erasure: erasures.LIFE,
    courtyard: courtyards.LIFE,
    patrol_plan: patrol_plans.LIFE,
    patrol: patrols.LIFE,
    incident: incidents.LIFE,
    analysis: analyses.LIFE,
}
LISTED = (
    hazard,
    errand,
    booking,
    orders_import,
    campaign,
    diary,
    consultation,
    courtyard,
    patrol_plan,
    patrol,
)
