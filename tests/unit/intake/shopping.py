"""People around a shop, and one command at a time."""

from __future__ import annotations

from typing import Any

from chassis.identity import Principal
from contracts import registry
from services.intake.service import IntakeService
from services.intake.shops import Shop
from tests.unit.intake.world import GRID, LISHAN, NOW, WANG

NOODLES = {
    "name": "老马拉面", "trade": "餐饮", "area_path": GRID, "place_text": "解放街12号", "contact_name": "马建国",
    "contact_phone": "13900000321",
}  # fmt: skip
PHOTO = {"sha256": "ab" * 32, "kind": "PHOTO"}
GIVEN: dict[str, dict[str, Any]] = {
    "register_shop": NOODLES,
    "fault_shop": {"failed": ["包卫生", "包秩序"], "photos": [PHOTO], "note": "门口堆着空箱子"},
}
WHO = {"close_shop": WANG}
PATHS = {"OPEN": (), "TO_CORRECT": ("fault_shop",), "CLOSED": ("close_shop",)}
"""How a shop comes into a state."""


def do(store: Any, method: str, who: Principal | None = None, now: Any = NOW, **asked: Any) -> Any:
    """One command or question as the bus gives it; the answer as it is shown."""
    command = registry.command("intake", method)
    loaded = command().load({**GIVEN.get(method, {}), **asked})
    who = who or WHO.get(method, LISHAN)
    with store.transaction() as session:
        answer = IntakeService.entrypoints[method].operation(session, who, loaded, now)
        view = IntakeService.shows.get(type(answer))
        return command.answer().dump(view(session, who, answer) if view else answer)


def shop(store: Any, state: str = "OPEN", **asked: Any) -> str:
    """The number of a shop in a state."""
    number: str = do(store, "register_shop", **asked)["number"]
    for method in PATHS[state]:
        do(store, method, number=number)
    return number


def state_of(store: Any, number: str) -> str:
    with store.transaction() as session:
        return str(session.query(Shop).filter_by(case_number=number).one().state)
