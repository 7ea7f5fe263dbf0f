"""An intake that hears everything and does nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chassis.envelope import Event
from chassis.identity import Principal
from chassis.service import Service, hears


class IntakeService(Service):
    name = "intake"

    @hears()
    def anything(self, session: Any, who: Principal, event: Event, now: datetime) -> None:
        """Every event is as good as another."""
