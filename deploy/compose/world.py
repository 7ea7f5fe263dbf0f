"""The running compose project seen as a world: the same settings, its servers by their names in the project."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from deploy.compose import keyring, nodes
from ops.world import World

SETTINGS = Path("/run/secrets/world.json")
FOLDER = Path("/run/world/compose")
CLOCK = Path("/clock/shift")


class ComposeWorld(World):
    """Its portal stands behind the proxy, and its clock is a file on a volume all services read."""

    @property
    def portal_url(self) -> str:
        return os.environ.get("PORTAL_URL", "http://proxy:8080")

    @property
    def clock_file(self) -> Path:
        return CLOCK

    def shift_clock(self, seconds: float) -> None:
        """Moves every clock of the project. The write is atomic: no reader sees half a number."""
        fresh = CLOCK.with_suffix(".new")
        fresh.write_text(repr(seconds), encoding="ascii")
        fresh.replace(CLOCK)


def compose_world() -> ComposeWorld:
    """The world of the project this container is part of; its folder is the container's own."""
    settings = json.loads(SETTINGS.read_text(encoding="utf8"))
    settings["external"] = servers(settings)
    (FOLDER / "logs").mkdir(parents=True, exist_ok=True)
    world = ComposeWorld(FOLDER, settings)
    world.save()
    return world


def servers(settings: dict[str, Any]) -> dict[str, str]:
    """The administrators' addresses; of the database's several nodes whichever takes writes is asked."""
    ops, postgres = settings["amqp"]["ops"], settings["roles"]["postgres"]
    return {
        "amqp": ";".join(f"amqp://ops:{ops}@{node}" for node in nodes.BROKER),
        "rabbitmq_api": f"http://ops:{ops}@{keyring.MANAGEMENT}",
        "postgres": f"postgresql://postgres:{postgres}@{keyring.STORE}",
    }
