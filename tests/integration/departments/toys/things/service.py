"""A service that takes in letters."""

from __future__ import annotations

from chassis.service import Service
from services.dispatch import letterbox  # noqa: F401 - binds what is marked with @receives
from tests.integration.departments.toys.things import doing


class ThingService(Service):
    name = "things"
    capabilities = (doing,)
