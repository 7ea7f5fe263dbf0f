"""Settings come from the environment; NAME_FILE may hold the path of a file with the value instead (secrets)."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class MissingSetting(RuntimeError):
    """A setting the process cannot start without is absent."""


def read(name: str, default: str | None = None) -> str:
    """The value of a setting. Errors: MissingSetting when absent and without default."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf8").strip()
    value = os.environ.get(name, default)
    if value is None:
        raise MissingSetting(f"setting {name} (or {name}_FILE) is missing")
    return value


@dataclass(frozen=True)
class Settings:
    """What one process of one service needs to know."""

    service: str
    database_url: str
    amqp_uri: str
    admin_port: int
    admin_host: str
    max_workers: int

    @classmethod
    def of(cls, service: str) -> Settings:
        return cls(
            service=service,
            database_url=read("DATABASE_URL"),
            amqp_uri=read("AMQP_URI"),
            admin_port=int(read("ADMIN_PORT", "0")),
            admin_host=read("ADMIN_HOST", "127.0.0.1"),
            max_workers=int(read("MAX_WORKERS", "16")),
        )


def publish_seconds() -> float:
    """The budget of one publication: a place in the pool, the connection, the writing and the confirm together."""
    return float(read("PUBLISH_SECONDS", "10"))


def read_json(name: str, default: str | None = None) -> Any:
    """A setting that holds JSON."""
    return json.loads(read(name, default))
