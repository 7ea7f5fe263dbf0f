"""Every event is as good as another."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chassis.entrypoints import hears
from chassis.envelope import Event
from chassis.identity import Principal


@hears()
def anything(session: Any, who: Principal, event: Event, now: datetime) -> None:
    pass
