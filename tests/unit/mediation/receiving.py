"""A district whose organisations receive people, and one command at a time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from chassis.identity import Principal
from contracts import registry
from services.mediation import open_days, reference
from services.mediation.service import MediationService
from services.mediation.tables import OpenDay
from tests.unit.mediation.people import DISTRICT, staff

XISHAN = "yinchuan.xingqing.wuyingshan.xishan"
WEDNESDAY = datetime.fromisoformat("2024-07-10T09:00:00+08:00")
KONG = staff("u-kongqingan", "孔庆安", "MEDIATOR", XISHAN)
HOU = staff("u-houguiqin", "侯桂琴", "MEDIATOR", XISHAN)
MASHAOFENG = staff("u-mashaofeng", "马少峰", "COMMUNITY", XISHAN)
CAO = staff("u-caoguoliang", "曹国梁", "GRID", f"{XISHAN}.g1")
STREET = staff("u-street", "街道值班员", "STREET", "yinchuan.xingqing.wuyingshan")
SERVICE = Principal.service("mediation")
VISITOR = {"name": "周淑芬", "phone": "13900000501", "matter": "楼上半夜拖椅子，吵得睡不着"}
OPPONENT = {"dispute_type": "NEIGHBOUR", "respondent": {"name": "钱志强"}, "risk_level": "YELLOW"}


def furnish(store: Any) -> None:
    with store.transaction() as session:
        reference.load(session, DISTRICT, WEDNESDAY)


def tick(store: Any, now: datetime = WEDNESDAY) -> None:
    with store.transaction() as session:
        open_days.plan(session, SERVICE, now)
        open_days.keep_hours(session, SERVICE, now)


def do(store: Any, method: str, who: Principal, now: datetime = WEDNESDAY, **asked: Any) -> Any:
    """One command or question as the bus gives it; the answer as it is shown."""
    command = registry.command("mediation", method)
    loaded = command().load(asked)
    with store.transaction() as session:
        answer = MediationService.entrypoints[method].operation(session, who, loaded, now)
        view = MediationService.shows.get(type(answer))
        return command.answer().dump(view(session, who, answer) if view else answer)


def days(store: Any, org: str = "chuxin") -> list[tuple[str, str, str | None]]:
    """State, day and host of an organisation's open days."""
    with store.transaction() as session:
        rows = session.scalars(select(OpenDay).where(OpenDay.org_code == org).order_by(OpenDay.day))
        return [(row.state, row.day.isoformat(), row.host_id) for row in rows]


def open_day(store: Any, now: datetime = WEDNESDAY) -> str:
    """The number of the studio's Wednesday, open now."""
    furnish(store)
    tick(store, now)
    with store.transaction() as session:
        query = select(OpenDay.case_number).where(OpenDay.org_code == "chuxin", OpenDay.state == "OPEN")
        return str(session.scalars(query).one())


def visit(store: Any, **asked: Any) -> str:
    """The number of somebody who came."""
    return str(do(store, "register_visit", KONG, number=open_day(store), **{**VISITOR, **asked})["number"])
