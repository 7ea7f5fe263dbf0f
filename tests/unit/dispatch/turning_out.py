"""A volunteers' team, two of its people, and one command at a time."""

from __future__ import annotations

from typing import Any

from contracts import registry
from services.dispatch import whistles
from services.dispatch.service import DispatchService
from services.dispatch.tables import Receiver, Unit
from tests.unit.dispatch import world
from tests.unit.dispatch.world import COMMUNITY_PATH, NOW, WANGFANG, person

TEAM = "zhiyuandui"
LEADER = person("u-wuzhengping", "吴正平", ("RECEIVER", COMMUNITY_PATH, TEAM), ("VOLUNTEER", COMMUNITY_PATH, TEAM))
BAIXUE = person("u-baixue", "白雪", ("VOLUNTEER", COMMUNITY_PATH, "bai"))
WUQI = person("u-wuqi", "吴琪", ("VOLUNTEER", COMMUNITY_PATH, "wu"))


def furnish(store: Any) -> None:
    with store.transaction() as session:
        session.add(Unit(code=TEAM, name="银虹社区志愿服务队", kind="VOLUNTEER_TEAM", area_path=COMMUNITY_PATH))
        session.flush()
        session.add(Receiver(unit_code=TEAM, person_id=LEADER.id, name=LEADER.name, post="A"))


def blown(store: Any, who: Any = WANGFANG, **more: Any) -> dict[str, Any]:
    asked = {"kind": "VOLUNTEER", "units": [TEAM], "area_path": COMMUNITY_PATH, **more}
    with store.transaction() as session:
        return world.do(whistles.draft, session, who, world.drafting(**asked), NOW)  # type: ignore[no-any-return]


def do(store: Any, method: str, who: Any, now: Any = NOW, **asked: Any) -> Any:
    """As the bus gives it; the answer as it is shown."""
    command = registry.command("dispatch", method)
    loaded = command().load(asked)
    with store.transaction() as session:
        answer = DispatchService.entrypoints[method].operation(session, who, loaded, now)
        view = DispatchService.shows.get(type(answer))
        return command.answer().dump(view(session, who, answer) if view else answer)


def joined(store: Any, who: Any = BAIXUE) -> str:
    number: str = do(store, "join_turnout", who, whistle=blown(store)["number"])["number"]
    return number
