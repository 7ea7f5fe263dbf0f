"""A world of its own and the system's Chromium; SHAODAO_STORY_WORLD names a running world instead."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from ops import lifecycle, world
from ops.world import World

pytest.importorskip("playwright", reason="playwright is not installed (requirements-dev)")
pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed (requirements-dev)")

from tests.browser import chromium
from tests.browser.stage import Stage
from tests.stories.talk import Story


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    path = chromium.program()
    if path is None:
        pytest.skip("no Chromium is installed, and only root may install one: apt-get install chromium")
    with chromium.running(path) as found:
        yield found


@pytest.fixture(scope="package")
def told_in() -> Iterator[World]:
    if named := os.environ.get("SHAODAO_STORY_WORLD"):
        yield world.load(world.named(named))
        return
    with lifecycle.running("browser", clock=True) as running:
        yield running


@pytest.fixture
def stage(browser: Any, told_in: World) -> Iterator[Stage]:
    with httpx.Client(base_url=told_in.portal_url, timeout=20, trust_env=False) as http:
        yield Stage(browser, Story(told_in, http))
