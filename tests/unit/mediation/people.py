"""Who and where: the staff, places, organisations and numbers of the told case A1."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from chassis.errors import Forbidden, NotFound
from chassis.identity import Grant, Principal
from kernel.numbers import case_number

NOW = datetime(2024, 7, 5, 2, 0, tzinfo=UTC)
HEARING = datetime(2024, 7, 9, 7, 0, tzinfo=UTC)
"""9 July, 15:00 in Yinchuan: the second meeting of the told case."""

COMMUNITY = "yinchuan.xingqing.lijingjie.yinhong"
STAIRWELL = f"{COMMUNITY}.g3.b5u2"
STREET = "yinchuan.xingqing.lijingjie"
STATION_AREA = "yinchuan.xingqing.tianshanlu.guangminghongyan"


def staff(id_: str, name: str, role: str, node: str) -> Principal:
    return Principal(id_, name, (Grant(role, node),))


SHI = staff("u-shixiuying", "石秀英", "MEDIATOR", COMMUNITY)
MA = staff("u-maguangming", "马光明", "MEDIATOR", COMMUNITY)
WANG = staff("u-wangfang", "王芳", "COMMUNITY", COMMUNITY)
STEWARD = staff("u-xiaolan", "肖兰", "STEWARD", STAIRWELL)
LISHAN = staff("u-lishan", "李珊", "GRID", f"{COMMUNITY}.g3")
STREET_OFFICER = staff("u-street", "街道值班员", "STREET", STREET)
ELSEWHERE = Principal(
    "u-other", "外社区", tuple(Grant(role, f"{STREET}.jingyuan") for role in ("MEDIATOR", "COMMUNITY"))
)
RECEIVER = staff("u-receiver", "接哨员", "RECEIVER", STREET)
RESIDENT = Principal("u-chen", "陈*", (Grant("RESIDENT", COMMUNITY),), "resident")

UNITS = ("lijingjie-sfs", "yinhong-falvguwen", "lijingjie-pcs")
APPEAL = UUID(int=1)
OTHER_APPEAL = UUID(int=2)


def number(seq: int, kind: str = "S", area4: str = "0101", moment: datetime = NOW) -> str:
    return case_number(kind, moment.date(), area4, seq)


DISTRICT = Path(__file__).parents[3] / "data/district"
WALK_IN = {
    "origin": "WALK_IN",
    "dispute_type": "NEIGHBOUR",
    "cause_text": "楼上卫生间跑水，泡坏了地板",
    "area_path": f"{STATION_AREA}.g1.b2u1",
    "claimant": {"name": "刘小军", "phone": "13900000101"},
    "respondent": {"name": "孙建平"},
    "risk_level": "YELLOW",
}


ORGS = [
    (
        "yinhong-tiaowei",
        "银虹社区人民调解委员会",
        True,
        COMMUNITY,
        [("u-shixiuying", "石秀英"), ("u-maguangming", "马光明")],
    ),
    ("yinhong-studio", "银虹社区老班长工作室", False, COMMUNITY, [("u-lao", "老班长")]),
    ("hongse-jiayuan", "红色家园居民自治接待站", False, STATION_AREA, [("u-yanggendi", "杨根娣")]),
]


def refusal(who: Principal) -> type[Exception]:
    """What one who is not allowed hears: who may not see the case learns nothing of it."""
    return NotFound if who in (ELSEWHERE, RECEIVER, RESIDENT) else Forbidden
