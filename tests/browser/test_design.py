"""One design on every page: large print, dark, paper, keyboard, a desk that is live, and a voice where there is one."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from ops.waiting import wait_until
from tests.browser.stage import DESKTOP, PHONE, Stage
from tests.stories.steps import appeals

PAGES = (
    ("", "/public"), ("", "/report"), ("", "/login"), ("社区", "/"), ("社区", "/cases/{case}"),
    ("社区", "/find?open=true"), ("街道", "/duty-wall"), ("社区", "/new/register_appeal"),
    ("社区", "/styleguide"), ("社区", "/me"),
)  # fmt: skip
SMALL = """
size => Array.from(document.querySelectorAll("main *, .top *, footer *")).filter(each =>
    each.checkVisibility() && !each.closest("svg, .visually-hidden, .skip, noscript, template, option")
    && Array.from(each.childNodes).some(node => node.nodeType === 3 && node.textContent.trim())
    && parseFloat(getComputedStyle(each).fontSize) < size - 0.05)
  .map(each => each.outerHTML.slice(0, 120) + " " + getComputedStyle(each).fontSize)
"""
LOW = """
size => Array.from(document.querySelectorAll("button, summary, select, textarea, .button, nav a, .ease a,"
    + " .row a, .pick, input:not([type=hidden]):not([type=checkbox]):not([type=radio])"))
  .filter(each => each.checkVisibility() && each.getBoundingClientRect().height < size - 0.5 && !each.closest(".skip"))
  .map(each => each.outerHTML.slice(0, 120) + " " + each.getBoundingClientRect().height)
"""
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def case(stage: Stage) -> str:
    """A case that lies on desks."""
    stage.story.set_time(2024, 7, 8, 9, 0)
    stage.story.number = str(appeals.register(stage.story)["number"])
    return stage.story.number


def shown(stage: Stage, who: str, address: str) -> Any:
    return stage.staff(who) if who else stage.somebody()


@pytest.mark.parametrize("size", [1, 2])
def test_given_large_print_when_any_page_is_looked_at_on_a_phone_then_words_and_targets_are_large_and_it_fits(
    stage: Stage, case: str, size: int
) -> None:
    faults: dict[str, list[Any]] = {}
    for who, address in PAGES:
        with shown(stage, who, address) as visitor:
            page = visitor.page
            page.goto(f"/public/print-size?large={size}&next=/login")
            page.goto(address.format(case=case))
            found = [*page.evaluate(SMALL, 18), *page.evaluate(LOW, 60)]
            if page.evaluate(WIDE) > 0:
                found.append(f"{page.evaluate(WIDE)} px too wide")
            base = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
            assert {1: 24, 2: 30}[size] == base
            if found:
                faults[f"{who} {address}"] = found
    assert {} == faults


@pytest.mark.parametrize("screen", [PHONE, DESKTOP])
def test_given_dark_when_any_page_is_looked_at_then_nothing_is_hard_to_read(
    stage: Stage, case: str, screen: tuple[int, int]
) -> None:
    stage.size = screen
    for who, address in PAGES:
        with shown(stage, who, address) as visitor:
            visitor.page.emulate_media(color_scheme="dark")
            visitor.go(address.format(case=case))
            dark = visitor.page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert "rgb(18, 22, 27)" == dark
    assert {} == stage.faults


def test_given_any_page_when_printed_then_every_word_has_eighteen_points_and_nothing_is_cut_off(
    stage: Stage, case: str
) -> None:
    stage.size, faults = (794, 1123), {}
    for who, address in PAGES:
        with shown(stage, who, address) as visitor:
            visitor.page.goto(address.format(case=case))
            visitor.page.emulate_media(media="print", color_scheme="dark")
            found = visitor.page.evaluate(SMALL, 24)
            assert "rgb(255, 255, 255)" == visitor.page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert "rgb(27, 31, 36)" == visitor.page.evaluate("getComputedStyle(document.body).color")
            if found or visitor.page.evaluate(WIDE) > 0:
                faults[f"{who} {address}"] = [*found, visitor.page.evaluate(WIDE)]
    assert {} == faults


def test_given_an_open_desk_when_a_limit_comes_near_then_it_says_so_and_no_row_moves(stage: Stage, case: str) -> None:
    stage.size = DESKTOP
    with stage.staff("李珊") as worker:
        page = worker.page
        page.goto("/")
        wait_until(lambda: _lists(page, case), seconds=30, what="the case on the desk", every=0.3)
        before = page.locator(".row").all_inner_texts()
        stage.story.later(minutes=20)
        page.locator("#news").get_by_text("件新的").wait_for(timeout=30_000)
        assert before == page.locator(".row").all_inner_texts()
        page.locator("#news a").click()
        page.locator(f'a[href="/cases/{case}"]').first.wait_for()


def _lists(page: Page, number: str) -> bool:
    if page.locator(f'a[href="/cases/{number}"]').count():
        return True
    page.reload()
    return False


def test_given_the_keyboard_when_j_k_and_enter_are_pressed_then_it_goes_through_the_rows_and_opens_one(
    stage: Stage, case: str
) -> None:
    stage.size = DESKTOP
    with stage.staff("社区") as community:
        page = community.page
        page.goto("/")
        wait_until(lambda: _lists(page, case), seconds=30, what="the case on the desk", every=0.3)
        rows = [each.get_attribute("href") for each in page.locator(".row a").all()]
        at = "document.activeElement.getAttribute('href')"
        page.keyboard.press("j")
        first = page.evaluate(at)
        page.keyboard.press("k")
        assert (rows[0], rows[0]) == (first, page.evaluate(at))
        page.locator("#q").focus()
        page.keyboard.type("jk")
        assert "jk" == page.locator("#q").input_value()
        page.locator("#q").blur()
        page.keyboard.press("j")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.url.endswith(str(rows[0]))


def test_given_a_voice_for_chinese_when_reading_is_asked_for_then_the_page_is_spoken_and_else_nothing_offers_it(
    stage: Stage,
) -> None:
    """The voice is the browser's: where this one has none, what it would say is written down instead."""
    with stage.somebody() as visitor:
        page = visitor.page
        page.goto("/public")
        voices = page.evaluate("speechSynthesis.getVoices().filter(each => each.lang.startsWith('zh')).length")
        assert bool(voices) == page.locator("#read").is_visible()
        page.add_init_script(
            "window.said = [];"
            "SpeechSynthesis.prototype.getVoices = () => [{lang: 'zh-CN'}];"
            "SpeechSynthesis.prototype.speak = told => window.said.push(told.text);"
            "Object.defineProperty(SpeechSynthesisUtterance.prototype, 'voice', {set() {}});"
        )
        page.reload()
        page.get_by_role("button", name="读给我听").click()
        said = page.evaluate("window.said")
        assert ("我的事办到哪了", True) == (said[0], any("编号" in each for each in said))
        page.get_by_role("button", name="停止朗读").click()
        page.get_by_role("button", name="读给我听").wait_for()
