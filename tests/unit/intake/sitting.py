"""The diagnosis room of 沁苑社区 and who sits there in turn."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from chassis.identity import Grant, Principal
from services.intake.rota import Turn
from tests.unit.intake import campaigning as at

MONDAY = datetime(2024, 7, 8, 2, 0, tzinfo=UTC)
"""10:00 in Yinchuan; the community's turn."""
TUESDAY = datetime(2024, 7, 9, 2, 0, tzinfo=UTC)
"""The property firm's."""
GE = at.GE
SHANG = Principal("u-shangwenjing", "尚文静", (Grant("WINDOW", at.QINYUAN, "qinyuan"),))
WU = {"name": "吴启河", "phone": "13900000601", "contact_preference": "CALL"}
ROOM = "沁苑社区民情诊断室"
SAID = "单元门口的灯不亮"


def furnish(session: Any) -> None:
    at.furnish(session)
    for who, days, org in ((GE, "MON THU", "沁苑社区"), (SHANG, "TUE FRI", "沁苑物业公司")):
        hours = {"hours": f"{days} 09:00-12:00", "org_name": org, "room": ROOM, "area_path": at.QINYUAN}
        session.add(Turn(person_id=who.id, person_name=who.name, **hours))


def received(store: Any, who: Principal = GE, now: datetime = MONDAY, **more: Any) -> dict[str, Any]:
    asked = {"area_path": at.QINYUAN, "matter": SAID, **more}
    return at.do(store, "receive_consultation", who, now, **asked)  # type: ignore[no-any-return]
