"""Who looked at personal data on a day, counted from the audit trail of one store (domain §3.6 invariant 19, §4.8)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import time, timedelta
from typing import Any

from sqlalchemy import Time, and_, cast, func, or_, select
from sqlalchemy.orm import Session

from chassis.tables import AUDIT
from kernel.calendar import at

ZONE = "Asia/Shanghai"
ANY_SERVICE = "service:%"
"""Programs look on behalf of nobody: what they pass on is audited where a person reads it."""


def counted(session: Session, asked: Mapping[str, Any], acts: Collection[str]) -> dict[str, Any]:
    """By account, for these acts of the trail."""
    begins, ends = at(asked["day"], time()), at(asked["day"] + timedelta(days=1), time())
    night = _at_night(time.fromisoformat(asked["night_from"]), time.fromisoformat(asked["night_to"]))
    query = (
        select(
            AUDIT.c.principal_id, func.count(), func.count().filter(night), func.count(func.distinct(AUDIT.c.subject))
        )
        .where(AUDIT.c.at >= begins, AUDIT.c.at < ends, AUDIT.c.act.in_(acts))
        .where(~AUDIT.c.principal_id.like(ANY_SERVICE))
        .group_by(AUDIT.c.principal_id)
        .order_by(AUDIT.c.principal_id)
    )
    names = ("account", "looks", "at_night", "matters")
    return {"items": [dict(zip(names, row, strict=True)) for row in session.execute(query)]}


def _at_night(begins: time, ends: time) -> Any:
    clock = cast(func.timezone(ZONE, AUDIT.c.at), Time)
    parts = (clock >= begins, clock < ends)
    return and_(*parts) if begins <= ends else or_(*parts)
