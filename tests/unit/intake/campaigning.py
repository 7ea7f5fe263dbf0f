"""沁苑社区 with its 67 units (A6), the people who visit them, and one command of a campaign at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from chassis.identity import Grant, Principal
from contracts import registry
from services.intake.service import IntakeService
from services.intake.tables import AreaNode, Post, PostHolder
from tests.unit.intake.world import NOW, register

STREET = "yinchuan.xingqing.zhongxinglu"
QINYUAN = f"{STREET}.qinyuan"
GRIDS = {f"{QINYUAN}.g1": 16, f"{QINYUAN}.g2": 16, f"{QINYUAN}.g3": 16, f"{QINYUAN}.g4": 19}
UNITS = [f"{grid}.u{no:02}" for grid, units in GRIDS.items() for no in range(1, units + 1)]
FIRST, SECOND = UNITS[:2]


def _worker(no: int) -> Principal:
    return Principal(f"u-grid{no}", f"网格员{no}", (Grant("GRID", f"{QINYUAN}.g{no}", "qinyuan"),))


WORKERS = {grid: _worker(no) for no, grid in enumerate(GRIDS, 1)}
ZOU, YU = list(WORKERS.values())[:2]
GE = Principal("u-geyanxia", "葛艳霞", (Grant("COMMUNITY", QINYUAN, "qinyuan"), Grant("WINDOW", QINYUAN, "qinyuan")))
FAN = Principal("u-fanzhengping", "范正平", (Grant("COMMUNITY", QINYUAN, "qinyuan"),))
STEWARD = Principal("u-zhuqiuju", "朱秋菊", (Grant("STEWARD", FIRST, "qinyuan"),))
STREET_OFFICER = Principal("u-maqiaoling", "马巧玲", (Grant("STREET", STREET, "zhongxinglu"),))
PEOPLE = (GE, FAN, *WORKERS.values(), STEWARD, STREET_OFFICER)

APPEAL = {
    "place_text": "101室",
    "content": "楼道灯不亮，老人摔过一次。",
    "category": "other.advice",
    "nature": "HELP",
}
HAZARD = {"place_text": "门口", "description": "台阶断裂", "kind": "STRUCTURE", "level": "GENERAL"}
GIVEN: dict[str, dict[str, Any]] = {
    "open_campaign": {
        "area_path": QINYUAN,
        "purpose": "SURVEY",
        "topic": "单元门口装扶手",
        "question": "单元门口要不要装扶手",
    },
    "accept_sweep": {"question": "您家下水最近堵过吗"},
    "decline_sweep": {"reason": "已知是施工，下周完工"},
    "record_visit": {"unit_paths": [FIRST], "result": "IN", "need": "YES", "how_many": 3},
    "raise_appeal": {"unit_path": FIRST, **APPEAL},
    "raise_hazard": {"unit_path": FIRST, **HAZARD},
    "write_diary": {"area_path": f"{QINYUAN}.g1", "words": "今天走访了三户"},
    "reject_diary_change": {"why": "情况不属实"},
    "decide_change": {"decision": "ACCEPTED"},
    "withdraw_campaign": {"reason": "并入另一次走访"},
    "diary_to_appeal": APPEAL,
    "diary_to_hazard": HAZARD,
    "list_coverage": {"area_path": STREET},
}


def furnish(session: Any) -> None:
    """The community, its grids and units, and a grid worker for each grid."""
    levels = [(STREET, "STREET", "中兴路街道"), (QINYUAN, "COMMUNITY", "沁苑社区")]
    levels += [(grid, "GRID", grid[-2:]) for grid in GRIDS] + [(unit, "STAIRWELL", unit[-3:]) for unit in UNITS]
    for path, level, name in levels:
        session.add(AreaNode(code=path, level=level, name=name, path=path, area4="1001", valid_from=date(2020, 1, 1)))
    for grid, who in WORKERS.items():
        post = Post(area_path=grid, duty="GRID", name="网格员", unit="qinyuan", hours="DAILY 08:30-19:00")
        session.add(post)
        session.flush()
        held = {"rank": "A", "valid_from": datetime(2020, 1, 1, tzinfo=UTC)}
        session.add(PostHolder(post_id=post.id, person_id=who.id, person_name=who.name, **held))


def do(store: Any, method: str, who: Principal = GE, now: Any = NOW, **asked: Any) -> Any:
    """One command or question as the bus gives it; the answer as it is shown."""
    command = registry.command("intake", method)
    loaded = command().load({**GIVEN.get(method, {}), **asked})
    with store.transaction() as session:
        answer = IntakeService.entrypoints[method].operation(session, who, loaded, now)
        view = IntakeService.shows.get(type(answer))
        return command.answer().dump(view(session, who, answer) if view else answer)


def asked_for(store: Any, place: str = FIRST) -> str:
    """吴启河's appeal at the desk."""
    words = {"title": "单元门口装扶手", "content": "老伴腿脚不便，门口台阶没有扶手", "channel": "WINDOW"}
    return str(register(store, GE, area_path=place, category="other.advice", calm=True, **words)["number"])


def opened(store: Any, **asked: Any) -> str:
    return str(do(store, "open_campaign", **asked)["number"])


def visited(store: Any, number: str, units: list[str] | None = None, **asked: Any) -> Any:
    """Each grid worker tells of her units at once; the last answer."""
    told = None
    for grid, who in WORKERS.items():
        if mine := [unit for unit in units or UNITS if unit.startswith(grid)]:
            told = do(store, "record_visit", who, number=number, unit_paths=mine, **asked)
    return told
