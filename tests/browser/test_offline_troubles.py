"""Forms on a phone that is full, whose clock is set back, whose session has ended or whose network lies."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.outdoors import HAZARD, hazards, on_a_monday, profile, report
from tests.browser.phone import switched_on
from tests.browser.stage import Choose, Stage, photo
from tests.stories import sql
from tests.stories.talk import dot

__all__ = ["on_a_monday", "profile"]


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
    told = "select kind from hazard where reported_by_id = 'u-lishan' order by created_at desc limit 2"
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
