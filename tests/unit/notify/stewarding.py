"""People around a stairwell and its steward."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from chassis.identity import Grant, Principal
from services.notify import seats as stairwell_seats
from services.notify import stewards
from services.notify.seats import Seat
from services.notify.stewards import Steward
from services.notify.tables import Area
from tests.unit.notify.facts import COMMUNITY, NOW, SERVICE
from tests.unit.notify.wishing import CLERK, do

STREET = COMMUNITY.rpartition(".")[0]
DOOR, OTHER_DOOR = f"{COMMUNITY}.g3.b5u2", f"{COMMUNITY}.g3.b5u3"
OFFICER = Principal("u-officer", "街道干事", (Grant("STREET", STREET, "lijingjie"),))
GRID_WORKER = Principal("u-grid", "网格员", (Grant("GRID", f"{COMMUNITY}.g3"),))
XIAO_LAN = Principal("u-xiaolan", "肖兰", (Grant("STEWARD", DOOR, "yinhong"),))
XIAO = {
    "area_path": DOOR,
    "nomination": "HOUSEHOLDS",
    "name": "肖兰",
    "phone": "13900000401",
    "reasons": "热心，住户都认识",
    "agreed": True,
}
CADRE = Principal("u-cadre", "结对干部", (Grant("GRID", f"{COMMUNITY}.g3"),))
HOUSEHOLD = {
    "area_path": DOOR,
    "carer": {"id": CADRE.id, "name": CADRE.name},
    "rhythm": "MONTH",
    "name": "马奶奶",
    "phone": "13900000501",
    "place_text": "101室",
    "wants": "买药",
    "agreed": True,
}
STEPS: dict[str, dict[str, Any]] = {
    "approve_steward": {},
    "appoint_steward": {"account": XIAO_LAN.id},
    "evaluate_steward": {"month": "2024-07", "score": 95, "reasons": "天天巡楼"},
    "care_for_steward": {"care_note": "入户慰问"},
    "equip_steward": {"equipment": "袖标、手电"},
    "retire_steward": {"thanks": "感谢三年的付出"},
    "remove_steward": {"removal": "搬走了"},
    "refuse_steward": {"refusal": "不住本楼"},
}


def furnish(store: Any) -> None:
    with store.transaction() as session:
        session.merge(Area(path=STREET, code="lijingjie", level="STREET", name="丽景街街道", area4=None))
        session.merge(Area(path=COMMUNITY, code="yinhong", level="COMMUNITY", name="银虹社区", area4="0100"))
        for door, name in ((DOOR, "5号楼2单元"), (OTHER_DOOR, "5号楼3单元")):
            session.merge(Area(path=door, code=door[-4:], level="STAIRWELL", name=name, area4=None))


def nominated(store: Any, who: Principal = GRID_WORKER, **changed: Any) -> str:
    furnish(store)
    return str(do(store, "nominate_steward", who, **{**XIAO, **changed})["number"])


def drafted(store: Any, who: Principal = OFFICER, **changed: Any) -> str:
    """The number of a month's commendation."""
    asked = {"area_path": STREET, "month": "2024-07", "stairwells": [{"area_path": DOOR}], **changed}
    return str(do(store, "draft_commendation", who, **asked)["number"])


def paired(store: Any, **changed: Any) -> str:
    """The number of a household with somebody who comes."""
    furnish(store)
    return str(do(store, "open_pairing", CLERK, **{**HOUSEHOLD, **changed})["number"])


def step(store: Any, number: str, method: str, who: Principal = CLERK, now: Any = NOW, **more: Any) -> Any:
    return do(store, method, who, now, number=number, **{**STEPS[method], **more})


def active(store: Any, **changed: Any) -> str:
    """The number of a steward at work."""
    number = nominated(store, **changed)
    step(store, number, "approve_steward")
    step(store, number, "appoint_steward")
    return number


def seats(store: Any) -> list[tuple[str, str | None]]:
    with store.transaction() as session:
        return [(row.state, row.steward_number) for row in session.scalars(select(Seat).order_by(Seat.area_path))]


def seat(store: Any) -> str:
    """The number of a vacant seat."""
    nominated(store)
    with store.transaction() as session:
        return session.scalars(select(Seat.case_number)).one()


def end_due(store: Any, now: Any) -> None:
    with store.transaction() as session:
        stewards.LIFE.end_due(session, SERVICE, now)
        stairwell_seats.LIFE.end_due(session, SERVICE, now)


def kept(store: Any, number: str) -> dict[str, Any]:
    with store.transaction() as session:
        row = session.scalars(select(Steward).where(Steward.case_number == number)).one()
        return {"state": row.state, "due_at": row.due_at, "account": row.account}


def hung(store: Any, who: Principal = XIAO_LAN, now: Any = NOW, **changed: Any) -> str:
    """The number of a notice at the door."""
    furnish(store)
    told = {"area_path": DOOR, "heading": "周六大扫除", "words": "早上九点在楼下集合，带上手套。", "days": 7, **changed}
    return str(do(store, "post_doorway_notice", who, now, **told)["number"])
