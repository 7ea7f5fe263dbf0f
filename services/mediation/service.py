"""Mediation 调解: what it consists of."""

from __future__ import annotations

from chassis.service import Service
from services.mediation import views
from services.mediation.tables import Agreement, Case


class MediationService(Service):
    """Disputes, sessions and agreements."""

    name = "mediation"
    shows = {Agreement: views.agreement_view, Case: views.case_view}
    capabilities = (
        "agreements",
        "cases",
        "clocks",
        "document",
        "effect",
        "following",
        "helpers",
        "issues",
        "ledger",
        "legal",
        "mediators",
        "open_days",
        "opening",
        "parties",
        "performance",
        "quick",
        "sessions",
        "sweeps",
        "talks",
        "views",
        "visits",
        "willingness",
    )
