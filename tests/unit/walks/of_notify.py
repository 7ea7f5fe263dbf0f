"""Rows of every life of notify."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select

from capability.life import Life
from chassis.identity import Grant, Principal
from chassis.store import Store
from services.notify import (
    assistance,
    care_profiles,
    care_rounds,
    commendations,
    doorway_notices,
    hand_deliveries,
    pager_alarms,
    pagers,
    pairings,
    seats,
    service_records,
    stewards,
    unmask_days,
    volunteer_teams,
    wishes,
)
from services.notify import states as notify
from services.notify.service import NotifyService
from services.notify.tables import Area, FollowUp
from services.notify.tables import Base as NotifyBase
from services.notify.wishes import Wish
from tests.unit.notify import assisting, caring, handing, pressing, serving, stewarding, wishing
from tests.unit.notify import facts as notify_world
from tests.unit.walks.room import Room


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


def doorway_notice(database: Callable[..., Store]) -> Room:
    return _stewarded(database, doorway_notices.LIFE, stewarding.hung)


def pairing(database: Callable[..., Store]) -> Room:
    return _stewarded(database, pairings.LIFE, stewarding.paired)


def _serving(database: Callable[..., Store], life: Life[Any, Any]) -> Room:
    """A team, and the record of an action."""
    store = database(NotifyBase.metadata)
    serving.furnish(store)
    serving.confirmed(store)
    with store.transaction() as session:
        row = session.scalars(select(life.row)).one()
        known = (wishing.CLERK, serving.LEADER, serving.MEMBER, wishing.FAR_HELPER)
        return Room(NotifyService, life, store, life.row, row.id, {"number": row.number}, known)


def volunteer_team(database: Callable[..., Store]) -> Room:
    return _serving(database, volunteer_teams.LIFE)


def service_record(database: Callable[..., Store]) -> Room:
    return _serving(database, service_records.LIFE)


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


def hand_delivery(database: Callable[..., Store]) -> Room:
    store = database(NotifyBase.metadata)
    number = handing.asked_in_person(store)
    known = (handing.WALKER, wishing.CLERK)
    row = handing.only(store)
    return Room(NotifyService, hand_deliveries.LIFE, store, type(row), row.id, {"number": number}, known)


def unmask_day(database: Callable[..., Store]) -> Room:
    store = database(NotifyBase.metadata)
    with store.transaction() as session:
        session.add(Area(path="yinchuan", code="yinchuan", level="CITY", name="银川市", area4="0000"))
    odd = {"account": "u-many", "looks": 51, "at_night": 0, "matters": 9}
    with store.transaction() as session:
        unmask_days.draw(session, notify_world.SERVICE, date(2024, 7, 8), [odd], notify_world.NOW)
        row = session.scalars(select(unmask_days.UnmaskDay)).one()
        known = [Principal(id, "审计", (Grant("AUDITOR", "yinchuan"),)) for id in ("u-audit", "u-many")]
        return Room(NotifyService, unmask_days.LIFE, store, type(row), row.id, {"number": row.number}, tuple(known))


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


LIFE_OF = {
    follow_up: notify.FOLLOW_UP,
    wish: wishes.LIFE,
    volunteer_team: volunteer_teams.LIFE,
    service_record: service_records.LIFE,
    care_profile: care_profiles.LIFE,
    care_round: care_rounds.LIFE,
    care_call: care_rounds.CALL,
    steward: stewards.LIFE,
    seat: seats.LIFE,
    commendation: commendations.LIFE,
    doorway_notice: doorway_notices.LIFE,
    pairing: pairings.LIFE,
    pager: pagers.LIFE,
    pager_alarm: pager_alarms.LIFE,
    assisted: assistance.LIFE,
    hand_delivery: hand_deliveries.LIFE,
    unmask_day: unmask_days.LIFE,
}
LISTED = (
    follow_up,
    wish,
    volunteer_team,
    service_record,
    care_profile,
    care_round,
    care_call,
    steward,
    seat,
    commendation,
    pairing,
    pager,
    pager_alarm,
    assisted,
    hand_delivery,
    unmask_day,
)
