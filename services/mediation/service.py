"""Mediation 调解: what it consists of."""

from __future__ import annotations

from bus.peers import Peers
from bus.service import Service
from services.mediation import views
from services.mediation.tables import Agreement, Case


class MediationService(Service):
    """Disputes, sessions and agreements."""

    name = "mediation"
    shows = {Agreement: views.agreement_view, Case: views.case_view}
    peers = Peers("intake")
    capabilities = (
        "agreements",
        "archives",
        "breaches",
        "cases",
        "challenges",
        "clocks",
        "confirmation_paper",
        "confirmations",
        "council_paper",
        "councils",
        "covenants",
        "decisions",
        "document",
        "dossiers",
        "effect",
        "elections",
        "extensions",
        "following",
        "grid_councils",
        "helpers",
        "holdings",
        "issues",
        "ledger",
        "legal",
        "knowledge",
        "mediators",
        "open_days",
        "opening",
        "parties",
        "performance",
        "performance_checks",
        "representatives",
        "projects",
        "protection",
        "reminders",
        "resolutions",
        "retention",
        "rights_notices",
        "quick",
        "rhythms",
        "sessions",
        "site_issues",
        "studio_years",
        "sweeps",
        "talks",
        "topics",
        "undertakings",
        "views",
        "visits",
        "willingness",
        "looks",
    )
