"""A service that does what a word tells it."""

from __future__ import annotations

from bus.service import Service


class ThingService(Service):
    name = "things"
    capabilities = ("doing",)
