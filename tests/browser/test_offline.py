"""Forms on a bad network: kept on the phone, uploaded once, put right when refused, nobody else's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.phone import Phone, switched_on
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


@pytest.mark.row("S0.14")
def test_given_no_network_when_a_hazard_is_reported_then_it_is_uploaded_once_after_the_browser_was_closed(
    stage: Stage, profile: Path
) -> None:
    before = hazards(stage)
    with switched_on(stage, profile) as phone:
        phone.login("李珊")
        phone.prepare()
        phone.network(False)
        report(phone, 现场照片=1)
        phone.waiting(1)
    with switched_on(stage, profile, network=False) as phone:
        phone.page.goto("/outdoors")
        phone.waiting(1)
        expect(phone.page.locator("#entries")).to_contain_text("等网络")
        assert before == hazards(stage)
        phone.network(True)
        phone.page.reload()
        phone.waiting(0)
        phone.page.reload()
        phone.kept(0)
    assert before + 1 == hazards(stage)
