"""A team of volunteers, its actions, and the records of who served."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from services.notify.service_records import ServiceRecord
from services.notify.tables import Area
from tests.unit.notify.facts import COMMUNITY, NOW
from tests.unit.notify.wishing import CLERK, HELPER, OTHER_HELPER, STAIRWELL, do, posted

LEADER, MEMBER = HELPER, OTHER_HELPER
BEGAN = NOW - timedelta(hours=3)
ENDED = BEGAN + timedelta(minutes=90)
TEAM = {
    "area_path": COMMUNITY,
    "name": "银虹先锋队",
    "purpose": "陪老人就医、清扫楼道",
    "leader": {"id": LEADER.id, "name": LEADER.name},
}
WHAT = "清扫3号楼楼道"


def furnish(store: Any) -> None:
    with store.transaction() as session:
        session.merge(Area(path=COMMUNITY, code="yinhong", level="COMMUNITY", name="银虹社区", area4="0100"))
        session.merge(Area(path=STAIRWELL, code="b5", level="BUILDING", name="5号楼", area4="0101"))


def founded(store: Any, *members: Any) -> str:
    """The number of a team with its leader and these members."""
    number = str(do(store, "found_team", CLERK, **TEAM)["number"])
    for who in members:
        do(store, "join_team", who, number=number)
        do(store, "admit_member", LEADER, number=number, member_id=who.id)
    return number


def held(store: Any, team: str, *present: Any, began: Any = BEGAN, ended: Any = ENDED) -> Any:
    """An action of the team, and who was there."""
    told = {"began_at": began.isoformat(), "ended_at": ended.isoformat(), "member_ids": [who.id for who in present]}
    return do(store, "record_team_action", LEADER, number=team, what=WHAT, **told)


def served(store: Any, who: Any = MEMBER, began: Any = BEGAN, minutes: int = 90) -> str:
    """The number of a record of a team's action nobody has confirmed yet."""
    team = founded(store, *[MEMBER] if who is MEMBER else [])
    held(store, team, who, began=began, ended=began + timedelta(minutes=minutes))
    return record_of(store, team, who)


def record_of(store: Any, source: str, who: Any) -> str:
    with store.transaction() as session:
        same = ServiceRecord.source_number == source, ServiceRecord.volunteer_id == who.id
        return session.scalars(select(ServiceRecord).where(*same)).one().number


def confirmed(store: Any, **more: Any) -> str:
    number = served(store, **more)
    do(store, "confirm_service", CLERK, number=number)
    return number


def granted(store: Any) -> str:
    """The number of a wish the helper fulfilled, confirmed by the community."""
    number = posted(store, "FULFILLED")
    do(store, "confirm_wish", number=number)
    return number


def wish_recorded(store: Any, who: Any = HELPER, wish: str = "", minutes: int = 40, began: Any = BEGAN) -> str:
    told = {"wish": wish or granted(store), "began_at": began.isoformat(), "minutes": minutes}
    return str(do(store, "record_wish_service", who, **told)["number"])
