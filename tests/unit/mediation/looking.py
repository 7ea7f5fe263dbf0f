"""A look whether an agreement is kept, waiting to be taken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from services.mediation import performance_checks
from services.mediation.tables import PerformanceCheck
from tests.unit.mediation.people import SHI
from tests.unit.mediation.world import World

AUGUST = "2024-09-01T00:00:00+08:00"
"""To be done by the end of 31 August."""
OVER = datetime(2024, 8, 31, 16, 0, tzinfo=UTC)


def late(world: World, *terms: dict[str, Any]) -> Any:
    """An agreement whose day has just passed, with nothing done."""
    key = world.effective(terms=[world.term(due_at=AUGUST, **more) for more in terms or ({},)])
    world.now = OVER + timedelta(hours=1)
    return key


def check(store: Any) -> str:
    """The number of a look that waits."""
    world = World(store)
    late(world)
    with store.transaction() as session:
        performance_checks.open_due(session, SHI, world.now)
        return str(session.scalars(select(PerformanceCheck.case_number)).one())
