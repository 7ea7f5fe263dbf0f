"""People, moments and facts of the told case A1, and what the store holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from chassis.entrypoints import Handles
from chassis.identity import Grant, Principal
from contracts import samples
from contracts.intake.appeals import AppealRegistered
from contracts.intake.working import AppealResultReported
from services.notify.service import NotifyService
from services.notify.tables import Base, FollowUp, Message
from tests.support.delivering import deliver, with_peers
from tests.support.events import hear

COMMUNITY = "yinchuan.xingqing.lijingjie.yinhong"
GRID = f"{COMMUNITY}.g3"
APPEAL = samples.APPEAL
NUMBER = samples.APPEAL_NO

SERVICE = Principal.service("notify")
HE_JING = Principal("u-hejing", "何静", (Grant("FOLLOWUP", "yinchuan.xingqing", "huifang"),))
LI_SHAN_AS_CLERK = Principal("u-lishan", "李珊", (Grant("FOLLOWUP", "yinchuan.xingqing", "huifang"),))
COLLEAGUE = Principal("u-wangfang", "王芳", (Grant("FOLLOWUP", COMMUNITY, "yinhong"),))
ELSEWHERE = Principal("u-far", "远方", (Grant("FOLLOWUP", "yinchuan.jinfeng", "far"),))
WANG_FANG = Principal("u-wangfang", "王芳", (Grant("COMMUNITY", COMMUNITY, "yinhong"),))
NEIGHBOUR_STAFF = Principal("u-x", "旁人", (Grant("COMMUNITY", "yinchuan.xingqing.lijingjie.jingyuan", "jingyuan"),))
RESIDENT = Principal(samples.RESIDENT, "陈*", (Grant("RESIDENT", GRID),), "resident")


def shanghai(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of July 2024 by the wall clock (the 8th is a Monday)."""
    return datetime(2024, 7, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


NOW = shanghai(8, 10)
NIGHT = shanghai(8, 22)


def fact(contract: Any, data: dict[str, Any] | None = None, version: int = 1, **more: Any) -> Any:
    """A fact about the told appeal."""
    about = {"subject": APPEAL, "case_number": NUMBER, "area_path": GRID, "time": NOW}
    return hear(contract, data, **{**about, "aggregate_version": version, **more})


HANDLERS = {
    entry.contract.name: with_peers(entry.operation)
    for entry in NotifyService.entrypoints.values()
    if isinstance(entry, Handles)
}


def tell(store: Any, event: Any, now: datetime = NOW) -> bool:
    """One delivery to whatever handles such events; False when this one had its effect before."""
    return deliver(store, HANDLERS[event.name], event, now)


def registered(store: Any, now: datetime = NOW, **data: Any) -> None:
    tell(store, fact(AppealRegistered, data), now)


def with_follow_up(store: Any, version: int = 10, now: datetime = NOW, **data: Any) -> None:
    """The told appeal, registered and with a reported result."""
    registered(store)
    result = fact(AppealResultReported, data, version, time=now)
    tell(store, result, now)


def messages(store: Any, *templates: str) -> list[Message]:
    """What is in the queue or left it, in order."""
    with store.transaction() as session:
        rows = session.scalars(select(Message).order_by(Message.created_at, Message.id)).all()
        return [row for row in rows if not templates or row.template in templates]


def told(store: Any, *templates: str) -> set[tuple[str, str | None]]:
    """(template, recipient id) of each message."""
    return {(row.template, row.recipient_id) for row in messages(store, *templates)}


def all_follow_ups(store: Any) -> list[FollowUp]:
    with store.transaction() as session:
        return list(session.scalars(select(FollowUp).order_by(FollowUp.cycle)))


def only_follow_up(store: Any) -> FollowUp:
    (row,) = all_follow_ups(store)
    return row


def everything(store: Any) -> dict[str, int]:
    """How many rows each table holds."""
    with store.engine.connect() as connection:
        return {name: len(connection.execute(select(table)).all()) for name, table in Base.metadata.tables.items()}
