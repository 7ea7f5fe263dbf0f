"""The read model's process: every event of all services becomes pages, timelines and desks.

Apart from the front, so that nobody who waits for an answer waits for news of others (ADR 8).
"""

from __future__ import annotations

from chassis.service import Service


class ReadModelService(Service):
    """Hears everything, says nothing; answers what services ask the portal."""

    name = "portal"
    hears_from = ("intake", "dispatch", "mediation", "notify")
    capabilities = ("project", ".uploads.sent_along")
