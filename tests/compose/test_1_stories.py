"""The told cases, the refusals and the operator's night, played against containers."""

from __future__ import annotations

from pytest_bdd import scenarios

from tests.stories.test_parked_by_hand import *  # noqa: F403
from tests.stories.test_refusals import *  # noqa: F403

scenarios("../stories/features")
