"""A world that exists on disk only."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops import world as worlds
from ops.world import EXTERNAL, World


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    for name in (*EXTERNAL, "SMTP_URL"):
        monkeypatch.delenv(name, raising=False)
    return worlds.load_or_create(tmp_path / "still")
