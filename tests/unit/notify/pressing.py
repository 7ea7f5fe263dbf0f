"""An old person with a pager, three stations, and one command or signal at a time."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from chassis.identity import Grant, Principal
from letters.letter import Letter
from services.notify import pager_alarms, pager_signals
from services.notify.care_stations import CareShift, CareStation
from services.notify.pager_alarms import PagerAlarm
from services.notify.tables import Area
from tests.unit.notify.facts import COMMUNITY, NOW, SERVICE
from tests.unit.notify.wishing import CLERK, STAIRWELL
from tests.unit.notify.wishing import do as ask

DISTRICT = "yinchuan.xingqing"
SEAT = Principal("u-seat", "座席", (Grant("CARE", DISTRICT, "hujiao"),))
OTHER_SEAT = Principal("u-seat2", "座席乙", (Grant("CARE", DISTRICT, "hujiao"),))
NEAR = Principal("u-near", "近站", (Grant("CARE", DISTRICT, "yinhong"),))
NEXT = Principal("u-next", "邻站", (Grant("CARE", DISTRICT, "jingyuan"),))
STATIONS = {
    "yinhong": (COMMUNITY, 38.4712, "DAILY 08:00-20:00"),
    "jingyuan": (f"{DISTRICT}.lijingjie.jingyuan", 38.4745, "DAILY 08:00-20:00"),
    "xinle": (f"{DISTRICT}.chengbei.xinle", 38.5010, "ALWAYS"),
}
GRANDMOTHER = {
    "name": "马秀英",
    "phone": "13900000301",
    "area_path": STAIRWELL,
    "place_text": "5号楼101室",
    "geo": {"lat": 38.4713, "lon": 106.28},
    "advice": "耳背，敲门要用力",
    "emergency": {"name": "马强", "phone": "13900000302"},
    "agreed": True,
}
GIVEN: dict[str, dict[str, Any]] = {
    "register_pager": GRANDMOTHER,
    "record_pager_check": {"found": "电池换了"},
    "retire_pager": {"retired_reason": "搬走"},
    "classify_pager_alarm": {"kind": "HELP"},
    "record_pager_arrival": {"who_came": "STATION"},
    "resolve_pager_alarm": {"outcome": "HELPED", "told": "扶起来了，没有受伤"},
}
WHO = {"register_pager": CLERK, "accept_pager_alarm": NEAR, "record_pager_arrival": NEAR}
PATHS = {
    "RAISED": (),
    "ANSWERED": ("answer_pager_alarm",),
    "ASSIGNED": ("answer_pager_alarm", "classify_pager_alarm"),
    "ACCEPTED": ("answer_pager_alarm", "classify_pager_alarm", "accept_pager_alarm"),
    "ARRIVED": ("answer_pager_alarm", "classify_pager_alarm", "accept_pager_alarm", "record_pager_arrival"),
}


def do(store: Any, method: str, who: Principal | None = None, now: Any = NOW, **asked: Any) -> Any:
    return ask(store, method, who or WHO.get(method, SEAT), now, **{**GIVEN.get(method, {}), **asked})


def furnish(store: Any) -> None:
    """The stairwell and the stations of the district."""
    with store.transaction() as session:
        session.merge(Area(path=STAIRWELL, code="b5", level="BUILDING", name="5号楼", area4="0101"))
        for code, (path, lat, hours) in STATIONS.items():
            session.merge(CareStation(code=code, name=f"{code}照料站", area_path=path, lat=lat, lon=106.28))
            session.flush()
            session.merge(CareShift(station_code=code, account=f"u-{code}", hours=hours))


def pager(store: Any, **changed: Any) -> str:
    """The number of a device in use."""
    furnish(store)
    return str(do(store, "register_pager", **changed)["number"])


def letter(number: str, content: Any = None, **more: Any) -> Letter:
    """What a device publishes to its topic."""
    body = content if isinstance(content, bytes) else json.dumps(content or {"signal": "PRESS"}).encode()
    return Letter("", f"pager.{number}", body, **more)


def press(store: Any, number: str, now: Any = NOW, content: Any = None) -> str:
    """One MQTT message; what became of it."""
    with store.transaction() as session:
        return pager_signals.signal_came(session, SERVICE, letter(number, content), now)


def alarms(store: Any) -> list[PagerAlarm]:
    with store.transaction() as session:
        return list(session.scalars(select(PagerAlarm).order_by(PagerAlarm.raised_at, PagerAlarm.id)))


def raised(store: Any, state: str = "RAISED", now: Any = NOW, **changed: Any) -> str:
    """The number of an alarm in a state."""
    press(store, pager(store, **changed), now)
    (alarm,) = alarms(store)
    for method in PATHS[state]:
        do(store, method, now=now, number=alarm.number)
    return alarm.number


def later(store: Any, seconds: float) -> None:
    """The clocks are looked at once."""
    with store.transaction() as session:
        pager_alarms.follow_pager_alarms(session, SERVICE, NOW + timedelta(seconds=seconds))
