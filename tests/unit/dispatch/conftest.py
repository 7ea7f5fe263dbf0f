"""A store of dispatch with the roster of `world`."""

from __future__ import annotations

import pytest

from services.dispatch.tables import Base
from tests.unit.dispatch import world


@pytest.fixture
def store(database):
    made = database(Base.metadata)
    with made.transaction() as session:
        world.people(session)
    return made


@pytest.fixture
def session(store):
    """One open transaction, for tests of one operation."""
    with store.transaction() as open_session:
        yield open_session
