"""Forms on a bad network: kept on the phone, uploaded once, put right when refused, nobody else's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.phone import Phone, switched_on
from tests.browser.stage import Choose, Stage, photo
from tests.stories import people, sql
from tests.stories.talk import dot

PLACE = Choose("银虹社区第3网格")
HAZARD: dict[str, Any] = {
    "在哪里": PLACE, "什么隐患": "单元门口台阶断裂", "具体位置": "5号楼2单元", "哪一类": Choose("房屋墙体"),
    "多严重": Choose("一般"),
}  # fmt: skip


LEFT_TO_OTHERS = """() => {
  self.queue.upload = async () => {
    const key = (await self.queue.of(document.body.dataset.who))[0].key;
    const changed = () => new Promise((resolve) => self.queue.news.addEventListener("message", resolve));
    while (await self.queue.found(key)) await changed();
    return new Map();
  };
}"""
"""This page sends nothing itself: it waits until somebody else has."""


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


@pytest.mark.row("S0.14")
def test_given_a_phone_without_room_when_a_hazard_is_reported_then_it_is_sent_at_once_or_stays_in_the_form(
    stage: Stage, profile: Path
) -> None:
    before = hazards(stage)
    with switched_on(stage, profile) as phone:
        phone.login("李珊")
        phone.page.goto("/new/report_hazard")
        phone.without_room()
        form = phone.page.locator("form[data-outdoors]")
        phone.fill(form, **HAZARD, 现场照片=1)
        phone.network(False)
        form.locator("button[type=submit]").last.click()
        expect(form.locator(".kept")).to_contain_text("这部手机也存不下")
        assert "5号楼2单元" == form.get_by_label("具体位置").input_value()
        phone.network(True)
        form.locator("button[type=submit]").last.click()
        expect(phone.page.locator("header.case .number")).to_be_visible()
        phone.kept(0)
    assert before + 1 == hazards(stage)


@pytest.mark.row("S0.14")
def test_given_a_photo_that_was_deleted_after_it_was_chosen_when_reported_then_nothing_is_sent_and_that_is_said(
    stage: Stage, profile: Path, tmp_path: Path
) -> None:
    """Chromium would keep an empty file without an error."""
    before, file = hazards(stage), tmp_path / "photo.png"
    file.write_bytes(dot())
    with switched_on(stage, profile) as phone:
        phone.login("李珊")
        phone.page.goto("/new/report_hazard")
        form = phone.page.locator("form[data-outdoors]")
        phone.fill(form, **HAZARD)
        form.get_by_label("现场照片").set_input_files(file)
        file.unlink()
        form.locator("button[type=submit]").last.click()
        expect(form.locator(".kept")).to_contain_text("请重新选照片")
        phone.kept(0)
        form.get_by_label("现场照片").set_input_files([photo()])
        form.locator("button[type=submit]").last.click()
        expect(phone.page.locator("header.case .number")).to_be_visible()
    assert before + 1 == hazards(stage)


@pytest.mark.row("S0.14")
def test_given_a_session_that_ended_meanwhile_when_a_form_is_sent_then_it_waits_for_the_login_and_says_so(
    stage: Stage, profile: Path
) -> None:
    before = hazards(stage)
    with switched_on(stage, profile) as phone:
        phone.login("李珊")
        phone.page.goto("/new/report_hazard")
        phone.context.clear_cookies()
        form = phone.page.locator("form[data-outdoors]")
        phone.fill(form, **HAZARD, 现场照片=1)
        form.locator("button[type=submit]").last.click()
        expect(form.locator(".kept")).to_contain_text("请重新登录")
        assert before == hazards(stage)
        phone.login("李珊")
        phone.page.goto("/outdoors")
        phone.waiting(0)
        phone.kept(0)
    assert before + 1 == hazards(stage)


@pytest.mark.row("S0.14")
def test_given_a_clock_that_was_set_back_when_two_forms_wait_then_the_first_is_uploaded_first(
    stage: Stage, profile: Path
) -> None:
    with switched_on(stage, profile) as phone:
        phone.login("李珊")
        phone.prepare()
        phone.network(False)
        report(phone)
        phone.waiting(1)
        phone.page.add_init_script("const now = Date.now; Date.now = () => now() - 3600000;")
        report(phone, 哪一类=Choose("公共设施"))
        phone.waiting(2)
        phone.network(True)
        phone.page.goto("/outdoors")
        phone.kept(0)
    told = "select kind from hazard where reported_by_id = 'u-lishan' order by case_number desc limit 2"
    assert [("FACILITY",), ("STRUCTURE",)] == sql.rows(stage.story.world, "intake", told)


PORTAL_OF_A_WIFI = "<!doctype html><title>请先登录公共无线网</title>"


@pytest.mark.row("S0.14")
def test_given_the_login_page_of_a_public_network_in_place_of_answers_when_sent_then_it_waits_like_without_network(
    stage: Stage, profile: Path
) -> None:
    before = hazards(stage)
    with switched_on(stage, profile) as phone:
        phone.login("李珊")
        phone.page.goto("/new/report_hazard")
        page = lambda route: route.fulfill(status=200, content_type="text/html", body=PORTAL_OF_A_WIFI)  # noqa: E731
        for address in ("**/outdoors/session", "**/new/report_hazard"):
            phone.context.route(address, page)
        form = phone.page.locator("form[data-outdoors]")
        phone.fill(form, **HAZARD)
        form.locator("button[type=submit]").last.click()
        expect(form.locator(".kept")).to_contain_text("没有网络")
        phone.waiting(1)
        phone.context.unroute_all()
        phone.page.goto("/outdoors")
        phone.kept(0)
    assert before + 1 == hazards(stage)
