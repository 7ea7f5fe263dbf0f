"""Notify 通知回访: what it consists of. Delivering has a process of its own (delivery/)."""

from __future__ import annotations

from bus.peers import Peers
from bus.service import Service
from letters import letterbox as letterbox  # binds what is marked with @receives
from services.notify import desk
from services.notify.tables import FollowUp


class NotifyService(Service):
    """Messages, follow-ups, public notices."""

    name = "notify"
    shows = {FollowUp: desk.view}
    peers = Peers("intake", "mediation")
    capabilities = (
        "assist_blocks",
        "assistance",
        "care_coverage",
        "care_endings",
        "care_profiles",
        "care_rounds",
        "commendations",
        "consents",
        "desk",
        "doorway_notices",
        "follow_ups",
        "hand_deliveries",
        "hand_letters",
        "holdings",
        "messages",
        "notices",
        "pager_alarms",
        "pager_signals",
        "pagers",
        "pairings",
        "rates",
        "re_calls",
        "receipts",
        "recounting",
        "retention",
        "service_points",
        "seats",
        "service_certificates",
        "service_records",
        "stewards",
        "telling",
        "unmask_days",
        "volunteer_teams",
        "wishes",
        "wordings",
    )
