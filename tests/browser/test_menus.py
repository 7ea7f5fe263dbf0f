"""The main menu of those with the most posts: few headings, everything within two presses, on any screen."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.hands import Keys
from tests.browser.stage import DESKTOP, PHONE, Stage

MOST_SHOWN = 14
WAYS: dict[str, dict[str, Any]] = {
    "phone": {"size": PHONE},
    "without scripts": {"size": DESKTOP, "scripts": False},
    "by keyboard": {"size": DESKTOP, "hands": Keys()},
}


@pytest.mark.parametrize("way", list(WAYS))
@pytest.mark.parametrize("who", ["区指挥中心", "社区"])
def test_given_many_posts_when_the_menu_is_used_then_few_words_stand_there_and_each_page_is_two_presses_away(
    stage: Stage, who: str, way: str
) -> None:
    stage.uses(**WAYS[way])
    with stage.staff(who) as visitor:
        entries = visitor.page.locator('nav[aria-label="主菜单"]').locator("a, summary")
        shown = [each for each in entries.all() if each.is_visible()]
        assert (True, True) == (len(shown) <= MOST_SHOWN, entries.count() > 2 * MOST_SHOWN)
        wide = visitor.page.evaluate("document.documentElement.scrollWidth") if stage.scripts else 0
        assert wide <= stage.size[0]
        for words in ("真解决了吗", "通知用语", "楼门岗位"):
            visitor.menu(words)
            visitor.page.get_by_role("heading", level=1).filter(has_text=words).wait_for()
    assert {} == stage.faults
