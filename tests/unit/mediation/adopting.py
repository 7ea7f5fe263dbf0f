"""A covenant, the council that adopts it, and one command at a time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chassis.identity import Principal
from tests.unit.mediation import meeting
from tests.unit.mediation.people import staff

STREET = staff("u-jiangweidong", "街道值班员", "STREET", "yinchuan.xingqing.zhongshannanjie")
PEOPLE = (meeting.ZHENG, meeting.ZHOU, meeting.OWNER, STREET)
FIRST = "一、爱护公共设施\n二、楼道不堆杂物\n三、文明养犬"
SECOND = "一、爱护公共设施\n二、楼道不堆杂物，不停电动车\n三、文明养犬\n四、晚上十点以后不吵闹"
GIVEN: dict[str, dict[str, Any]] = {
    "draft_covenant": {"title_text": "清和社区居民公约", "area_path": meeting.QINGHE, "draft": FIRST},
    "revise_covenant": {"draft": SECOND},
}


def do(store: Any, method: str, who: Principal | None = None, now: datetime = meeting.AFTER, **asked: Any) -> Any:
    who = who or (STREET if method == "file_covenant" else meeting.ZHENG)
    return meeting.do(store, method, who, now, **{**GIVEN.get(method, {}), **asked})


def drafted(store: Any) -> str:
    return str(do(store, "draft_covenant")["number"])


def filed(store: Any) -> str:
    """The number of a covenant in its first version, filed."""
    number = drafted(store)
    do(store, "adopt_covenant", number=number, council_number=meeting.resolved(store))
    do(store, "file_covenant", number=number)
    return number
