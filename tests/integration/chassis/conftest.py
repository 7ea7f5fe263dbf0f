"""The toy service on a real broker and a real database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ops.world import World
from tests.support.postgres import TestServer
from tests.support.toy_world import ToyWorld, toy_broker, toy_world


@pytest.fixture(scope="package")
def toy_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with toy_broker(tmp_path_factory.mktemp("broker")) as broker:
        yield broker


@pytest.fixture
def toys(toy_node: World, postgres: TestServer) -> Iterator[ToyWorld]:
    world = toy_world(toy_node, postgres)
    yield world
    world.stop()
