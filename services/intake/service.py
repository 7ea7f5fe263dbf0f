"""Intake 诉求受理: what it consists of."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from bus.peers import Peers
from bus.service import Service
from chassis.identity import Principal
from services.intake import views
from services.intake.tables import Appeal


def appeal_view(session: Session, who: Principal, appeal: Appeal) -> dict[str, Any]:
    """As it stands after its last change."""
    return views.full(appeal, who, appeal.updated_at)


class IntakeService(Service):
    """Owns appeals, hazards, residents, areas, posts and categories."""

    name = "intake"
    peers = Peers("dispatch", "mediation", "notify", "portal")
    shows = {Appeal: appeal_view}
    capabilities = (
        "analyses",
        "areas",
        "bookings",
        "campaigns",
        "care_needs",
        "categories",
        "clinics",
        "clocks",
        "courtyards",
        "coverage",
        "diaries",
        "disputes",
        "endings",
        "erasures",
        "exports",
        "errands",
        "handovers",
        "hazards",
        "hotspots",
        "imports",
        "incidents",
        "leaves",
        "likeness",
        "needs",
        "on_account",
        "outcomes",
        "outlines",
        "overdue",
        "own_data",
        "patrol_findings",
        "patrol_plans",
        "patrols",
        "plainly",
        "persons",
        "posts",
        "reading",
        "registering",
        "repeats",
        "residents",
        "responsible",
        "retention",
        "resuming",
        "returned",
        "shops",
        "suggestions",
        "supervising",
        "triage",
        "working",
        "looks",
    )
