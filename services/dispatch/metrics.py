"""What operators see of departments: orders their programs did not sign, and replies that were refused."""

from __future__ import annotations

from datetime import datetime

from prometheus_client import Counter, Gauge
from sqlalchemy.orm import Session

from chassis.entrypoints import every
from chassis.identity import Principal
from services.dispatch import unsigned

orders_unsigned = Gauge("shaodao_department_orders_unsigned", "Orders unsigned past their time, by unit", ["unit"])
replies_refused = Counter("shaodao_department_replies_refused_total", "Replies refused, by sender", ["sender"])


@every(seconds=30)
def show_unsigned_orders(session: Session, who: Principal, now: datetime) -> None:
    """By unit, as it stands now."""
    orders_unsigned.clear()
    for unit, count in unsigned.by_unit(session, now).items():
        orders_unsigned.labels(unit).set(count)
