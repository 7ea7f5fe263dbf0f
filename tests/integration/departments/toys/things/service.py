"""A service that takes in letters."""

from __future__ import annotations

from bus.service import Service
from letters import letterbox  # noqa: F401 - binds what is marked with @receives


class ThingService(Service):
    name = "things"
    capabilities = ("doing",)
