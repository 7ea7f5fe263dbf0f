"""The stories run against real processes: a world of their own, or the one SHAODAO_STORY_WORLD names."""

from __future__ import annotations

import os
from collections.abc import Iterator

import httpx
import pytest

from ops import lifecycle, world
from ops.world import World
from tests.stories import steps
from tests.stories.talk import Story

globals().update(steps.sentences())


@pytest.fixture(scope="package")
def told_in() -> Iterator[World]:
    if named := os.environ.get("SHAODAO_STORY_WORLD"):
        yield world.load(world.named(named))
        return
    with lifecycle.running("stories", clock=True) as running:
        yield running


@pytest.fixture
def story(told_in: World) -> Iterator[Story]:
    with httpx.Client(base_url=told_in.portal_url, timeout=20, trust_env=False) as http:
        yield Story(told_in, http)
