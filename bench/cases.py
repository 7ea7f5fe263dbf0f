"""What is told and asked for in the measurements: many appeals of many people, and the whistles for them."""

from __future__ import annotations

from typing import Any

from bench.desk import Desk
from tests.stories.people import SEWAGE_AREA
from tests.stories.steps.appeals import SEWAGE

GRID_WORKER = "lishan"
UNIT = "gongdian"

Body = dict[str, Any]


def appeal(number: int) -> Body:
    """One resident's emergency; every number is another resident."""
    reporter = {"name": "陈桂兰", "phone": f"139{number % 10**8:08d}", "contact_preference": "CALL"}
    return {**SEWAGE, "reporter": reporter, "contact_person": None}


def emergency(case: Body) -> Body:
    """An EMERGENCY whistle for a registered appeal: it blows at once, without anybody's approval."""
    return {
        "source": {"kind": "APPEAL", "id": case["id"], "number": case["number"]},
        "kind": "EMERGENCY",
        "reason": "水漫到配电箱",
        "asked_action": "HANDLE_ON_SITE",
        "asked_action_text": "断电抢修",
        "asked_place_text": "5号楼2单元",
        "area_path": SEWAGE_AREA,
        "recipients": [{"unit": UNIT, "role": "LEAD"}],
    }


def register(desk: Desk, number: int) -> Body:
    return desk.post("/api/appeals", appeal(number))


def whistle(desk: Desk, case: Body) -> Body:
    return desk.post("/api/whistles", emergency(case))
