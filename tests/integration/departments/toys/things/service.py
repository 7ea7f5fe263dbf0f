"""A service that takes in letters."""

from __future__ import annotations

from chassis.service import Service
from tests.integration.departments.toys.things import doing


class ThingService(Service):
    name = "things"
    capabilities = (doing,)
