"""The read model's process: every event of all services becomes pages, timelines and desks.

Apart from the front, so that nobody who waits for an answer waits for news of others (ADR 8).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.envelope import Event
from chassis.identity import Principal
from chassis.service import Service, asked, hears
from contracts.rpc.portal import KeepFiles
from services.portal.readmodel.project import project
from services.portal.uploads import sent_along

TOGETHER = 50


class ReadModelService(Service):
    """Hears everything, says nothing; answers what services ask the portal."""

    name = "portal"
    hears_from = ("intake", "dispatch", "mediation", "notify")

    @asked(KeepFiles)
    def keep_files(self, session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
        return sent_along.keep_files(session, who, command, now)

    @hears(together=TOGETHER)
    def anything(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        project(session, event, now)
