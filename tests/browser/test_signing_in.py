"""A second factor and the devices of an account, on a phone without scripts and at a desk, as people would."""

from __future__ import annotations

import pyotp
import pytest

from tests.browser.stage import DESKTOP, PHONE, Stage, Visitor
from tests.stories import people


@pytest.mark.parametrize(
    ("who", "size", "scripts"), [("丁雪梅", PHONE, False), ("肖兰", DESKTOP, True)], ids=["phone", "desktop"]
)
def test_given_a_telephone_when_it_becomes_the_second_factor_then_the_next_login_asks_for_it(
    stage: Stage, who: str, size: tuple[int, int], scripts: bool
) -> None:
    stage.size, stage.scripts = size, scripts
    with stage.staff(who) as visitor:
        codes = set_up(visitor)
        assert (10, 1) == (len(codes), devices(visitor))
    with stage.staff(who) as visitor:
        visitor.judge()
        visitor.write(visitor.page.get_by_label("手机上的六位验证码"), codes[0])
        visitor.press(visitor.page.get_by_role("button", name="登录"))
        assert 2 == devices(visitor)
        give_up(visitor, codes[1])
    assert ({}, scripts) == (stage.faults, stage.seen > 0)


def set_up(visitor: Visitor) -> list[str]:
    """The recovery codes."""
    page = visitor.page
    visitor.go("/me/code")
    visitor.write(page.get_by_label("现在的密码"), people.PASSWORD)
    visitor.press(page.get_by_role("button", name="开始设置"))
    secret = page.locator("strong.secret").inner_text().replace(" ", "")
    visitor.judge()
    visitor.write(page.get_by_label("手机上的六位验证码"), pyotp.TOTP(secret).at(visitor.stage.story.now()))
    visitor.press(page.get_by_role("button", name="完成设置"))
    page.get_by_role("status").wait_for()
    visitor.judge()
    return page.locator("strong.ticket").all_inner_texts()


def devices(visitor: Visitor) -> int:
    """How many the page lists."""
    visitor.page.wait_for_load_state()
    visitor.go("/me/devices")
    return visitor.page.locator(".people > li").count()


def give_up(visitor: Visitor, code: str) -> None:
    """The world is shared: whoever comes next logs in with the password alone."""
    page = visitor.page
    visitor.go("/me/code")
    visitor.press(page.locator("summary", has_text="关闭动态验证码"))
    visitor.write(page.locator("#end-code"), code)
    visitor.press(page.get_by_role("button", name="关闭", exact=True))
    page.get_by_role("button", name="开始设置").wait_for()
