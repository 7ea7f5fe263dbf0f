"""A store with the places of the told cases."""

from __future__ import annotations

import pytest

from services.intake.tables import Base
from tests.unit.intake.world import furnish


@pytest.fixture
def store(database):
    store = database(Base.metadata)
    with store.transaction() as session:
        furnish(session)
    return store
