"""Plans and patrols of 沁苑社区, a team of neighbours there, and one command at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from chassis.identity import Grant, Principal
from services.intake import patrols
from tests.unit.intake import campaigning
from tests.unit.intake.campaigning import FIRST, GE, HAZARD, QINYUAN, ZOU
from tests.unit.intake.world import INTAKE

GRID = f"{QINYUAN}.g1"
MONDAY = datetime(2024, 7, 8, 1, 0, tzinfo=UTC)
"""09:00 in Yinchuan."""
DAY = timedelta(days=1)
PLAN = {"name": "1号网格消防巡查", "theme": "FIRE", "area_path": GRID, "weekdays": ["MONDAY", "THURSDAY"]}
POINTS = ["楼道无堆物", "消防通道畅通", "灭火器有效", "应急灯亮", "电动车未上楼充电", "燃气阀门无漏气味"]
ROUNDS = {"name": "夜间巡逻", "theme": "SECURITY", "weekdays": ["FRIDAY"]}
WU = Principal("u-wu", "吴正平", (Grant("VOLUNTEER", GRID),))
XU = Principal("u-xu", "许兰", (Grant("VOLUNTEER", GRID),))
GIVEN: dict[str, dict[str, Any]] = {
    "plan_patrols": PLAN,
    "record_patrol": {"result": "OK"},
    "patrol_to_hazard": HAZARD,
    "patrol_to_appeal": campaigning.APPEAL,
    "call_off_patrol": {"reason": "大风停止户外作业"},
    "found_courtyard": {"name": "3号院", "area_path": FIRST},
    "plan_rounds": ROUNDS,
    "disband_courtyard": {"reason": "拆迁"},
    "list_patrol_coverage": {"area_path": QINYUAN},
}


def do(store: Any, method: str, who: Principal = ZOU, now: Any = MONDAY, **asked: Any) -> Any:
    return campaigning.do(store, method, who, now, **{**GIVEN.get(method, {}), **asked})


def plan(store: Any, now: Any = MONDAY, **asked: Any) -> str:
    return str(do(store, "plan_patrols", GE, now, **asked)["number"])


def tick(store: Any, now: Any = MONDAY) -> None:
    with store.transaction() as session:
        patrols.open_patrols(session, INTAKE, now)


def end(store: Any, now: Any) -> None:
    with store.transaction() as session:
        patrols.LIFE.end_due(session, INTAKE, now)


def opened(store: Any, now: Any = MONDAY, **asked: Any) -> str:
    """The number of today's patrol of a new plan."""
    plan(store, now, **asked)
    tick(store, now)
    return numbers(store)[0]


def numbers(store: Any) -> list[str]:
    """Of all patrols, the newest first."""
    return [row["number"] for row in do(store, "list_patrols", GE)["items"]]


def finds(store: Any, number: str, now: Any = MONDAY, points: int = 1) -> None:
    """Something is found at the first points and raised as hazards; the rest is in order."""
    do(store, "record_patrol", now=now, number=number, open_points=POINTS[points:])
    found = {"result": "FOUND", "note": "堆着纸箱"}
    for name in POINTS[:points]:
        do(store, "record_patrol", now=now, number=number, open_points=[name], **found)
        do(store, "patrol_to_hazard", now=now, number=number, found_point=name)
