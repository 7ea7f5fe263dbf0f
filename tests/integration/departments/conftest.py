"""A world with dispatch and its neighbours, in which departments come and go; one for all tests of this folder."""

from __future__ import annotations

import os
from collections.abc import Iterator

import httpx
import pytest

from ops import lifecycle
from ops.world import World
from tests.integration.departments.plug import Plug
from tests.stories.talk import Story


@pytest.fixture(scope="package")
def district() -> Iterator[World]:
    """The services a whistle needs."""
    with lifecycle.running("departments", services=("intake", "dispatch", "portal"), clock=True) as world:
        os.environ["SHAODAO_WORLD"] = world.name
        yield world
        os.environ.pop("SHAODAO_WORLD")


@pytest.fixture
def story(district: World) -> Iterator[Story]:
    with httpx.Client(base_url=district.portal_url, timeout=20, trust_env=False) as http:
        told = Story(district, http)
        told.set_time(2024, 7, 3, 18, 20)
        yield told


@pytest.fixture(scope="package")
def power(district: World) -> Plug:
    """The power company, connected."""
    return Plug.of(district, "gongdian")


@pytest.fixture(scope="package")
def police(district: World) -> Plug:
    """A second department, to be kept apart from the first."""
    return Plug.of(district, "lijingjie-paichusuo")
