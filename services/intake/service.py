"""Intake 诉求受理: what it consists of."""

from __future__ import annotations

from chassis.service import Service
from services.intake import (
    areas,
    categories,
    clocks,
    disputes,
    endings,
    hazards,
    leaves,
    outcomes,
    overdue,
    plainly,
    posts,
    reading,
    registering,
    residents,
    resuming,
    supervising,
    triage,
    working,
)


class IntakeService(Service):
    """Owns appeals, hazards, residents, areas, posts and categories."""

    name = "intake"
    capabilities = (
        areas,
        categories,
        clocks,
        disputes,
        endings,
        hazards,
        leaves,
        outcomes,
        overdue,
        plainly,
        posts,
        reading,
        registering,
        residents,
        resuming,
        supervising,
        triage,
        working,
    )
