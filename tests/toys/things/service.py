"""A service that does what a word tells it."""

from __future__ import annotations

from chassis.service import Service
from tests.toys.things import doing


class ThingService(Service):
    name = "things"
    capabilities = (doing,)
