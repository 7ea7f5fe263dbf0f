"""A whistle that goes on 哨链 (domain §2 A5): the called unit calls a further body, and answers for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Conflict
from chassis.identity import Principal
from contracts.dispatch.chains import CallFurther, WhistleChained
from services.dispatch import assignment, duties, states, units
from services.dispatch.stages import SETTLED
from services.dispatch.tables import Task


@asked(CallFurther)
def call_further(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> Task:
    """Errors: as `Life.begin`; Invalid for a unit nobody may call; Conflict for one that is at work on it, or a
    community that may not be asked for it (`duties.gate`)."""
    task = states.begin(session, who, CallFurther, command)
    unit = units.callable_units(session, [command["unit"]], "unit")[command["unit"]]
    if any(other.unit_code == unit.code and other.state not in SETTLED for other in task.whistle.tasks):
        raise Conflict(f"{unit.name}已经在办这件哨单", unit=unit.code)
    duty = duties.gate(session, task.whistle.duty_item, [unit], now)
    child = assignment.chained(session, task, unit, command["finish_within"], now)
    assignment.log(session, child, who, now, f"{task.unit.name}请协助：{command['asked']}")
    states.done(session, who, task, now, WhistleChained, called=unit.code, new_task_id=child.id)
    assignment.tell(session, child, who, now, duty)
    return task
