"""An application for assistance, the people it passes, and one command at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from chassis.identity import Grant, Principal
from services.notify import assistance
from services.notify.assistance import Assistance
from services.notify.tables import Area
from tests.unit.notify.facts import COMMUNITY, NOW, SERVICE
from tests.unit.notify.wishing import CLERK, STAIRWELL
from tests.unit.notify.wishing import do as ask

SECOND = Principal("u-second", "社区干事乙", (Grant("COMMUNITY", COMMUNITY, "yinhong"),))
STREET = Principal("u-street", "街道", (Grant("STREET", "yinchuan.xingqing.lijingjie", "lijingjie"),))
DISTRICT = Principal("u-district", "区民政", (Grant("DISTRICT", "yinchuan.xingqing", "minzheng"),))
WINDOW = Principal("u-window", "窗口", (Grant("WINDOW", COMMUNITY, "yinhong"),))
NEIGHBOUR = Principal("7d1d0d0e-0000-7000-8000-000000000009", "赵*", (Grant("RESIDENT", COMMUNITY),), "resident")
GIVEN: dict[str, dict[str, Any]] = {
    "apply_for_assistance": {
        "kind": "LOW_INCOME",
        "name": "王国祥",
        "phone": "13900000401",
        "area_path": STAIRWELL,
        "place_text": "101室",
        "circumstances": "糖尿病，没有工作",
        "informed": True,
    },
    "record_home_survey": {"visited_on": "2024-07-08", "members": 2, "income": "860.50", "found": "住一间平房"},
    "review_assistance": {"fit": True, "opinion": "符合条件"},
    "object_to_assistance": {"words": "他儿子开着一家店"},
    "approve_assistance": {"amount": "720.00", "decision": "自2024年8月起每月720元"},
    "refuse_assistance": {"decision": "收入高于标准；六十日内可以申请行政复议"},
    "grant_assistance": {"granted_on": "2024-07-20", "review_on": "2025-07-01"},
    "continue_assistance": {"found": "情况没有变", "review_on": "2026-07-01"},
    "close_assistance": {"closing": "已找到工作"},
    "open_assist_block": {"block": "POLICY", "plan": "讲清能申请什么"},
    "record_assist_action": {"block": "POLICY", "words": "上门讲了一次"},
    "close_assist_block": {"block": "POLICY", "note": "都讲清了"},
}
WHO = {
    "apply_for_assistance": WINDOW,
    "countersign_home_survey": SECOND,
    "review_assistance": STREET,
    "publish_assistance": STREET,
    "object_to_assistance": NEIGHBOUR,
    "answer_assistance_objection": STREET,
    "approve_assistance": DISTRICT,
    "refuse_assistance": DISTRICT,
    "grant_assistance": STREET,
    "continue_assistance": STREET,
}
SURVEYED = ("record_home_survey", "countersign_home_survey")
PUBLICISED = (*SURVEYED, "review_assistance", "publish_assistance")
PATHS: dict[str, tuple[str, ...]] = {
    "APPLIED": (),
    "COUNTERSIGNING": SURVEYED[:1],
    "SURVEYED": SURVEYED,
    "REVIEWED": PUBLICISED[:-1],
    "PUBLICISED": PUBLICISED,
    "DECIDING": (*PUBLICISED, "wait"),
    "GRANTED": (*PUBLICISED, "wait", "approve_assistance", "grant_assistance"),
}


def do(store: Any, method: str, who: Principal | None = None, now: Any = NOW, **asked: Any) -> Any:
    return ask(store, method, who or WHO.get(method, CLERK), now, **{**GIVEN.get(method, {}), **asked})


def wait(store: Any, **passed: float) -> None:
    """The clock of publications is looked at once."""
    with store.transaction() as session:
        assistance.end_assistance_publications(session, SERVICE, NOW + timedelta(**passed))


def applied(store: Any, state: str = "APPLIED", **asked: Any) -> str:
    """The number of a case in a state."""
    with store.transaction() as session:
        session.merge(Area(path=COMMUNITY, code="yinhong", level="COMMUNITY", name="银虹社区", area4="0101"))
        session.merge(Area(path=STAIRWELL, code="b5", level="BUILDING", name="5号楼", area4=None))
    number = str(do(store, "apply_for_assistance", **asked)["number"])
    for method in PATHS[state]:
        if method == "wait":
            wait(store, days=8)
        else:
            do(store, method, number=number)
    return number


def row_of(store: Any) -> Assistance:
    with store.transaction() as session:
        return session.scalars(select(Assistance)).one()
