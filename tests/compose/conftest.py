"""The stories against a compose project: run by `docker compose run --rm tests`, and nowhere else.

The same sentences and checks as in tests/stories; only the world they are told in is another one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import httpx
import pytest

from deploy.compose import nodes
from tests.compose.engine import Engine
from tests.stories import steps
from tests.stories.talk import Story

globals().update(steps.sentences())

if not os.environ.get("SHAODAO_COMPOSE"):
    collect_ignore_glob = ["test_*.py"]
elif not nodes.several():
    collect_ignore_glob = ["test_4_*.py"]


@pytest.fixture(scope="session")
def told_in():
    from deploy.compose.world import FOLDER, compose_world

    os.environ["SHAODAO_RUN_DIR"] = str(FOLDER.parent)
    return compose_world()


@pytest.fixture(scope="session")
def engine() -> Engine:
    return Engine()


@pytest.fixture
def story(told_in) -> Iterator[Story]:
    with httpx.Client(base_url=told_in.portal_url, timeout=20, trust_env=False) as http:
        yield Story(told_in, http)
