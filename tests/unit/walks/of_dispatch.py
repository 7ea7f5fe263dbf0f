"""Rows of every life of dispatch."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select

from chassis.store import Store
from services.dispatch import conferences, duty_requests, rectifications, supervisions, turnouts
from services.dispatch import states as dispatch
from services.dispatch.conferences import Conference
from services.dispatch.rectification_tables import Rectification
from services.dispatch.service import DispatchService
from services.dispatch.tables import Base as DispatchBase
from services.dispatch.tables import Task, Whistle
from tests.unit.dispatch import asking_community, conferring, rectifying, supervised, turning_out
from tests.unit.dispatch import world as dispatch_world
from tests.unit.walks.room import Room

KNOWN = (
    dispatch_world.HEWENBIN,
    dispatch_world.UNLISTED,
    dispatch_world.HEAD,
    dispatch_world.YANGFAN,
    dispatch_world.LIUWEI,
)


def _whistle(database: Callable[..., Store], kind: str) -> tuple[Store, UUID, UUID]:
    store = database(DispatchBase.metadata)
    with store.transaction() as session:
        dispatch_world.people(session)
    with store.transaction() as session:
        whistle = dispatch_world.blown(session, kind=kind, units=["sifasuo"])
        return store, whistle["id"], dispatch_world.task_of(whistle)["id"]


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


def supervision(database: Callable[..., Store]) -> Room:
    """Answered once, so that whatever is decided on has something to be decided on."""
    store = database(DispatchBase.metadata)
    with store.transaction() as session:
        dispatch_world.people(session)
    number = supervised.issued(store)
    supervised.do(store, "reply_supervision", number=number)
    with store.transaction() as session:
        key = session.scalars(select(supervisions.Supervision.id)).one()
    known = (*KNOWN, supervised.BOTH_SIDES, dispatch_world.WANGFANG)
    return Room(DispatchService, supervisions.LIFE, store, supervisions.Supervision, key, {"number": number}, known)


LIFE_OF = {
    whistle: dispatch.WHISTLE,
    task: dispatch.TASK,
    emergency_task: dispatch.EMERGENCY_TASK,
    rectification: rectifications.LIFE,
    conference: conferences.LIFE,
    duty_request: duty_requests.LIFE,
    turnout: turnouts.LIFE,
    supervision: supervisions.LIFE,
}
LISTED = (
    rectification,
    duty_request,
    turnout,
    supervision,
)
