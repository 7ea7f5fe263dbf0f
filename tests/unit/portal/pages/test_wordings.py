"""通知用语 as a page: found by words, a page at a time, with preview, length and version."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.errors import Forbidden
from contracts.notify.wordings import WordingView
from tests.unit.portal.pages import answers
from tests.unit.portal.pages.people import Outline, Pages


def wording(no: int, **more: Any) -> dict[str, Any]:
    told = {
        "template": f"template_{no}", "version": "1a2b3c4d", "event": "登记", "to": "报告人",
        "channels": ["SMS", "VOICE"], "title": "诉求已登记", "body": "您反映的事{number}已登记。",
        "sample": f"【哨到】您反映的事S{no}已登记。",
        "units": 96, "parts": 2, "may_wait": False,
    }  # fmt: skip
    assert set(told) == set(WordingView().fields)
    return {**told, **more}


@pytest.fixture
def listed(pages: Pages) -> Pages:
    pages.peers.answers["list_wordings"] = answers.page(
        [*(wording(no) for no in range(44)), wording(44, event="批准吹哨", to="街道", parts=1, units=40)]
    )
    return pages


def test_given_wordings_when_the_page_is_opened_then_each_has_preview_length_version_and_channels(
    listed: Pages,
) -> None:
    html = listed.as_user("street").get("/wordings").text
    words = ("45 条", "【哨到】您反映的事S0已登记。", "96 字", "拆成 2 条短信", "短信、", "1a2b3c4d", "马上发")
    assert [] == [each for each in words if each not in html]
    assert ([], []) == (Outline(html).unbalanced, Outline(html).unlabelled)


def test_given_more_than_a_page_when_turned_over_then_the_rest_stands_there(listed: Pages) -> None:
    first, second = (listed.as_user("street").get(f"/wordings?from={start}").text for start in (0, 40))
    assert (40, 5) == tuple(html.count('<li class="card">') for html in (first, second))
    assert ("from=40" in first, "下一页" in second) == (True, False)


def test_given_words_when_searched_then_only_what_says_them(listed: Pages) -> None:
    found, none = (listed.as_user("street").get(f"/wordings?q={words}").text for words in ("吹哨", "没有这话"))
    assert (1, True) == (found.count('<li class="card">'), "没有含“没有这话”的用语" in none)


def test_given_a_role_that_may_not_when_opened_then_refused_and_not_in_its_menu(listed: Pages) -> None:
    listed.peers.answers["list_wordings"] = Forbidden("无权")
    browser = listed.as_user("hejing")
    assert (403, False) == (browser.get("/wordings").status_code, "/wordings" in browser.get("/").text)
