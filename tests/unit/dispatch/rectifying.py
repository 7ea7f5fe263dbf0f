"""People around a rectification, and one command at a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from chassis.identity import Principal
from contracts import registry
from services.dispatch import looking_back
from services.dispatch.rectification_tables import LookBack, Rectification
from services.dispatch.rectifications import LIFE
from services.dispatch.service import DispatchService
from services.dispatch.tables import Receiver, Unit
from tests.unit.dispatch.world import GRID_PATH, LISHAN, LIUWEI, NOW, PHOTO, STREET_PATH, WANGFANG, person

PORTAL, CLOCK = Principal.service("portal"), Principal.service("dispatch")
SQUAD = person("u-gezhenhua", "葛振华", ("RECEIVER", STREET_PATH, "zhongdui"))
SHOP_NO, SWEEP_NO = "H20240705010100001A", "Z202407050101000014"
FAULT = {
    "source_number": SHOP_NO, "subject": "老马拉面", "area_path": GRID_PATH, "form": "NOTICE",
    "spots": [{"what": "消防通道堆放货物", "place_text": "解放街12号后门", "user": "马建国", "photos": [PHOTO]}],
    "delivery": "SIGNED", "delivered": [PHOTO],
}  # fmt: skip
SPOTS: dict[str, Any] = {
    **FAULT, "source_number": SWEEP_NO, "subject": "毁绿种菜", "delivery": "POSTED",
    "spots": [{"what": f"第{no}块菜地", "square_metres": no, "user": "高某某"} for no in range(1, 15)],
}  # fmt: skip
ENFORCING = {
    "spots": [1], "step": "COMPULSORY", "executor": "zhongdui", "assistants": ["yinhong", "wuye"],
    "legal_basis": "《城市绿化条例》第二十六条", "noticed_on": "2024-07-05", "done_at": NOW.isoformat(),
    "result": "清除并平整", "evidence": [PHOTO],
}  # fmt: skip
GIVEN: dict[str, dict[str, Any]] = {
    "issue_rectification": FAULT,
    "prove_rectification": {"photos": [PHOTO]},
    "reject_proof": {"reason": "看不到后门"},
    "verify_spots": {"spots": [1], "photos": [PHOTO]},
    "request_enforcement": {"unit": "zhongdui", "legal_basis": "《消防法》第六十条"},
    "record_enforcement": ENFORCING,
    "pass_look_back": {"photos": [PHOTO]},
    "record_relapse": {"spots": [1], "photos": [PHOTO]},
    "revoke_rectification": {"reason": "发错了店"},
}
WHO = {"prove_rectification": PORTAL, "request_enforcement": WANGFANG, "record_enforcement": SQUAD}
WHO["revoke_rectification"] = WANGFANG


def furnish(session: Any) -> None:
    """The squad of the street, beside the roster of `world`."""
    session.add(Unit(code="zhongdui", name="城管执法中队", kind="STATION", level="STREET", area_path=STREET_PATH))
    session.flush()
    session.add(Receiver(unit_code="zhongdui", person_id=SQUAD.id, name=SQUAD.name, post="A"))


def intake(question: Any, asked: dict[str, Any], deadline: float) -> dict[str, Any]:
    """What intake says of a shop or a sweep."""
    return {"number": asked["number"], "area_path": GRID_PATH}


def do(store: Any, method: str, who: Principal | None = None, now: datetime = NOW, **asked: Any) -> Any:
    """One command or question as the bus gives it; the answer as it is shown."""
    command = registry.command("dispatch", method)
    loaded = command().load({**GIVEN.get(method, {}), **asked})
    entry = DispatchService.entrypoints[method]
    who, more = who or WHO.get(method, LISHAN), {"ask": intake} if "ask" in entry.extras else {}
    with store.transaction() as session:
        answer = entry.operation(session, who, loaded, now, **more)
        view = DispatchService.shows.get(type(answer))
        return command.answer().dump(view(session, who, answer) if view else answer)


def tick(store: Any, now: datetime) -> None:
    """What the clocks of the service do at a moment."""
    with store.transaction() as session:
        LIFE.end_due(session, CLOCK, now)
    with store.transaction() as session:
        looking_back.open_look_backs(session, CLOCK, now)


def issued(store: Any, **asked: Any) -> str:
    number: str = do(store, "issue_rectification", **asked)["number"]
    return number


def at_squad(store: Any, now: datetime = NOW + timedelta(days=20), **asked: Any) -> str:
    """Not put right, warned, handed over, approved by the street, and the squad has come."""
    number = issued(store, **asked)
    tick(store, now)
    view = do(store, "request_enforcement", now=now, number=number)
    come(store, view["whistles"][-1], now)
    return number


def come(store: Any, whistle: str, now: datetime) -> dict[str, Any]:
    """The street approves, the squad signs and reports in; its task."""
    found = do(store, "get_whistle", LIUWEI, now, number=whistle)
    found = do(store, "approve_whistle", LIUWEI, now, whistle_id=found["id"])
    (task,) = found["tasks"]
    for method, more in (("sign_task", {}), ("report_in", {"mode": "PLACE"})):
        task = do(store, method, SQUAD, now, task_id=task["id"], **more)
    return dict(task)


def day_of(store: Any) -> datetime:
    """Ten o'clock on the day that was drawn last: what nobody but the test reads."""
    with store.transaction() as session:
        draw = session.scalars(select(LookBack).order_by(LookBack.no.desc())).first()
        return datetime.fromisoformat(f"{draw.day}T10:00:00+08:00")


def state_of(store: Any, number: str) -> str:
    with store.transaction() as session:
        return str(session.query(Rectification).filter_by(case_number=number).one().state)
