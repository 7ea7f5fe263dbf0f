"""Forms on a bad network: kept on the phone, uploaded once, put right when refused, nobody else's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.outdoors import HAZARD, PLACE, hazards, on_a_monday, profile, report
from tests.browser.phone import Phone, switched_on
from tests.browser.stage import Choose, Stage
from tests.stories import people

__all__ = ["on_a_monday", "profile"]


LEFT_TO_OTHERS = """() => {
  self.queue.upload = async () => {
    const key = (await self.queue.of(document.body.dataset.who))[0].key;
    const changed = () => new Promise((resolve) => self.queue.news.addEventListener("message", resolve));
    while (await self.queue.found(key)) await changed();
    return new Map();
  };
}"""
"""This page sends nothing itself: it waits until somebody else has."""


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
    with switched_on(stage, profile) as phone:
        phone.page.goto("/outdoors")
        phone.page.reload()
        phone.waiting(0)
        phone.page.reload()
        phone.kept(0)
    assert before + 1 == hazards(stage)


@pytest.mark.row("S0.14")
def test_given_another_page_that_is_quicker_to_upload_when_a_hazard_is_reported_then_its_page_opens_all_the_same(
    stage: Stage, profile: Path
) -> None:
    before = hazards(stage)
    with switched_on(stage, profile) as phone:
        phone.login("李珊")
        phone.page.goto("/new/report_hazard")
        phone.page.evaluate(LEFT_TO_OTHERS)
        form = phone.page.locator("form[data-outdoors]")
        phone.fill(form, **HAZARD, 现场照片=1)
        form.locator("button[type=submit]").last.click()
        expect(phone.page.locator("form[data-outdoors] .kept")).to_contain_text("正在上传")
        phone.context.new_page().goto("/outdoors")
        expect(phone.page.locator("header.case .number")).to_be_visible()
    assert before + 1 == hazards(stage)


def write_diary(phone: Phone, day: str) -> None:
    phone.page.goto("/new/write_diary")
    form = phone.page.locator("form[data-outdoors]")
    phone.fill(form, 在哪里=PLACE, 日记="楼道灯不亮", 哪一天=day)
    form.locator("button[type=submit]").last.click()


@pytest.mark.row("S0.14")
def test_given_a_form_that_the_server_refuses_when_it_is_uploaded_then_the_person_corrects_it(
    stage: Stage, profile: Path
) -> None:
    with switched_on(stage, profile) as phone:
        phone.login("李珊")
        phone.prepare()
        phone.network(False)
        write_diary(phone, "2024-05-01")
        phone.waiting(1)
        phone.network(True)
        phone.page.goto("/outdoors")
        expect(phone.page.locator("#entries")).to_contain_text("最多补记7天内的")
        phone.page.locator("#entries a").click()
        form = phone.page.locator("form[data-outdoors]")
        expect(form).to_contain_text("最多补记7天内的")
        assert "楼道灯不亮" == form.get_by_label("日记").input_value()
        phone.fill(form, 哪一天="2024-07-07")
        form.locator("button[type=submit]").last.click()
        phone.page.wait_for_url("**/cases/J*")
        phone.kept(0)


@pytest.mark.row("S0.14")
def test_given_something_that_waits_when_logging_out_then_it_warns_and_another_account_never_sees_it(
    stage: Stage, profile: Path
) -> None:
    with switched_on(stage, profile) as phone:
        phone.login("李珊")
        phone.prepare()
        write_diary(phone, "2024-05-01")
        phone.waiting(1)
        warned: list[str] = []

        def answer(dialog: Any) -> None:
            warned.append(dialog.message)
            dialog.accept() if len(warned) > 1 else dialog.dismiss()

        phone.page.on("dialog", answer)
        phone.page.get_by_role("button", name="退出").click()
        phone.waiting(1)
        phone.page.get_by_role("button", name="退出").click()
        phone.page.wait_for_url("**/login")
        assert (2, True) == (len(warned), "还有 1 条没有上传" in warned[0])
        phone.network(False)
        phone.page.goto("/outdoors")
        expect(phone.page.locator("h1")).to_have_text("没有网络")
        phone.network(True)
        phone.login("社区")
        phone.prepare()
        phone.waiting(0)
        phone.kept(1)
        expect(phone.page.locator("#entries li")).to_have_count(0)
        phone.page.get_by_role("button", name="退出").click()
        phone.login("李珊")
        phone.page.goto("/outdoors")
        phone.page.locator("#entries button").click()
        phone.waiting(0)
        phone.kept(0)


@pytest.mark.row("S0.14", "S2.12")
def test_given_no_network_when_a_patrol_is_walked_then_its_points_and_hazard_arrive_in_order(
    stage: Stage, profile: Path
) -> None:
    asked = {"name": "巡查", "theme": "SECURITY", "area_path": f"{people.YINHONG}.g3", "weekdays": ["MONDAY"]}
    plan = stage.story.do("社区", "/api/patrol-plans", **asked)["number"]
    number = stage.story.soon("its patrol", lambda: patrol_of(stage, plan))
    with switched_on(stage, profile) as phone:
        phone.login("李珊")
        stage.story.soon("it on her desk", lambda: number in phone.page.request.get("/outdoors").text())
        phone.prepare()
        phone.network(False)
        phone.page.goto(f"/outdoors/{number}")
        walk(phone, "record_patrol", 监控完好=True, 无可疑张贴=True, 出租房已登记=True, 结果=Choose("正常"))
        found = {"哪个检查点": Choose("单元门能关锁"), "具体位置": "2单元", "什么隐患": "门锁坏了", "现场照片": 1}
        walk(phone, "patrol_to_hazard", **found, 哪一类=Choose("公共设施"), 多严重=Choose("一般"))
        phone.waiting(2)
        phone.network(True)
        phone.waiting(0)
    done = stage.story.ask("社区", f"/api/patrols/{number}")
    assert ("DONE", "4/4", 1, 1) == (done["state"], done["progress"], done["found"], len(done["photos"]))


def patrol_of(stage: Stage, plan: str) -> str | None:
    rows = stage.story.ask("社区", "/api/patrols", limit=200)["items"]
    return next((row["number"] for row in rows if row["plan_number"] == plan), None)


def walk(phone: Phone, method: str, **told: Any) -> None:
    form = phone.page.locator(f'form[action*="/do/{method}#"]')
    for holder in form.locator("xpath=ancestor::details").all():
        if holder.get_attribute("open") is None:
            holder.locator("summary").first.click()
    phone.fill(form, **told)
    form.locator("button[type=submit]").last.click()
    expect(form.locator(".kept")).to_contain_text("未上传")
