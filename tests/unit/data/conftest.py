"""Fixtures of the tests that read the data files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.data.reader import FOLDER, District, read_district


@pytest.fixture(scope="session")
def folder() -> Path:
    return FOLDER


@pytest.fixture(scope="session")
def district() -> District:
    return read_district()
