"""People around a wish, and one command at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chassis.identity import Grant, Principal
from contracts import registry
from services.notify.service import NotifyService
from services.notify.wishes import Wish
from tests.unit.notify.facts import COMMUNITY, NOW

STAIRWELL = f"{COMMUNITY}.g3.b5"
STEWARD = Principal("u-steward", "楼门管家", (Grant("STEWARD", STAIRWELL),))
CLERK = Principal("u-clerk", "社区干事", (Grant("COMMUNITY", COMMUNITY, "yinhong"),))
HELPER = Principal("u-helper", "志愿者甲", (Grant("VOLUNTEER", COMMUNITY),))
OTHER_HELPER = Principal("u-other", "志愿者乙", (Grant("VOLUNTEER", COMMUNITY),))
FAR_HELPER = Principal("u-far", "远处志愿者", (Grant("VOLUNTEER", "yinchuan.jinfeng"),))
RESIDENT = Principal("7d1d0d0e-0000-7000-8000-000000000001", "马*", (Grant("RESIDENT", STAIRWELL),), "resident")
SOON = NOW + timedelta(days=3)
GLASSES = {
    "content": "想要一副老花镜",
    "for_whom": "马奶奶",
    "place_text": "101室",
    "area_path": STAIRWELL,
    "agreed": True,
}
GIVEN: dict[str, dict[str, Any]] = {
    "post_wish": GLASSES,
    "open_wish": {"wall_text": "一位独居老人想要一副老花镜"},
    "refuse_wish": {"refusal": "请走救助窗口"},
    "claim_wish": {"promise_at": SOON.isoformat()},
    "fulfil_wish": {"proof": [{"sha256": "ab" * 32, "kind": "PHOTO"}]},
    "confirm_wish": {"thanks": "很合适，谢谢"},
}
WHO = {
    "post_wish": STEWARD,
    "open_wish": CLERK,
    "refuse_wish": CLERK,
    "claim_wish": HELPER,
    "release_wish": HELPER,
    "fulfil_wish": HELPER,
    "confirm_wish": CLERK,
    "withdraw_wish": STEWARD,
}
PATHS = {
    "POSTED": (),
    "OPEN": ("open_wish",),
    "CLAIMED": ("open_wish", "claim_wish"),
    "FULFILLED": ("open_wish", "claim_wish", "fulfil_wish"),
}
"""How a wish comes into a state."""


def do(store: Any, method: str, who: Principal | None = None, now: Any = NOW, **asked: Any) -> Any:
    """One command or question as the bus gives it; the answer as it is shown."""
    command = registry.command("notify", method)
    loaded = command().load({**GIVEN.get(method, {}), **asked})
    who = who or WHO[method]
    with store.transaction() as session:
        answer = NotifyService.entrypoints[method].operation(session, who, loaded, now)
        view = NotifyService.shows.get(type(answer))
        return command.answer().dump(view(session, who, answer) if view else answer)


def posted(store: Any, state: str = "POSTED", **asked: Any) -> str:
    """The number of a wish in a state."""
    number = do(store, "post_wish", **asked)["number"]
    for method in PATHS[state]:
        do(store, method, number=number)
    return number


def state_of(store: Any, number: str) -> str:
    with store.transaction() as session:
        return session.query(Wish).filter_by(case_number=number).one().state
