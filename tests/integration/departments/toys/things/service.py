"""A service that takes in letters."""

from __future__ import annotations

from chassis.service import Service
from services.dispatch import letterbox  # noqa: F401 - binds what is marked with @receives


class ThingService(Service):
    name = "things"
    capabilities = ("doing",)
