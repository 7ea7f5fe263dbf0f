"""The read model's process: every event of all services becomes pages, timelines and desks.

Apart from the front, so that nobody who waits for an answer waits for news of others (ADR 8).
"""

from __future__ import annotations

from bus.peers import Peers
from bus.service import Service


class ReadModelService(Service):
    """Hears everything, says nothing (what it erased it reports by a command); answers what services ask the portal."""

    name = "portal"
    hears_from = ("intake", "dispatch", "mediation", "notify")
    peers = Peers("intake")
    capabilities = ("project", "holdings", "retention", ".uploads.sent_along", ".uploads.sweeping")
