"""A store with the places of the told cases."""

from __future__ import annotations

import pytest

from contracts import registry as registry  # gives every command its example
from services.intake.tables import Base
from tests.unit.intake.world import furnish


@pytest.fixture
def store(database):
    store = database(Base.metadata)
    with store.transaction() as session:
        furnish(session)
    return store
