"""Fixtures every level of tests shares."""

from __future__ import annotations

import base64
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import MetaData

from chassis.store import Store
from tests.support.postgres import TestServer

# the kit is not installed with the platform: it stands alone, and tests find it where departments do
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "kit" / "python"))

TEST_KEY = base64.b64encode(b"test key of thirty-two bytes....").decode()
os.environ.setdefault("SEAL_KEYS", json.dumps({"k1": TEST_KEY}))
os.environ.setdefault("HASH_KEY", "test hash key")


@pytest.fixture(scope="session")
def postgres() -> Iterator[TestServer]:
    # not under pytest's own folder: that one is closed to the user PostgreSQL runs as where tests run as root
    folder = Path(tempfile.mkdtemp(prefix="shaodao-postgres-"))
    server = TestServer(folder)
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database(postgres: TestServer) -> Iterator[Callable[[MetaData], Store]]:
    """Makes a Store on a fresh database with the tables of the metadata given."""
    with ExitStack() as made:
        yield lambda metadata: made.enter_context(postgres.store(metadata))
