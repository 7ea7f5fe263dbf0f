"""Worlds of their own for tests that start servers.

They lie outside pytest's folder: PostgreSQL's system user must be able to walk there, and pytest closes its folder
again at the next run.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops import ports, postgres, rabbitmq
from ops import world as worlds
from ops.world import EXTERNAL, World


def make_world(name: str, monkeypatch: pytest.MonkeyPatch, folder: str) -> World:
    for variable in EXTERNAL:
        monkeypatch.delenv(variable, raising=False)
    return worlds.load_or_create(Path(folder) / name)


@pytest.fixture(scope="module")
def database_world() -> Iterator[World]:
    """A world with its PostgreSQL running."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(prefix="shaodao-test-") as folder:
        world = make_world("databases", patch, folder)
        try:
            postgres.start(world)
            yield world
        finally:
            postgres.stop(world)


@pytest.fixture(scope="module")
def broker_world() -> Iterator[World]:
    """A world with its RabbitMQ running."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(prefix="shaodao-test-") as folder:
        world = make_world("broker", patch, folder)
        try:
            rabbitmq.start(world)
            yield world
        finally:
            rabbitmq.stop(world, orderly=False)
            assert not ports.is_open(world.port("epmd"))
