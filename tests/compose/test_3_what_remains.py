"""After the stories and the faults: the invariants hold, and no container's log holds personal data."""

from __future__ import annotations

import pytest

from tests.stories.test_what_remains import *  # noqa: F403


@pytest.fixture(autouse=True, scope="module")
def logs_of_containers(told_in, engine):
    """The check of the logs reads files: each container's log becomes one."""
    for container in engine.containers():
        (told_in.logs / f"{container.name}.log").write_text(engine.log(container), encoding="utf8")
