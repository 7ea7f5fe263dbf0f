"""Needs that wait, a meeting about them, and one command at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from contracts import registry
from contracts.intake.needs import NeedListed
from services.dispatch import conferences
from services.dispatch.service import DispatchService
from tests.support.events import hear
from tests.unit.dispatch.world import COMMUNITY_PATH, GRID_PATH, LISHAN, NOW, WANGFANG

NEED, OTHER_NEED = "S202407050101000012", "S202407050101000020"
APPEAL, OTHER_APPEAL = UUID(int=71), UUID(int=72)
CALL = {
    "kind": "JOINT", "topic": "7月联席会", "area_path": COMMUNITY_PATH, "place_text": "社区会议室",
    "held_at": (NOW + timedelta(days=3)).isoformat(), "invited": ["wuye"],
}  # fmt: skip
DO = {
    "item": NEED, "conclusion": "全部安装", "decision": "DO", "until": "2024-08-31", "funding": "为民专项经费",
    "contractor": "wuye", "campaign": "Z202407050101000014",
}  # fmt: skip
GIVEN: dict[str, dict[str, Any]] = {
    "call_conference": CALL,
    "decide_item": DO,
    "hold_conference": {"minutes": "全部安装，8月31日前办好"},
}


def ask(question: Any, asked: dict[str, Any], deadline: float) -> dict[str, Any]:
    """What intake says: a sweep of 67 units that all need it, or an appeal."""
    if question.method == "get_campaign":
        return {"targets": [{"name": f"{no}单元", "need": "YES" if no <= 67 else "NO"} for no in range(1, 71)]}
    return {"id": str(APPEAL), "number": asked["number"], "area_path": GRID_PATH}


def do(store: Any, method: str, who: Any = WANGFANG, now: Any = NOW, **asked: Any) -> Any:
    """As the bus gives it; the answer as it is shown."""
    command = registry.command("dispatch", method)
    loaded = command().load({**GIVEN.get(method, {}), **asked})
    entry = DispatchService.entrypoints[method]
    more = {"ask": ask} if "ask" in entry.extras else {}
    with store.transaction() as session:
        answer = entry.operation(session, who, loaded, now, **more)
        view = DispatchService.shows.get(type(answer))
        return command.answer().dump(view(session, who, answer) if view else answer)


def listed(
    store: Any, number: str = NEED, appeal: UUID = APPEAL, turn: int = 3, contract: Any = NeedListed, **more: Any
) -> None:
    """Intake has told of a need."""
    event = hear(contract, more, subject=appeal, case_number=number, aggregate_version=turn, area_path=GRID_PATH)
    with store.transaction() as session:
        conferences.need_told(session, LISHAN, event, NOW)
