"""The read model's process: every event of all services becomes pages, timelines and desks.

Apart from the front, so that nobody who waits for an answer waits for news of others (ADR 8).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from chassis.envelope import Event
from chassis.identity import Principal
from chassis.service import Service, hears
from services.portal.readmodel.project import project

TOGETHER = 50


class ReadModelService(Service):
    """Hears everything, says nothing."""

    name = "portal"
    hears_from = ("intake", "dispatch", "mediation", "notify")

    @hears(together=TOGETHER)
    def anything(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        project(session, event, now)
