"""Old people of a community, and one Friday."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from chassis.identity import Grant, Principal
from services.notify import care_rounds
from services.notify.care_rounds import CareCall
from services.notify.tables import Area
from tests.unit.notify.facts import COMMUNITY, SERVICE, shanghai
from tests.unit.notify.wishing import CLERK, STAIRWELL, STEWARD, do

FRIDAY = shanghai(5, 8, 30)
SEAT = Principal("u-seat", "关怀坐席", (Grant("CARE", "yinchuan.xingqing"),))
GRID_WORKER = Principal("u-grid", "网格员", (Grant("GRID", f"{COMMUNITY}.g3"),))
GRANDMOTHER = {
    "name": "马秀英",
    "phone": "13900000301",
    "birth_date": "1940-07-05",
    "area_path": STAIRWELL,
    "place_text": "5号楼101室",
    "dialect": "宁夏话",
    "emergency": {"name": "马强", "phone": "13900000302"},
    "agreed": True,
}


def furnish(store: Any) -> None:
    with store.transaction() as session:
        session.merge(Area(path=COMMUNITY, code="yinhong", level="COMMUNITY", name="银虹社区", area4="0100"))
        session.merge(Area(path=STAIRWELL, code="b5", level="BUILDING", name="5号楼", area4="0101"))


def listed(store: Any, **changed: Any) -> str:
    """The number of an old person on the list."""
    return str(do(store, "enrol_for_care", CLERK, **{**GRANDMOTHER, **changed})["number"])


def tick(store: Any, now: datetime = FRIDAY) -> None:
    with store.transaction() as session:
        care_rounds.open_rounds(session, SERVICE, now)


def calls(store: Any) -> list[str]:
    with store.transaction() as session:
        return list(session.scalars(select(CareCall.case_number).order_by(CareCall.case_number)))


def called(store: Any) -> str:
    """The number of the only call of a round that has begun."""
    furnish(store)
    listed(store)
    tick(store)
    (number,) = calls(store)
    return number


def unanswered(store: Any) -> str:
    """A call nobody answered, so that somebody has to go there."""
    number = called(store)
    for _ in range(3):
        do(store, "record_no_answer", SEAT, FRIDAY, number=number)
    return number


LADDER = {
    "VISITING": (),
    "ASKING": (("record_care_visit", STEWARD, {"seen": False, "found": "敲门没有人应"}),),
    "SEARCHING": (
        ("record_care_visit", STEWARD, {"seen": False, "found": "敲门没有人应"}),
        ("record_family_asked", CLERK, {"reached": False, "found": "电话关机"}),
    ),
}


def climbed(store: Any, state: str) -> str:
    """A call on a rung of the ladder."""
    number = unanswered(store)
    for method, who, asked in LADDER[state]:
        do(store, method, who, FRIDAY, number=number, **asked)
    return number
