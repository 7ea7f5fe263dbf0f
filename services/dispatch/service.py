"""Dispatch 吹哨报到: what it consists of."""

from __future__ import annotations

from bus.peers import Peers
from bus.service import Service
from letters import letterbox as letterbox  # binds what is marked with @receives
from services.dispatch import views
from services.dispatch.tables import Task, Whistle


class DispatchService(Service):
    """Whistles, the tasks of units, and their clocks."""

    name = "dispatch"
    shows = {Task: views.task, Whistle: views.whistle}
    peers = Peers("intake", "mediation", "portal")
    capabilities = (
        "appraisals",
        "chains",
        "clocks",
        "conference_papers",
        "conferences",
        "crossings",
        "desks",
        "duties",
        "duty_requests",
        "enforcing",
        "escalation",
        "escalations",
        "file_links",
        "holdings",
        "keeping",
        "leaves",
        "looking_back",
        "metrics",
        "objections",
        "owners",
        "parts",
        "rating_appeals",
        "rectifications",
        "replies",
        "retention",
        "reviews",
        "sources",
        "supervising",
        "supervision_figures",
        "supervisions",
        "task_links",
        "tasks",
        "turnouts",
        "units",
        "updates",
        "webhooks",
        "whistles",
    )
