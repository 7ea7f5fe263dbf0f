"""The squad's record of enforcement 执法记录 (domain §2 A5, §4.9): basis, notice, evidence, result."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from contracts.dispatch import rectifications as say
from contracts.dispatch.parts import TickParts
from contracts.dispatch.rectification_views import SpotState, Step
from kernel.calendar import local_day
from services.dispatch import compulsion, locks, parts, states, units
from services.dispatch.rectification_tables import Enforcement, Rectification
from services.dispatch.rectifications import LIFE, POWERS, part_name, spots
from services.dispatch.tables import Task, Whistle
from services.dispatch.tasks import CLOCK_SKEW

Command = dict[str, Any]
KEPT = ("executor", "assistants", "step", "spots", "legal_basis", "noticed_on", "emergency", "result", "evidence")


@asked(say.RecordEnforcement)
def record(session: Session, who: Principal, command: Command, now: datetime) -> Rectification:
    """Each spot is cleared once. Errors: as `Life.begin`; Conflict for one that is cleared already; Invalid for an
    executor without power, or a compulsory step before its notice, at night or on a statutory holiday."""
    row = LIFE.begin(session, who, say.RecordEnforcement, command)
    _check(session, who, command, now)
    found = spots(row, command["spots"])
    for spot in found:
        if spot.state != SpotState.OPEN:
            raise Conflict(f"第{spot.no}处已经清理", spot=spot.no, state=spot.state)
        spot.state = SpotState.CLEARED
    _tick(session, who, row, command, now)
    kept = {name: command[name] for name in KEPT}
    row.enforcements.append(Enforcement(at=command["done_at"], by_id=who.id, by_name=who.name, **kept))
    told = {"unit": command["executor"], "step": command["step"], "count": len(found)}
    return LIFE.done(session, who, row, now, say.RectificationSpotsCleared, **told)


def _tick(session: Session, who: Principal, row: Rectification, command: Command, now: datetime) -> None:
    """The same spots on the squad's own task. Errors: Conflict where it has not reported in."""
    ours = select(Task.id).join(Whistle).where(Whistle.number.in_(row.whistles), Task.unit_code == command["executor"])
    task_id = session.scalar(ours.order_by(Task.id.desc()).limit(1))
    if task_id is None:
        raise Conflict("街道还没有批准这次吹哨", whistle=row.whistles[-1])
    task = locks.hold_task(session, task_id)
    states.task_life(task.whistle.kind).check(task, TickParts)
    names = {part_name(spot) for spot in spots(row, command["spots"])}
    parts.done(session, who, task, lambda part: part.name in names, command["evidence"], now)


def _check(session: Session, who: Principal, command: Command, now: datetime) -> None:
    code, done_at = command["executor"], command["done_at"]
    executor = units.known(session, [code], "executor")[code]
    units.known(session, command["assistants"], "assistants")
    compulsory = command["step"] == Step.COMPULSORY
    unlawful = compulsory and not command["emergency"] and compulsion.barred(done_at)
    Invalid.where(
        executor=(executor.kind not in POWERS and f"{executor.name}没有执法权，只能协助")
        or (code not in who.units and "应为本单位"),
        noticed_on=compulsory and command["noticed_on"] >= local_day(done_at) and "要先通知限期改正，再强制清除",
        done_at=(done_at > now + CLOCK_SKEW and "应在现在之前") or unlawful,
    )
