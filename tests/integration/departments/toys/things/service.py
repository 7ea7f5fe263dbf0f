"""A service that takes in letters."""

from __future__ import annotations

from chassis.bus import letterbox  # noqa: F401 - binds what is marked with @receives
from chassis.service import Service


class ThingService(Service):
    name = "things"
    capabilities = ("doing",)
