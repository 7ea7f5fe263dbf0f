"""After the stories and the faults: the invariants hold, and no container's log holds personal data."""

from __future__ import annotations

import pytest

from tests.stories.test_what_remains import *  # noqa: F403


@pytest.fixture(autouse=True, scope="module")
def logs_of_containers(told_in, engine):
    """The check of the logs reads files: each container's log becomes one.

    All but the broker's: it never writes a body, and its addresses and microseconds look like telephone numbers.
    """
    for container in (each for each in engine.containers() if each.service != "rabbitmq"):
        (told_in.logs / f"{container.name}.log").write_text(engine.log(container), encoding="utf8")
