"""`shaodao status` says which keys of the policy files this version does not know."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kernel.reference import data_folder
from ops import status

WORLD: Any = SimpleNamespace(settings={"policy_pack": "jinan-like"}, now=lambda: datetime(2026, 3, 1, tzinfo=UTC))
NEWER = "  - {key: pager.hum, limit: 30s}\n"


@pytest.mark.parametrize(("more", "told"), [("", None), (NEWER, "pager.hum")], ids=["known", "newer"])
def test_given_a_file_when_it_holds_a_newer_key_then_status_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: str, told: str | None
) -> None:
    shutil.copytree(data_folder("policy"), tmp_path / "policy")
    file = tmp_path / "policy" / "default.yaml"
    file.write_text(file.read_text("utf-8") + more, "utf-8")
    monkeypatch.setenv("DATA_FOLDER", str(tmp_path))
    line = status.policy_line(WORLD)
    assert line is None if told is None else told in str(line)
