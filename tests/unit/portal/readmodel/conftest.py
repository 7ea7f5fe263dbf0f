"""A read model on a real database."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import MetaData

from chassis.store import Store
from services.portal.tables import Base


@pytest.fixture
def store(database: Callable[[MetaData], Store]) -> Store:
    return database(Base.metadata)
