"""Tasks that are late, come again or are rated low, and one command on their supervision at a time."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from chassis.identity import Principal
from contracts import registry
from services.dispatch.service import DispatchService
from services.dispatch.supervision_tables import Supervision
from tests.support.answers import shown
from tests.support.events import said
from tests.unit.dispatch import world
from tests.unit.dispatch.world import DISTRICT_PATH, HEAD, LIUWEI, NOW, person

TIMER = Principal.service("dispatch")
BUREAU_CHIEF = person("u-chief", "吕佳慧", ("DEPT_HEAD", DISTRICT_PATH, "chengguan"))
BOTH_SIDES = person(
    "u-both", "两头", ("STREET", world.STREET_PATH, "lijingjie"), ("RECEIVER", world.STREET_PATH, "sifasuo")
)
GIVEN: dict[str, dict[str, Any]] = {
    "issue_supervision": {"unit": "sifasuo", "cause": "OTHER", "demand": "限期到场", "reason": "区领导批示"},
    "reply_supervision": {"text": "已到场处理，联系了陈阿姨", "attachments": []},
    "return_supervision": {"returned": "没有附现场照片"},
    "accept_supervision": {"ending": None},
    "lift_supervision": {"ending": "发错了单位"},
}
WHO = {"reply_supervision": HEAD}


def do(store: Any, method: str, who: Any = None, now: Any = NOW, **asked: Any) -> Any:
    """As the bus gives it; the answer as it is shown."""
    command, who = registry.command("dispatch", method), who or WHO.get(method, LIUWEI)
    loaded = command().load({**GIVEN.get(method, {}), **asked})
    with store.transaction() as session:
        answer = DispatchService.entrypoints[method].operation(session, who, loaded, now)
        return command.answer().dump(shown(DispatchService, session, who, answer))


def blown(store: Any, now: Any = NOW, **changes: Any) -> str:
    """The number of a whistle for the judicial office."""
    with store.transaction() as session:
        number: str = world.blown(session, now, **{"units": ["sifasuo"], **changes})["number"]
        return number


def issued(store: Any, who: Any = None, whistle: str | None = None, **asked: Any) -> str:
    number: str = do(store, "issue_supervision", who, whistle=whistle or blown(store), **asked)["number"]
    return number


def tick(store: Any, timer: Any, now: Any) -> Any:
    with store.transaction() as session:
        return timer(session, TIMER, now)


def facts(store: Any, *names: str) -> list[dict[str, Any]]:
    """What was told, one kind after the other."""
    with store.transaction() as session:
        return [each["data"] for name in names for each in said(session, name)]


def orders(store: Any) -> list[tuple[Any, ...]]:
    """Cause, cycle, level and issuer of each, in the order of their numbers."""
    with store.transaction() as session:
        rows = session.scalars(select(Supervision).order_by(Supervision.case_number))
        return [(row.cause, row.cycle, row.level, row.issued_by) for row in rows]
