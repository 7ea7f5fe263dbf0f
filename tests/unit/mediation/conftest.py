"""A store with the demo district's mediation organisations, and shortcuts to a case in any state."""

from __future__ import annotations

import pytest

from services.mediation.tables import Base
from tests.unit.mediation.world import World


@pytest.fixture
def world(database) -> World:
    return World(database(Base.metadata))
