"""A catalogue in force, a department that asks, and one command at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from contracts import registry
from services.dispatch import duties
from services.dispatch.service import DispatchService
from tests.unit.dispatch.world import DISTRICT_PATH, LIUWEI, NOW, WANGFANG, person

TEXT = (Path(__file__).parents[3] / "data/district/duty_catalogue.yaml").read_text(encoding="utf8")
CHIEF = person("u-chief", "吕佳慧", ("DEPT_HEAD", DISTRICT_PATH, "chengguan"))
ADMITTED, OWN_DUTY, CANCELLED = "R4-4", "B04", "Q12"
GIVEN: dict[str, dict[str, Any]] = {
    "ask_community": {"unit": "chengguan", "community": "yinhong", "what": "统计临街商户的电话"},
    "allow_duty_request": {"decision_reason": "本月集中整治，社区配合一次"},
    "refuse_duty_request": {"decision_reason": "应由部门自己统计"},
    "finish_duty_request": {"result_text": "已经协助核对"},
}
WHO = {"ask_community": CHIEF, "finish_duty_request": WANGFANG}


def furnish(store: Any) -> None:
    with store.transaction() as session:
        duties.import_catalogue(session, TEXT, NOW)


def do(store: Any, method: str, who: Any = None, now: Any = NOW, **asked: Any) -> Any:
    """As the bus gives it; the answer as it is shown."""
    command = registry.command("dispatch", method)
    loaded = command().load({**GIVEN.get(method, {}), **asked})
    with store.transaction() as session:
        entry = DispatchService.entrypoints[method]
        answer = entry.operation(session, who or WHO.get(method, LIUWEI), loaded, now)
        view = DispatchService.shows.get(type(answer))
        return command.answer().dump(view(session, who or LIUWEI, answer) if view else answer)


def pending(store: Any) -> str:
    number: str = do(store, "ask_community")["number"]
    return number
