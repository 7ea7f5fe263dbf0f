"""A calendar of one's own: the shipped reference data in a folder where a test may change the year 2024."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from shutil import copytree

import pytest
import yaml

from kernel.deadlines import recount
from kernel.reference import data_folder


class OwnCalendar:
    """`off` and `working` load a table of 2024 with one more day off, or one more working Saturday."""

    def __init__(self, folder: Path) -> None:
        self.table = folder / "calendar" / "cn-2024.yaml"

    def off(self, day: str) -> None:
        self._load(holidays=[{"from": date.fromisoformat(day)}])

    def working(self, day: str) -> None:
        self._load(workdays=[{"date": date.fromisoformat(day)}])

    def _load(self, **days: object) -> None:
        head = {"year": 2024, "region": "cn", "basis": "测试", "confidence": "A"}
        self.table.write_text(yaml.safe_dump({**head, **days}, allow_unicode=True), encoding="utf-8")


def own_calendar(folder: Path, monkeypatch: pytest.MonkeyPatch) -> OwnCalendar:
    for name in ("calendar", "policy"):
        copytree(data_folder(name), folder / name)
    monkeypatch.setenv("DATA_FOLDER", str(folder))
    recount._counted.clear()
    return OwnCalendar(folder)
