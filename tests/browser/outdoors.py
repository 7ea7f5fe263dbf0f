"""A grid worker's phone on a Monday morning, and what is reported on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser.phone import Phone
from tests.browser.stage import Choose, Stage
from tests.stories import sql

PLACE = Choose("银虹社区第3网格")
HAZARD: dict[str, Any] = {
    "在哪里": PLACE, "什么隐患": "单元门口台阶断裂", "具体位置": "5号楼2单元", "哪一类": Choose("房屋墙体"),
    "多严重": Choose("一般"),
}  # fmt: skip


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "phone"


@pytest.fixture(autouse=True)
def on_a_monday(stage: Stage) -> None:
    stage.story.set_time(2024, 7, 8, 9, 0)


def hazards(stage: Stage) -> int:
    return int(sql.one(stage.story.world, "intake", "select count(*) from hazard where reported_by_id = 'u-lishan'"))


def report(phone: Phone, **told: Any) -> None:
    phone.page.goto("/new/report_hazard")
    form = phone.page.locator("form[data-outdoors]")
    phone.fill(form, **{**HAZARD, **told})
    form.locator("button[type=submit]").last.click()
