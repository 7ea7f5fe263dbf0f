"""The entrypoints: every question of the contract answered, every fact of the list heard, nothing else."""

from __future__ import annotations

from services.mediation import service
from services.mediation.service import MediationService


def test_given_the_module_when_looked_at_then_it_exposes_one_service():
    assert [MediationService] == [
        one for one in vars(service).values() if isinstance(one, type) and one.__module__ == service.__name__
    ]
