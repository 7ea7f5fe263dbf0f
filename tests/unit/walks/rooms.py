"""The rooms of all services; mediation's newer ones are studios."""

from __future__ import annotations

from tests.unit.walks import of_dispatch, of_intake, of_mediation, of_notify

SERVICES = (of_intake, of_dispatch, of_mediation, of_notify)
ROOMS = [room for service in SERVICES for room in service.LIFE_OF]
LIVES = [life for service in SERVICES for life in service.LIFE_OF.values()]
LISTED = [room for service in SERVICES for room in service.LISTED]
"""Whose lists are what their right says."""
