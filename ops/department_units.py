"""The units a `shaodao department` command is about, as dispatch knows them."""

from __future__ import annotations

from typing import Any

from ops.parked import transaction
from ops.problems import Problem
from ops.running import running
from ops.world import World


def here() -> World:
    return running("postgres", "rabbitmq")


def known(world: World, code: str) -> str:
    """The unit's name. Errors: Problem when there is no such unit."""
    from services.dispatch.tables import Unit

    with transaction(world, "dispatch") as session:
        unit = session.get(Unit, code)
        if unit is None or not unit.active:
            raise Problem(f"there is no unit {code}; units are reference data (`shaodao load`)")
        return str(unit.name)


def units(world: World, codes: set[str]) -> list[dict[str, Any]]:
    from sqlalchemy import exists, func, or_, select

    from services.dispatch.department_tables import DepartmentReply as Reply
    from services.dispatch.department_tables import Webhook
    from services.dispatch.tables import Unit

    refused = select(func.count()).where(Reply.unit_code == Unit.code, Reply.outcome == "REFUSED").scalar_subquery()
    posted = exists().where(Webhook.unit_code == Unit.code, Webhook.active)
    columns = (Unit.code, Unit.name, Unit.connected, posted.label("webhook"), Unit.by_mail, refused.label("refused"))
    query = select(*columns).where(or_(Unit.connected, Unit.code.in_(codes), posted, Unit.by_mail)).order_by(Unit.code)
    with transaction(world, "dispatch") as session:
        found = session.execute(query).mappings()
        return [dict(row) for row in found]
