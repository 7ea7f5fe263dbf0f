"""An intake that hears everything and does nothing."""

from __future__ import annotations

from bus.service import Service


class IntakeService(Service):
    name = "intake"
    capabilities = ("hearing",)
