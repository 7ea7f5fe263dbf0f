"""One row of every life, and everybody who might come: what the walks over all commands start from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from capability.life import Life
from capability.machine import Machine
from chassis.errors import ServiceError
from chassis.identity import Grant, Principal
from chassis.store import Store
from contracts.intake.hazards import ReportHazard
from kernel.codes import Role
from services.dispatch import conferences, duty_requests, rectifications, turnouts
from services.dispatch import states as dispatch
from services.dispatch.conferences import Conference
from services.dispatch.rectification_tables import Rectification
from services.dispatch.service import DispatchService
from services.dispatch.tables import Base as DispatchBase
from services.dispatch.tables import Task, Whistle
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
from services.mediation import council_life, decisions, topics
from services.mediation import states as mediation
from services.mediation.service import MediationService
from services.mediation.tables import Agreement, Case, Council, Decision
from services.mediation.tables import Base as MediationBase
from services.notify import (
    assistance,
    care_profiles,
    care_rounds,
    commendations,
    pager_alarms,
    pagers,
    pairings,
    seats,
    stewards,
    wishes,
)
from services.notify import states as notify
from services.notify.service import NotifyService
from services.notify.tables import Area, FollowUp
from services.notify.tables import Base as NotifyBase
from services.notify.wishes import Wish
from tests.unit.dispatch import asking_community, conferring, rectifying, turning_out
from tests.unit.dispatch import world as dispatch_world
from tests.unit.intake import booking as windows
from tests.unit.intake import campaigning, erasing, erranding, patrolling, sheeting, shopping, sitting
from tests.unit.intake import world as intake_world
from tests.unit.intake.test_incidents import declared
from tests.unit.mediation import meeting
from tests.unit.mediation.world import World
from tests.unit.notify import assisting, caring, pressing, stewarding, wishing
from tests.unit.notify import facts as notify_world

ELSEWHERE = "yinchuan.jinfeng.other.g1"


class Undone(Exception):
    """Takes everything back."""


@dataclass(frozen=True)
class Room:
    """A life with one row in a store; `asked` names the row in whatever field a command has for it."""

    service: Any
    life: Life[Any, Any]
    store: Store
    row: Any
    key: UUID
    asked: dict[str, Any]
    people: tuple[Principal, ...] = ()
    part: Callable[[Any], tuple[Machine[Any], Any]] | None = None
    """A part of the row with states of its own, which are looked at first."""

    def fit(self, command: Any, row: Any) -> tuple[str, list[str]]:
        """The state that a refusal names, and those that would do."""
        if self.part is not None:
            machine, part = self.part(row)
            if command.method in machine.moves and part.state not in machine.moves[command.method].sources:
                return part.state, sorted(machine.moves[command.method].sources)
        return row.state, sorted(self.life.moves[command.method].sources)

    @contextmanager
    def looking(self, state: str | None = None) -> Iterator[tuple[Session, Any]]:
        """The row in a state, in a transaction that is taken back."""
        try:
            with self.store.transaction() as session:
                found = session.get_one(self.row, self.key)
                if state is not None:
                    found.state = state
                    session.flush()
                yield session, found
                raise Undone
        except Undone:
            pass

    def answer(self, session: Session, who: Principal, command: Any, version: int | None, now: Any) -> Any:
        """What the operation of a command answers: the error that it raises, or None."""
        named = {name: value for name, value in self.asked.items() if name in command().fields}
        asked = {**command().load({**command.example, **named}), "expected_version": version}
        entry = self.service.entrypoints[command.method]
        try:
            entry.operation(session, who, asked, now, **dict.fromkeys(entry.extras))
        except ServiceError as error:
            return error
        return None


def everybody(place: str, *known: Principal) -> list[Principal]:
    """Each role above the place and elsewhere, in a unit that has nothing to do with it; and those who have."""
    above = place.rsplit(".", 1)[0]
    found = [
        Principal(f"u-{role}-{node}", "某某", (Grant(role, node, "strangers"),))
        for role in Role
        for node in (above, ELSEWHERE)
    ]
    return [*found, *known, Principal("u-nobody", "某某"), Principal.service("portal")]


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


def _whistle(database: Callable[..., Store], kind: str) -> tuple[Store, UUID, UUID]:
    store = database(DispatchBase.metadata)
    with store.transaction() as session:
        dispatch_world.people(session)
    with store.transaction() as session:
        whistle = dispatch_world.blown(session, kind=kind, units=["sifasuo"])
        return store, whistle["id"], dispatch_world.task_of(whistle)["id"]


KNOWN = (
    dispatch_world.HEWENBIN,
    dispatch_world.UNLISTED,
    dispatch_world.HEAD,
    dispatch_world.YANGFAN,
    dispatch_world.LIUWEI,
)


def whistle(database: Callable[..., Store]) -> Room:
    store, key, _ = _whistle(database, "APPEAL")
    return Room(DispatchService, dispatch.WHISTLE, store, Whistle, key, {"whistle_id": str(key)}, KNOWN)


def task(database: Callable[..., Store]) -> Room:
    store, _, key = _whistle(database, "APPEAL")
    return Room(DispatchService, dispatch.TASK, store, Task, key, {"task_id": str(key)}, KNOWN)


def emergency_task(database: Callable[..., Store]) -> Room:
    store, _, key = _whistle(database, "EMERGENCY")
    return Room(DispatchService, dispatch.EMERGENCY_TASK, store, Task, key, {"task_id": str(key)}, KNOWN)


def rectification(database: Callable[..., Store]) -> Room:
    """With the squad called to it."""
    store = database(DispatchBase.metadata)
    with store.transaction() as session:
        dispatch_world.people(session)
        rectifying.furnish(session)
    number = rectifying.issued(store)
    with store.transaction() as session:
        row = session.scalars(select(Rectification)).one()
        row.called = ["zhongdui"]
    known = (*KNOWN, rectifying.SQUAD, dispatch_world.LISHAN, dispatch_world.WANGFANG)
    return Room(DispatchService, rectifications.LIFE, store, Rectification, row.id, {"number": number}, known)


def conference(database: Callable[..., Store]) -> Room:
    """With a unit invited to it."""
    store = database(DispatchBase.metadata)
    with store.transaction() as session:
        dispatch_world.people(session)
    conferring.listed(store)
    number = conferring.do(store, "call_conference")["number"]
    with store.transaction() as session:
        row = session.scalars(select(Conference)).one()
    asked = {"number": number, "item": conferring.NEED}
    known = (*KNOWN, dispatch_world.YUHAITAO, dispatch_world.WANGFANG)
    return Room(DispatchService, conferences.LIFE, store, Conference, row.id, asked, known)


def duty_request(database: Callable[..., Store]) -> Room:
    store = database(DispatchBase.metadata)
    with store.transaction() as session:
        dispatch_world.people(session)
    asking_community.furnish(store)
    number = asking_community.pending(store)
    with store.transaction() as session:
        key = session.scalars(select(duty_requests.DutyRequest.id)).one()
    known = (*KNOWN, asking_community.CHIEF, dispatch_world.WANGFANG)
    return Room(DispatchService, duty_requests.LIFE, store, duty_requests.DutyRequest, key, {"number": number}, known)


def turnout(database: Callable[..., Store]) -> Room:
    store = database(DispatchBase.metadata)
    with store.transaction() as session:
        dispatch_world.people(session)
    turning_out.furnish(store)
    number = turning_out.joined(store)
    with store.transaction() as session:
        row = session.scalars(select(turnouts.Turnout)).one()
        row.signed_in_at = row.signed_out_at = dispatch_world.NOW
    known = (*KNOWN, turning_out.LEADER, turning_out.BAIXUE, dispatch_world.WANGFANG)
    return Room(DispatchService, turnouts.LIFE, store, turnouts.Turnout, row.id, {"number": number}, known)


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


def follow_up(database: Callable[..., Store]) -> Room:
    store = database(NotifyBase.metadata)
    notify_world.with_follow_up(store)
    key = notify_world.only_follow_up(store).id
    known = (notify_world.HE_JING, notify_world.LI_SHAN_AS_CLERK, notify_world.COLLEAGUE)
    return Room(NotifyService, notify.FOLLOW_UP, store, FollowUp, key, {"follow_up_id": str(key)}, known)


def wish(database: Callable[..., Store]) -> Room:
    store = database(NotifyBase.metadata)
    with store.transaction() as session:
        session.add(Area(path=wishing.STAIRWELL, code="b5", level="BUILDING", name="5号楼", area4="0101"))
    number = wishing.posted(store, "CLAIMED")
    with store.transaction() as session:
        key = session.scalars(select(Wish.id)).one()
    known = (wishing.STEWARD, wishing.CLERK, wishing.HELPER)
    return Room(NotifyService, wishes.LIFE, store, Wish, key, {"number": number}, known)


def _stewarded(database: Callable[..., Store], life: Life[Any, Any], number: Callable[[Store], str]) -> Room:
    store = database(NotifyBase.metadata)
    stewarding.furnish(store)
    asked = {"number": number(store)}
    with store.transaction() as session:
        row = session.scalars(select(life.row).where(life.row.case_number == asked["number"])).one()
        known = (wishing.CLERK, stewarding.OFFICER, stewarding.GRID_WORKER, stewarding.XIAO_LAN)
        return Room(NotifyService, life, store, life.row, row.id, asked, known)


def steward(database: Callable[..., Store]) -> Room:
    return _stewarded(database, stewards.LIFE, stewarding.active)


def seat(database: Callable[..., Store]) -> Room:
    return _stewarded(database, seats.LIFE, stewarding.seat)


def commendation(database: Callable[..., Store]) -> Room:
    return _stewarded(database, commendations.LIFE, stewarding.drafted)


def pairing(database: Callable[..., Store]) -> Room:
    return _stewarded(database, pairings.LIFE, stewarding.paired)


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


def _cared_for(database: Callable[..., Store], life: Life[Any, Any]) -> Room:
    """One old person, the round and the call of one Friday."""
    store = database(NotifyBase.metadata)
    caring.called(store)
    with store.transaction() as session:
        row = session.scalars(select(life.row)).one()
        known = (wishing.CLERK, caring.SEAT, caring.GRID_WORKER)
        return Room(NotifyService, life, store, life.row, row.id, {"number": row.number}, known)


def care_profile(database: Callable[..., Store]) -> Room:
    return _cared_for(database, care_profiles.LIFE)


def care_round(database: Callable[..., Store]) -> Room:
    return _cared_for(database, care_rounds.LIFE)


def care_call(database: Callable[..., Store]) -> Room:
    return _cared_for(database, care_rounds.CALL)


def _pressed(database: Callable[..., Store], life: Life[Any, Any]) -> Room:
    """One device, and the alarm it raised, sent to a station."""
    store = database(NotifyBase.metadata)
    pressing.raised(store, "ASSIGNED")
    with store.transaction() as session:
        row = session.scalars(select(life.row)).one()
        known = (pressing.SEAT, pressing.NEAR, pressing.NEXT, wishing.CLERK)
        return Room(NotifyService, life, store, life.row, row.id, {"number": row.number}, known)


def pager(database: Callable[..., Store]) -> Room:
    return _pressed(database, pagers.LIFE)


def pager_alarm(database: Callable[..., Store]) -> Room:
    return _pressed(database, pager_alarms.LIFE)


def assisted(database: Callable[..., Store]) -> Room:
    store = database(NotifyBase.metadata)
    number = assisting.applied(store, "PUBLICISED")
    known = (wishing.CLERK, assisting.SECOND, assisting.WINDOW, assisting.NEIGHBOUR)
    return Room(
        NotifyService,
        assistance.LIFE,
        store,
        assistance.Assistance,
        assisting.row_of(store).id,
        {"number": number},
        known,
    )


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
    whistle: dispatch.WHISTLE,
    task: dispatch.TASK,
    emergency_task: dispatch.EMERGENCY_TASK,
    mediation_case: mediation.CASE,
    topic: topics.LIFE,
    council: council_life.LIFE,
    follow_up: notify.FOLLOW_UP,
    wish: wishes.LIFE,
    care_profile: care_profiles.LIFE,
    care_round: care_rounds.LIFE,
    care_call: care_rounds.CALL,
    steward: stewards.LIFE,
    seat: seats.LIFE,
    commendation: commendations.LIFE,
    pairing: pairings.LIFE,
    decision: decisions.LIFE,
    erasure: erasures.LIFE,
    rectification: rectifications.LIFE,
    courtyard: courtyards.LIFE,
    patrol_plan: patrol_plans.LIFE,
    patrol: patrols.LIFE,
    pager: pagers.LIFE,
    pager_alarm: pager_alarms.LIFE,
    assisted: assistance.LIFE,
    conference: conferences.LIFE,
    duty_request: duty_requests.LIFE,
    turnout: turnouts.LIFE,
    incident: incidents.LIFE,
    analysis: analyses.LIFE,
}
ROOMS, LIVES = tuple(LIFE_OF), tuple(LIFE_OF.values())
LISTED = (
    hazard,
    errand,
    booking,
    orders_import,
    campaign,
    diary,
    consultation,
    topic,
    council,
    follow_up,
    wish,
    care_profile,
    care_round,
    care_call,
    steward,
    seat,
    commendation,
    pairing,
    decision,
    rectification,
    courtyard,
    patrol_plan,
    patrol,
    pager,
    pager_alarm,
    assisted,
    duty_request,
    turnout,
)
"""Whose lists are what their right says."""
